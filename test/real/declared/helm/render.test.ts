import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { declare } from '../../../../src/declared/declare.ts';
import { defaultCapabilities } from '../../../../src/declared/helm/capabilities.ts';
import { planRelease, readRelease } from '../../../../src/declared/helm/plan.ts';
import { findHelm } from '../../../../src/declared/helm/program.ts';
import { renderRelease } from '../../../../src/declared/helm/render.ts';
import { memoryTree } from '../../../declared/tree.ts';

beforeAll(() => {
  process.env['HOLDFAST_HELM'] = inject('helm');
});

const base = {
  'helm/web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
  'helm/web/values.yaml': 'colour: red\n',
  'manifests/other/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: other }\n',
};
const configMap = (data: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: web }\ndata:\n${data}`;

/** A gzip member of 64 MiB sixteen times over: 1 GB in 1 MB. */
const member = gzipSync(Buffer.alloc(64 * 1024 ** 2));
const gigabyte = Buffer.concat(Array.from({ length: 16 }, () => member));

async function unitsOf(files: Record<string, string | Buffer>, links: string[] = [], environment?: string) {
  const { units } = await declare(memoryTree({ ...base, ...files }, links), { environment });
  const byName = new Map(units.map(unit => [unit.definition.name, unit]));
  return { web: byName.get('web'), other: byName.get('other') };
}

describe('what cannot be rendered is unknown, and the rest unharmed', () => {
  it.each<[string, Record<string, string | Buffer>, RegExp]>([
    [
      'a template that fails',
      { 'helm/web/templates/a.yaml': configMap('  colour: {{ fail "no colour" }}\n') },
      /^HF1801 helm says: .*no colour .*helm\/web\/templates\/a\.yaml:5/,
    ],
    [
      'a value that is required and missing, without the secrets that are there',
      {
        'helm/web/values.yaml': 'auth: { password: opensesame }\n',
        'helm/web/templates/a.yaml': configMap(
          '  colour: {{ fail (printf "bad %s" .Values.auth.password) }}\n',
        ),
      },
      /^HF1801 helm says: (?!.*opensesame).*bad …/,
    ],
    [
      'a dependency that is not there',
      {
        'helm/web/Chart.yaml': `${base['helm/web/Chart.yaml']}dependencies:\n  - { name: db, version: 1.0.0, repository: "https://example.com" }\n`,
      },
      /^HF1802 not in charts\/: db/,
    ],
    [
      'a dependency outside of the repository',
      {
        'helm/web/Chart.yaml': `${base['helm/web/Chart.yaml']}dependencies:\n  - { name: db, version: 1.0.0, repository: "file://../../../db" }\n`,
      },
      /^HF1805 the dependency ‘db’ lies outside of the repository .*Chart\.yaml:5/,
    ],
    [
      'a template that includes itself without end',
      {
        'helm/web/templates/_a.tpl': '{{ define "a" }}{{ include "a" . }}{{ end }}',
        'helm/web/templates/a.yaml': configMap('  colour: {{ include "a" . }}\n'),
      },
      /^HF1806 a template calls itself without end/,
    ],
    [
      'a library chart',
      { 'helm/web/Chart.yaml': `${base['helm/web/Chart.yaml']}type: library\n` },
      /^HF1805 a library chart cannot be released by itself/,
    ],
    [
      'a chart that renders nothing',
      { 'helm/web/templates/a.yaml': '{{ if false }}x{{ end }}' },
      /^HF1801 it renders to no object/,
    ],
    [
      'a packaged dependency that unpacks to 1 GB',
      {
        'helm/web/templates/a.yaml': configMap('  a: b\n'),
        'helm/web/charts/db-1.0.0.tgz': gigabyte,
      },
      /^HF1806 its packaged charts unpack to more than 100 MiB/,
    ],
    ['a Chart.yaml that is broken', { 'helm/web/Chart.yaml': 'name: [\n' }, /^HF1805 .*Chart\.yaml/],
    [
      'a file of values that is none',
      { 'helm/web/values-prod.yaml': '- a\n', 'helm/web/templates/a.yaml': configMap('  a: b\n') },
      /^HF1811 it holds no values: a map is needed .*values-prod\.yaml:1/,
    ],
  ])('%s', async (_, files, words) => {
    const { web, other } = await unitsOf(files, [], 'prod');
    expect(web?.findings).toMatchObject([{ type: 'unknown', message: expect.stringMatching(words) }]);
    expect(web?.unrendered).toBeDefined();
    expect(other?.objects).toHaveLength(1);
  });

  it('a symbolic link in the chart', async () => {
    const { web } = await unitsOf({ 'helm/web/templates/a.yaml': configMap('  a: b\n') }, [
      'helm/web/files/passwd',
    ]);
    expect(web?.findings[0]?.message).toMatch(
      /^HF1805 the chart has a symbolic link.*helm\/web\/files\/passwd/,
    );
  });
});

describe('a bomb ends within its limits', () => {
  it.each([
    ['templates that would give 1 GB', '{{ range until 2000 }}{{ repeat 1000000 "x" }}{{ end }}', 'HF1806'],
    ['a list without end', '{{ range until 1000000000 }}x{{ end }}', 'HF1806'],
    [
      'a loop that takes its time',
      '{{ range until 100000 }}{{ range until 100000 }}{{ end }}{{ end }}',
      'HF1806',
    ],
  ])('%s', async (_, template, code) => {
    const tree = memoryTree({ ...base, 'helm/web/templates/a.yaml': configMap(`  a: "${template}"\n`) });
    const plan = await planRelease(tree, { name: 'web', driver: 'helm', path: 'helm/web' }, undefined);
    const limits = { timeMs: 15_000, outputBytes: 8 * 1024 ** 2, memoryBytes: 1024 ** 3 };
    const started = performance.now();
    const result = await renderRelease(
      plan,
      await readRelease(plan),
      defaultCapabilities,
      await findHelm(),
      limits,
    );
    expect(result).toMatchObject({ failure: { code } });
    expect(performance.now() - started).toBeLessThan(45_000);
  });
});

describe('what helm is given', () => {
  const echo = {
    'helm/web/templates/a.yaml': configMap(
      '  colour: {{ .Values.colour }}\n  host: "{{ getHostByName "example.com" }}"\n',
    ),
  };

  it('values of the environment, then files, then those of holdfast.yaml', async () => {
    const files = {
      ...echo,
      'helm/web/values-prod.yaml': 'colour: green\n',
      'values/more.yaml': 'colour: blue\n',
    };
    const colour = async (settings: string) => {
      const { web } = await unitsOf({ ...files, 'holdfast.yaml': settings }, [], 'prod');
      const data = web?.objects[0]?.object['data'] as { colour: string };
      return data.colour;
    };
    expect(await colour('environments: [prod]\n')).toBe('green');
    const unit = 'environments: [prod]\nunits:\n  - name: web\n    driver: helm\n    path: helm/web\n';
    expect(await colour(`${unit}    helm: { valuesFiles: [values/more.yaml] }\n`)).toBe('blue');
    expect(
      await colour(`${unit}    helm: { valuesFiles: [values/more.yaml], values: { colour: white } }\n`),
    ).toBe('white');
    expect(
      await colour(
        `${unit}    helm: { values: { colour: white } }\n    overrides: { prod: { helm: { values: { colour: black } } } }\n`,
      ),
    ).toBe('black');
  });

  it('a dependency that is another folder of the repository', async () => {
    const { web } = await unitsOf({
      'helm/web/Chart.yaml': `${base['helm/web/Chart.yaml']}dependencies:\n  - { name: db, version: 1.0.0, repository: "file://../../charts/db" }\n`,
      'charts/db/Chart.yaml': 'apiVersion: v2\nname: db\nversion: 1.0.0\n',
      'charts/db/templates/db.yaml': configMap('  from: db\n'),
    });
    expect(web?.objects).toMatchObject([{ source: { file: 'charts/db/templates/db.yaml', line: 2 } }]);
  });

  it('a key that is there twice counts as Helm has it: the last', async () => {
    const { web } = await unitsOf({ 'helm/web/templates/a.yaml': configMap('  a: "1"\n  a: "2"\n') });
    expect(web?.objects[0]?.object['data']).toEqual({ a: '2' });
    expect(web?.findings).toEqual([]);
  });

  it('what is there twice is told, and not taken for random', async () => {
    const twice = `${configMap('  a: "1"\n')}---\n${configMap('  a: "2"\n')}`;
    const { web } = await unitsOf({ 'helm/web/templates/a.yaml': twice });
    expect(web?.findings).toMatchObject([{ type: 'invalid', code: 'HF1103' }]);
    expect(web?.release?.notes).toEqual([]);
  });

  it('of calls that may be why a field is random the nearest first', async () => {
    const several = `${configMap('  a: {{ uuidv4 }}\n')}---\napiVersion: v1\nkind: Secret\nmetadata: { name: web }\ndata:\n  a: {{ randAlpha 8 | b64enc }}\n`;
    const { web } = await unitsOf({ 'helm/web/templates/a.yaml': several });
    expect(web?.release?.notes.map(({ source, message }) => `${source?.line} ${message}`)).toEqual([
      expect.stringMatching(/^11 .*Secret web \(by randAlpha or uuidv4\)/),
      expect.stringMatching(/^5 .*ConfigMap web \(by uuidv4 or randAlpha\)/),
    ]);
  });

  it('a chart of Helm 2 says in requirements.yaml what it depends on', async () => {
    const { web } = await unitsOf({
      'helm/web/Chart.yaml': 'apiVersion: v1\nname: web\nversion: 1.0.0\n',
      'helm/web/requirements.yaml':
        'dependencies:\n  - { name: db, version: 1.0.0, repository: "file://../../charts/db", alias: store }\n',
      'charts/db/Chart.yaml': 'apiVersion: v1\nname: db\nversion: 1.0.0\n',
      'charts/db/templates/db.yaml': configMap('  from: {{ .Chart.Name }}\n'),
    });
    expect(web?.findings).toEqual([]);
    expect(web?.objects).toMatchObject([
      { object: { data: { from: 'store' } }, source: { file: 'charts/db/templates/db.yaml', line: 2 } },
    ]);
  });

  it('no network: a name is not looked up', async () => {
    const { web } = await unitsOf(echo);
    expect(web?.objects[0]?.object['data']).toMatchObject({ host: '' });
  });
});
