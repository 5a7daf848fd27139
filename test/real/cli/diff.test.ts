import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { runCommand } from '../../../sandbox/processes/run.ts';
import { git } from '../../../sandbox/shop/git.ts';
import type { Report } from '../../../src/report/report.ts';
import { runHoldfast } from '../support/command.ts';
import { applyManifests, uniqueNamespace } from '../support/kubectl.ts';
import { configMap } from '../support/settings.ts';

let folder: string;
let namespace: string;

/** Writes files below the test's folder and returns the path of `name`. */
function tree(name: string, files: Readonly<Record<string, string>>): string {
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, name, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return join(folder, name);
}

const good = () => configMap(namespace, 'good', { colour: 'green' });
const other = () => configMap(namespace, 'other', { colour: 'green' });
const gizmo = 'apiVersion: gizmos.example.com/v1\nkind: Gizmo\nmetadata:\n  name: one\n';

function faulty(): string {
  return tree('faulty', {
    'broken.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: [unclosed\n',
    'good.yaml': good(),
    'twice.yaml': `# again\n---\n${good()}`,
    'unknown.yaml': `# nobody knows it\n${gizmo}`,
  });
}

const report = (stdout: string) => JSON.parse(stdout) as Report;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-test-'));
  namespace = await uniqueNamespace('diff');
  await applyManifests(`${good()}---\n${configMap(namespace, 'other', { colour: 'red' })}`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('holdfast diff', () => {
  it('exits with 0 where all is as declared', async () => {
    const { code, stdout, stderr } = await runHoldfast(['diff', tree('same', { 'good.yaml': good() })]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('in sync');
  });

  it('tells what was left out, of rules that ran out and of those that leave nothing out, and exits with 0 all the same', async () => {
    const path = tree('ruled', {
      'manifests/shop/other.yaml': other(),
      'holdfast.yaml': [
        'ignore:',
        '  - { paths: [/data/colour], reason: theirs }',
        '  - { paths: [/data/colour], reason: long ago, until: 2020-01-01 }',
        '  - { resource: { kind: Secret }, reason: idle }',
      ].join('\n'),
    });

    const text = await runHoldfast(['diff', path, '--verbose']);
    const { leftOut, notes } = report((await runHoldfast(['diff', path, '-o', 'json'])).stdout);

    expect(text).toMatchObject({ code: 0, stderr: '' });
    expect(text.stdout).toContain(`left out: ConfigMap ${namespace}/other /data/colour: theirs`);
    expect(leftOut).toMatchObject([{ unit: 'shop', path: '/data/colour', rule: 'theirs' }]);
    expect(notes).toMatchObject([
      { unit: 'shop', source: { file: 'holdfast.yaml', line: 3 }, code: 'HF1131' },
      { unit: 'shop', source: { file: 'holdfast.yaml', line: 4 }, code: 'HF1132' },
    ]);
  });

  it('exits with 1 and names field, values and line where something differs', async () => {
    const { code, stdout, stderr } = await runHoldfast(['diff', tree('differs', { 'other.yaml': other() })]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    for (const words of ['/data/colour', 'green', 'red', 'other.yaml:1']) expect(stdout).toContain(words);
  });

  it('has a precise finding for each fault, and compares what is good', async () => {
    const { code, stdout, stderr } = await runHoldfast(['diff', faulty(), '-o', 'json']);
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
    const { findings, units } = report(stdout);
    const seen = findings.map(({ type, code: known, source }) => [type, known, source?.file, source?.line]);
    expect(seen).toHaveLength(3);
    expect(seen).toEqual(
      expect.arrayContaining([
        ['invalid', 'HF1101', 'broken.yaml', expect.any(Number)],
        ['invalid', 'HF1103', 'twice.yaml', 3],
        ['unknown', 'HF1305', 'unknown.yaml', 2],
      ]),
    );
    expect(units).toMatchObject([{ name: 'faulty', verdict: 'unknown', resources: { inSync: 1 } }]);
  });

  it('prints JSON as its schema says', async () => {
    const schema = JSON.parse(
      readFileSync(new URL('../../../docs/report.schema.json', import.meta.url), 'utf8'),
    ) as object;
    const ajv = new Ajv2020({ strict: false });
    addFormats.default(ajv);
    const valid = ajv.compile(schema);
    for (const path of [faulty(), join(folder, 'differs'), join(folder, 'same')]) {
      const { stdout } = await runHoldfast(['diff', path, '-o', 'json']);
      valid(report(stdout));
      expect(valid.errors).toBeNull();
    }
  });

  it.each([
    ['text', /twice\.yaml:3/],
    ['html', /^<!doctype html>.*twice\.yaml:3.*<\/html>\s*$/is],
    ['markdown', /^\*\*1 unit: 1 unknown.*#### .*twice\.yaml:3/s],
  ])('tells the same as %s, without a colour where nobody looks', async (format, words) => {
    const { code, stdout, stderr } = await runHoldfast(['diff', faulty(), '-o', format]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
    expect(stdout).toMatch(words);
    expect(stdout).not.toContain('\u001b');
  });

  it('compares only the units that are named', async () => {
    const path = tree('units', { 'manifests/a/good.yaml': good(), 'manifests/b/other.yaml': other() });
    expect((await runHoldfast(['diff', path, '--unit', 'a'])).code).toBe(0);
    expect((await runHoldfast(['diff', path, '--unit', 'a', '--unit', 'b'])).code).toBe(1);
    const { code, stdout, stderr } = await runHoldfast(['diff', path, '--unit', 'c']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^holdfast: HF1006 there is no unit c; declared are: a, b\. .*\n$/);
  });

  it('reads a revision from the object store, whatever the working tree holds', async () => {
    const path = tree('checkout', { 'manifests/a/thing.yaml': good() });
    await git(path, 'init', '--quiet', '--initial-branch=main');
    await git(path, 'add', '--all');
    await git(path, 'commit', '--quiet', '--message', 'Good');
    const first = await git(path, 'rev-parse', 'HEAD');
    tree('checkout', { 'manifests/a/thing.yaml': other() });
    await git(path, 'commit', '--quiet', '--all', '--message', 'Other');
    tree('checkout', { 'manifests/a/thing.yaml': 'neither: [of both' });

    const old = await runHoldfast(['diff', path, '--revision', first, '-o', 'json']);
    expect(old.code).toBe(0);
    expect(report(old.stdout).revision).toBe(first);
    expect((await runHoldfast(['diff', path, '--revision', 'HEAD'])).code).toBe(1);
    const dirty = await runHoldfast(['diff', path]);
    expect(dirty.code).toBe(1);
    expect(dirty.stdout).toContain('HF1101');
    const nowhere = await runHoldfast(['diff', path, '--revision', 'nowhere']);
    expect(nowhere).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^holdfast: HF1206 .*nowhere/),
    });
  });

  it.each([
    ['a path that is not there', ['/nowhere/at/all'], {}, /HF1105 .*\/nowhere\/at\/all/],
    ['an unknown context', ['.', '--context', 'elsewhere'], {}, /HF1304 .*elsewhere/],
    [
      'a kubeconfig that is not there',
      ['.', '--kubeconfig', '/nowhere/config'],
      {},
      /HF1304 .*\/nowhere\/config/,
    ],
  ])('says in one line on stderr what is wrong with %s', async (_, args, env, words) => {
    const path = tree('same', { 'good.yaml': good() });
    const { code, stdout, stderr } = await runHoldfast(
      ['diff', ...args.map(arg => (arg === '.' ? path : arg))],
      env,
    );
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(words);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('tells of a cluster that is away as unknown, and not as drift', async () => {
    const text = readFileSync(inject('kubeconfig'), 'utf8').replaceAll(
      inject('server'),
      'https://127.0.0.1:1',
    );
    const kubeconfig = join(folder, 'away.kubeconfig');
    writeFileSync(kubeconfig, text);
    const path = tree('same', { 'good.yaml': good() });
    const { code, stdout } = await runHoldfast(['diff', path, '--kubeconfig', kubeconfig]);
    expect(code).toBe(2);
    expect(stdout).toContain('HF1301');
    expect(stdout).toContain('could not be compared');
    expect(stdout).not.toContain('missing');
  });

  it('ends quietly when nobody reads on', async () => {
    const many = Array.from({ length: 3_000 }, (_, index) => `# ${index}\nnot: an object\n`).join('---\n');
    const path = tree('long', { 'many.yaml': many });
    const script = `"$0" diff "$1" 2>"$2" | head -n 1`;
    const errors = join(folder, 'errors');
    const { holdfast } = await import('../../../sandbox/shop/daemon.ts');
    const env = { PATH: process.env['PATH'], HOME: folder, KUBECONFIG: inject('kubeconfig') };
    const { stdout } = await runCommand('/bin/sh', ['-c', script, holdfast, path, errors], { env });
    expect(stdout.trim()).not.toBe('');
    expect(readFileSync(errors, 'utf8')).toBe('');
  });
});
