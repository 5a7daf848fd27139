import { hash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { runCommand } from '../../../../sandbox/processes/run.ts';
import { provideTools } from '../../../../sandbox/tools/provide.ts';
import type { Declaration } from '../../../../src/declared/declaration.ts';
import { declare } from '../../../../src/declared/declare.ts';
import { withLastGood } from '../../../../src/declared/last-good.ts';
import { memoryTree } from '../../../declared/tree.ts';
import { type ChartSource, type Opener, openRegistry, openRepository, person } from './support/sources.ts';

const { helm4 } = await provideTools(['helm4']);
const variables = [
  'HOLDFAST_DATA',
  'HOLDFAST_HELM_REGISTRY_CONFIG',
  'HOLDFAST_HELM_REPOSITORY_CONFIG',
] as const;

let folder: string;
let source: ChartSource;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-repository-'));
});
beforeEach(async () => {
  process.env['HOLDFAST_DATA'] = await mkdtemp(join(folder, 'data-'));
});
afterEach(async () => {
  for (const name of variables) delete process.env[name];
  await source.close();
});
afterAll(() => rm(folder, { recursive: true }));

/** A package of the chart `web`, made by the real helm; its path and digest. */
async function packaged(version: string, colour: string): Promise<{ file: string; digest: string }> {
  const home = await mkdtemp(join(folder, 'chart-'));
  const chart = join(home, 'web');
  await mkdir(join(chart, 'templates'), { recursive: true });
  await writeFile(join(chart, 'Chart.yaml'), `apiVersion: v2\nname: web\nversion: ${version}\n`);
  await writeFile(join(chart, 'values.yaml'), `colour: ${colour}\n`);
  await writeFile(
    join(chart, 'templates', 'a.yaml'),
    'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: web }\ndata: { colour: {{ .Values.colour }} }\n',
  );
  const env = { PATH: process.env['PATH'], HOME: home };
  const { code } = await runCommand(inject('helm'), ['package', chart, '-d', home], { env });
  expect(code).toBe(0);
  const file = join(home, `web-${version}.tgz`);
  return { file, digest: `sha256:${hash('sha256', await readFile(file), 'hex')}` };
}

type Pinned = { version?: string; digest: string; repository?: string; plainHttp?: boolean };

async function declared(chart: Pinned, fetchCharts?: boolean): Promise<Declaration> {
  const pinned = { ...source.reference, name: 'web', version: '1.2.3', ...chart };
  const unit = { name: 'web', driver: 'helm', path: 'helm/web', helm: { chart: pinned } };
  const tree = memoryTree({
    'holdfast.yaml': JSON.stringify({ units: [unit] }),
    'manifests/other/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: other }\n',
  });
  return declare(tree, { fetchCharts });
}
const unitOf = async (chart: Pinned, fetchCharts?: boolean) =>
  (await declared(chart, fetchCharts)).units.find(({ definition }) => definition.name === 'web');
const wordsOf = async (chart: Pinned) => {
  const unit = await unitOf(chart);
  expect(unit).toMatchObject({ unrendered: 'passing', objects: [], findings: [{ type: 'unknown' }] });
  return unit?.findings[0]?.message ?? '';
};

const kinds: [string, Opener, () => string][] = [
  ['an OCI registry, by Helm 3', openRegistry, () => inject('helm')],
  ['an OCI registry, by Helm 4', openRegistry, () => helm4],
  ['a chart repository, by Helm 3', openRepository, () => inject('helm')],
  ['a chart repository, by Helm 4', openRepository, () => helm4],
];

