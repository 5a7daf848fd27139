import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

const root = join(import.meta.dirname, '../..');
const step = z.looseObject({ name: z.string().optional(), run: z.string().optional() });
const actionSchema = z.looseObject({ runs: z.looseObject({ steps: z.array(step) }) });
const workflowSchema = z.looseObject({
  jobs: z.looseObject({ preview: z.looseObject({ steps: z.array(step) }) }),
});
const gitlabSchema = z.looseObject({
  holdfast: z.looseObject({
    script: z.array(z.string()),
    allow_failure: z.object({ exit_codes: z.array(z.number()) }),
  }),
});
const read = (file: string) => load(readFileSync(join(root, file), 'utf8'));
const actionSteps = actionSchema.parse(read('action.yml')).runs.steps;
const giteaSteps = workflowSchema.parse(read('docs/ci/gitea.yml')).jobs.preview.steps;
const scriptOf = (steps: readonly z.output<typeof step>[], part: string) =>
  steps.map(({ run = '' }) => run).find(run => run.includes(part)) ?? '';

const work = mkdtempSync(join(tmpdir(), 'holdfast-ci-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

/** A `holdfast` that says what it was told, prints what a runner would obey, writes a preview if told to, and exits with `CODE`. */
const pretended = `#!/bin/sh
case $1 in --no-install) shift 2 ;; esac
echo "told: $*"
echo '    ::error title=from outside::hello'
while [ $# -gt 0 ]; do [ "$1" = --out ] && out=$2; shift; done
[ -z "$WRITES" ] || { mkdir -p "$out"; echo '{}' > "$out/preview.json"; }
exit "$CODE"
`;
for (const file of ['bin/holdfast', 'bin/npx']) {
  mkdirSync(join(work, 'bin'), { recursive: true });
  writeFileSync(join(work, file), pretended);
  chmodSync(join(work, file), 0o755);
}

function run(script: string, env: Record<string, string>) {
  const output = join(work, 'output');
  writeFileSync(output, '');
  const { status, stdout } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
    cwd: mkdtempSync(join(work, 'job-')),
    encoding: 'utf8',
    env: {
      ...{ PATH: `${join(work, 'bin')}:${process.env['PATH']}`, ACTION: work, RUNNER_TEMP: work },
      ...{ GITHUB_OUTPUT: output, GITHUB_STEP_SUMMARY: join(work, 'summary') },
      ...{ BASE: 'a', HEAD: 'b', ENVIRONMENT: '', LIVE: 'none', FORK: 'false', CODE: '0', WRITES: '1' },
      ...env,
    },
  });
  return { status, stdout, output: readFileSync(output, 'utf8') };
}

describe.each([
  ['action.yml', scriptOf(actionSteps, 'preview "${options[@]}"')],
  ['docs/ci/gitea.yml', scriptOf(giteaSteps, 'holdfast preview')],
])('%s', (_file, script) => {
  it('lets the runner obey nothing that a preview prints', () => {
    const lines = run(script, {}).stdout.split('\n');
    const word = /^::stop-commands::([0-9a-f]{32})$/.exec(lines[0] ?? '')?.[1];
    const hostile = lines.findIndex(line => line.includes('from outside'));

    expect(word).toBeDefined();
    expect(hostile).toBeGreaterThan(0);
    expect(lines.indexOf(`::${word}::`)).toBeGreaterThan(hostile);
  });

  it.each(['1', '2'])('goes on to publish a preview that exits with %s', code => {
    expect(run(script, { CODE: code }).status).toBe(0);
  });

  it('fails where there is no preview', () => {
    expect(run(script, { CODE: '2', WRITES: '' }).status).toBe(2);
  });

  it('takes values from outside as variables only', () => {
    expect(script).not.toContain('${{');
    expect(run(script, { HEAD: '$(touch "$RUNNER_TEMP/ran"); `exit 3`' }).stdout).toContain(
      '--head $(touch "$RUNNER_TEMP/ran"); `exit 3`',
    );
  });
});

describe('how it went', () => {
  it.each([
    ['1', 'refused somewhere'],
    ['2', 'could not be told'],
  ])('is the exit code of action.yml after it has published: %s', (code, words) => {
    const { status, stdout } = run(scriptOf(actionSteps, 'exit "$CODE"'), { CODE: code });
    expect({ status, stdout }).toEqual({ status: Number(code), stdout: expect.stringContaining(words) });
  });

  it('is that of the job on Gitea', () => {
    const script = `${scriptOf(giteaSteps, 'holdfast preview')}\n${scriptOf(giteaSteps, 'cat preview/exit-code')}`;
    expect(run(script, { CODE: '1' }).status).toBe(1);
    expect(run(script, { CODE: '0' }).status).toBe(0);
  });

  it('is that of the job on GitLab, told as a warning', () => {
    const { holdfast: job } = gitlabSchema.parse(read('docs/ci/gitlab.yml'));
    const published = job.script.findIndex(line => line.includes('publish'));
    expect(job.script.slice(published + 1)).toEqual(['exit "$code"']);
    expect(job.allow_failure.exit_codes).toEqual([1, 2]);
  });
});

describe('action.yml', () => {
  const script = scriptOf(actionSteps, 'preview "${options[@]}"');

  it('gives each preview a folder of its own, so that none is published for another', () => {
    const folders = [1, 2].map(() => /^folder=(.+)$/m.exec(run(script, {}).output)?.[1]);
    expect(new Set(folders).size).toBe(2);
  });

  it.each([
    ['a fork', { FORK: 'true', LIVE: 'cluster' }, '--live none --why a pull request from a fork'],
    ['the repository', { LIVE: 'cluster' }, '--live cluster'],
  ])('compares a pull request of %s as it may', (_what, env, told) => {
    expect(run(script, env).stdout).toContain(told);
  });
});
