import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadAll } from 'js-yaml';
import { describe, expect, inject, it } from 'vitest';
import { runCommand } from '../../../sandbox/processes/run.ts';
import { runHoldfast } from '../support/command.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

interface Shipped {
  kind: string;
  metadata: { name: string; namespace?: string; annotations?: unknown };
  spec?: { template?: { metadata?: { annotations?: unknown } } };
}

/** Folded expressions are broken into lines anew by kustomize: white space in them says nothing. */
const plain = (value: Shipped | null): Shipped | null =>
  JSON.parse(
    JSON.stringify(value, (_key, text) => (typeof text === 'string' ? text.replaceAll(/\s+/g, ' ') : text)),
  );

const byName = (text: string) =>
  new Map(
    (loadAll(text) as (Shipped | null)[])
      .map(plain)
      .filter(object => object !== null)
      .map(object => [`${object.kind} ${object.metadata.namespace ?? ''}/${object.metadata.name}`, object]),
  );

async function chart(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runCommand(inject('helm'), [
    ...['template', 'holdfast', `${root}helm/holdfast`, '--namespace', 'holdfast'],
    ...args,
  ]);
  if (code !== 0) throw new Error(stderr);
  return stdout;
}

describe('what is shipped', () => {
  it('is the same by chart and by manifests', async () => {
    const { stdout } = await runCommand(inject('kubectl'), ['kustomize', `${root}manifests/holdfast`]);
    const manifests = byName(stdout);
    const rendered = byName(await chart('--set', 'settings.HOLDFAST_GIT_URL=https://git.example.com/a.git'));

    for (const [name, object] of rendered) {
      if (name === 'ConfigMap holdfast/holdfast') continue;
      // the chart restarts pods when settings change
      if (object.spec?.template?.metadata !== undefined) delete object.spec.template.metadata.annotations;
      expect({ name, object }).toEqual({ name, object: manifests.get(name) });
    }
    const missing = [...manifests.keys()].filter(
      name => !rendered.has(name) && !/^CustomRes|^Namespace/.test(name),
    );
    expect(missing).toEqual([]);
  });

  it('has the same definitions in both', () => {
    const folders = ['manifests/holdfast/crds', 'helm/holdfast/crds'].map(path => `${root}${path}`);
    const contents = folders.map(path =>
      readdirSync(path).map(name => [name, readFileSync(`${path}/${name}`, 'utf8')]),
    );
    expect(contents[0]).toEqual(contents[1]);
  });

  it('leaves the converger out where nothing is to be applied', async () => {
    const values = ['--set', 'settings.HOLDFAST_GIT_URL=x', '--set', 'converger.enabled=false'];
    expect(await chart(...values)).not.toContain('holdfast-converger\n');
  });

  it.each([
    ['a setting without a value', [], /HOLDFAST_GIT_URL is not set/],
    ['a value that is none', ['--set', 'obserer.replicas=1'], /obserer/],
    ['the tag latest', ['--set', 'image.tag=latest'], /latest|not/],
  ])('refuses %s', async (_what, args, words) => {
    await expect(chart(...args)).rejects.toThrow(words);
  });

  it('is valid by its own judgement', async () => {
    const { code, stdout } = await runHoldfast(['validate', root, '--environment', 'cluster'], {
      HOLDFAST_KUSTOMIZE: inject('kubectl'),
    });
    expect({ code, stdout }).toMatchObject({ code: 0 });
  });

  it('is compared by itself with a cluster where it is not installed yet', async () => {
    const { code, stdout, stderr } = await runHoldfast(
      ['diff', root, '--environment', 'cluster', '-o', 'json'],
      {
        PATH: `${process.env['PATH']}`,
        HOLDFAST_KUSTOMIZE: inject('kubectl'),
      },
    );
    const report = JSON.parse(stdout) as { findings: { type: string; message?: string }[]; units: unknown[] };
    expect({ code, stderr }).toMatchObject({ code: 1 });
    expect(report.units).toMatchObject([{ name: 'holdfast', verdict: 'drifted' }]);
    expect(report.findings.filter(({ type }) => type === 'unknown' || type === 'invalid')).toEqual([]);
  });
});