describe.each(kinds)('a pinned chart of %s', (_, open, helm) => {
  let file: string;
  let digest: string;
  beforeEach(async () => {
    process.env['HOLDFAST_HELM'] = helm();
    source = await open(helm(), folder);
    ({ file, digest } = await packaged('1.2.3', 'red'));
    await source.publish(file, '1.2.3');
  });

  it('is fetched once, rendered, and kept by its digest', async () => {
    const unit = await unitOf({ digest });
    expect(unit?.findings).toEqual([]);
    expect(unit?.objects[0]?.object['data']).toEqual({ colour: 'red' });
    const asked = source.requests.length;
    expect((await unitOf({ digest }))?.objects).toHaveLength(1);
    expect(source.requests).toHaveLength(asked);
  });

  it('is not fetched for a revision that nobody authorized', async () => {
    const asked = source.requests.length;
    const unit = await unitOf({ digest }, false);
    expect(unit?.findings[0]?.message).toMatch(/^HF1803 .*not fetched for a revision that nobody authorized/);
    expect(source.requests).toHaveLength(asked);
    await unitOf({ digest });
    expect((await unitOf({ digest }, false))?.objects).toHaveLength(1);
  });

  it('that has another digest is refused', async () => {
    expect(await wordsOf({ digest: `sha256:${'0'.repeat(64)}` })).toMatch(
      /^HF1804 .* has the digest sha256:.* is pinned/,
    );
  });

  it('that somebody published anew under its version is refused', async () => {
    const other = await packaged('1.2.3', 'blue');
    await source.publish(other.file, '1.2.3');
    expect(await wordsOf({ digest })).toContain(
      `HF1804 the chart web 1.2.3 of ${source.reference.repository}`,
    );
  });

  it('of a new version with the digest of the old one is refused, though that is kept', async () => {
    await unitOf({ digest });
    expect(await wordsOf({ digest, version: '1.2.4' })).toMatch(
      /^HF1804 sha256:.* is the chart ‘web’ ‘1\.2\.3’, and web 1\.2\.4 is pinned/,
    );
  });

  it('of a version that is not there is unknown', async () => {
    expect(await wordsOf({ digest, version: '9.9.9' })).toMatch(/^HF1803 .*no such chart or version/);
  });

  it('is unknown while its source is in trouble, keeps its last good declaration, and leaves others alone', async () => {
    const before = await declared({ digest });
    process.env['HOLDFAST_DATA'] = await mkdtemp(join(folder, 'data-'));
    source.trouble(503);
    const after = withLastGood(await declared({ digest }), before);
    const web = after.units.find(({ definition }) => definition.name === 'web');
    expect(web?.objects).toEqual(before.units.find(({ definition }) => definition.name === 'web')?.objects);
    expect(web?.findings).toMatchObject([{ type: 'unknown', code: 'HF1803' }]);
    expect(web?.findings[0]?.message).toContain('the repository answers with an error');
    expect(JSON.stringify(web?.findings)).not.toContain('an inner secret');
    expect(after.units.find(({ definition }) => definition.name === 'other')?.findings).toEqual([]);
  });

  it('is unknown while its source is away', async () => {
    await source.close();
    expect(await wordsOf({ digest })).toMatch(/^HF1803 .*the repository cannot be reached/);
    source = await open(helm(), folder);
  });
});

describe.each<[string, Opener, 'basic' | 'bearer', () => string]>([
  ['an OCI registry that wants a password', openRegistry, 'basic', () => inject('helm')],
  ['an OCI registry that wants a token', openRegistry, 'bearer', () => helm4],
  ['a chart repository that wants a password, by Helm 3', openRepository, 'basic', () => inject('helm')],
  ['a chart repository that wants a password, by Helm 4', openRepository, 'basic', () => helm4],
])('of %s', (_, open, access, helm) => {
  let digest: string;
  beforeEach(async () => {
    process.env['HOLDFAST_HELM'] = helm();
    source = await open(helm(), folder, access);
    const made = await packaged('1.2.3', 'red');
    await source.publish(made.file, '1.2.3');
    digest = made.digest;
  });
  async function given(password: string): Promise<void> {
    const { variable, content } = source.credentials(password);
    const file = join(await mkdtemp(join(folder, 'secret-')), 'config');
    await writeFile(file, content, { mode: 0o600 });
    process.env[variable] = file;
  }

  it('a chart is fetched with the credentials of the installation', async () => {
    await given(person.password);
    expect((await unitOf({ digest }))?.objects).toHaveLength(1);
  });

  it.each([
    ['without credentials', undefined],
    ['with the wrong ones', 'letmein-4711'],
  ])('%s it is unknown, and they are not shown', async (_case, password) => {
    if (password !== undefined) await given(password);
    const words = await wordsOf({ digest });
    expect(words).toMatch(/^HF1803 .*the repository refuses access/);
    expect(words).not.toMatch(/letmein|hush|ann\b/);
  });

  it('a file of credentials that is not there is told by the name of its variable alone', async () => {
    const { variable } = source.credentials('');
    process.env[variable] = '/nonexistent/secret-place';
    expect(await wordsOf({ digest })).toContain(`HF1803 the file that ${variable} names cannot be read`);
  });
});
