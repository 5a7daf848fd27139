import { describe, expect, it } from 'vitest';
import { declare } from '../../src/declared/declare.ts';
import { hashText } from '../../src/declared/hash.ts';
import type { SourceTree } from '../../src/declared/tree.ts';
import { renderReport } from '../../src/report/render.ts';
import { buildReport, exitCodeOf } from '../../src/report/report.ts';
import { definitionsIn } from '../../src/validate/definitions.ts';
import { linesOf } from '../../src/validate/lines.ts';
import { shippedPack } from '../../src/validate/pack/pack.ts';
import { type ValidateOptions, validate } from '../../src/validate/validate.ts';
import { minorOf } from '../../src/validate/version.ts';

const pack = shippedPack();

function treeOf(files: Readonly<Record<string, string>>): SourceTree {
  const listed = Object.entries(files).map(([path, text]) => ({
    path,
    size: text.length,
    content: hashText(text),
  }));
  const read = async (paths: readonly string[]) =>
    new Map(paths.map(path => [path, Buffer.from(files[path] ?? '')] as const));
  return { revision: null, files: listed.sort((a, b) => (a.path < b.path ? -1 : 1)), links: [], read };
}

async function reportOn(files: Readonly<Record<string, string>>, options: Partial<ValidateOptions> = {}) {
  const tree = treeOf(files);
  const declaration = await declare(tree, { name: 'shop' });
  const linesIn = async (file: string) => linesOf((await tree.read([file])).get(file) ?? Buffer.alloc(0));
  const comparisons = await validate(declaration, declaration.units, linesIn, {
    pack,
    minor: minorOf(pack.version),
    definitions: await definitionsIn(tree),
    ignoreUnknownKinds: false,
    ...options,
  });
  return buildReport({
    revision: null,
    comparedAt: '2026-08-01T00:00:00.000Z',
    comparisons,
    kubernetesVersion: '1.34',
  });
}

const pod = `apiVersion: v1
kind: Pod
metadata: { name: a }
spec:
  containers:
    - name: one
      image: one:1
    - name: two
      image: two:1
      imagePullPolicy: Allways
`;
const gizmos = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: gizmos.example.com }
spec:
  group: example.com
  scope: Namespaced
  names: { kind: Gizmo, plural: gizmos }
  versions:
    - name: v1
      served: true
      storage: true
      schema: { openAPIV3Schema: { type: object, properties: { size: { type: integer } } } }
`;
const gizmo = 'apiVersion: example.com/v1\nkind: Gizmo\nmetadata: { name: g }\nsize: large\n';

describe('declarations that are checked by themselves', () => {
  it('name file, line and path of the field, with merge keys', async () => {
    const { findings } = await reportOn({ 'a.yaml': `# first\n---\n${pod}` });
    expect(findings).toMatchObject([
      {
        type: 'invalid',
        code: 'HF1121',
        resource: { kind: 'Pod', name: 'a' },
        source: { file: 'a.yaml', line: 12 },
        problems: [
          { path: '/spec/containers/name=two/imagePullPolicy', source: { file: 'a.yaml', line: 12 } },
        ],
      },
    ]);
  });

  it.each<[string, string, number]>([
    [
      'a list',
      `apiVersion: v1\nkind: List\nitems:\n${pod.replace(/^/gm, '  ').replace('  apiVersion', '- apiVersion')}`,
      13,
    ],
    [
      'JSON',
      JSON.stringify(
        {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name: 'a' },
          spec: { containers: [{ name: 'one', image: 'x', tty: 1 }] },
        },
        null,
        1,
      ),
      12,
    ],
    [
      'the second of two documents',
      `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: c }\n---\n${pod}`,
      14,
    ],
  ])('find the line in %s', async (_, text, line) => {
    const { findings } = await reportOn({ 'a.yaml': text });
    expect(findings.map(({ source }) => source)).toEqual([{ file: 'a.yaml', line }]);
  });

  it('count what is valid, and keep what reading the files has found', async () => {
    const ok = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ok }\n';
    const report = await reportOn({ 'a.yaml': pod, 'ok.yaml': ok, 'twice.yaml': ok, 'broken.yaml': 'a: [' });
    expect(report.units).toMatchObject([{ verdict: 'drifted', resources: { declared: 2, inSync: 1 } }]);
    expect(report.findings.map(({ code }) => code)).toEqual(['HF1121', 'HF1101', 'HF1103']);
    expect(exitCodeOf(report)).toBe(1);
  });

  it('take definitions from anywhere in the repository', async () => {
    const units = { 'manifests/shop/g.yaml': gizmo };
    const places = ['manifests/other/crd.yaml', 'helm/gizmos/crds/crd.yaml', 'docs/crd.yaml'];
    for (const place of places) {
      const { findings } = await reportOn({
        ...units,
        [place]: gizmos,
        'helm/gizmos/Chart.yaml': 'name: gizmos\n',
      });
      expect(findings.filter(({ unit }) => unit === 'shop')).toMatchObject([
        {
          code: 'HF1121',
          problems: [{ path: '/size', message: 'it must be an integer, and is a string: "large"' }],
        },
      ]);
    }
  });

  it('are unknown where a kind is, or only noted on request', async () => {
    const strict = await reportOn({ 'g.yaml': gizmo });
    expect(strict.findings).toMatchObject([{ type: 'unknown', code: 'HF1124', origin: 'declaration' }]);
    expect(exitCodeOf(strict)).toBe(2);
    const lenient = await reportOn({ 'g.yaml': gizmo }, { ignoreUnknownKinds: true });
    expect(lenient.findings).toEqual([]);
    expect(lenient.notes).toMatchObject([{ code: 'HF1124', source: { file: 'g.yaml', line: 1 } }]);
    expect(exitCodeOf(lenient)).toBe(0);
  });

  it('with deprecated versions are valid, and the note says so', async () => {
    const report = await reportOn({ 'e.yaml': 'apiVersion: v1\nkind: Endpoints\nmetadata: { name: e }\n' });
    expect(exitCodeOf(report)).toBe(0);
    expect(report.notes).toMatchObject([
      { code: 'HF1123', message: expect.stringMatching(/^HF1123 .*e\.yaml:1/) },
    ]);
  });

  it('count what is not for the cluster', async () => {
    const report = await reportOn({
      'a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: c }\n',
      'values.yaml': 'a: 1\n',
    });
    expect(report.notes).toEqual([
      {
        unit: 'shop',
        resource: { type: 'Unit', name: 'shop' },
        message: 'passed over what is not for the cluster: 1 × Helm values',
      },
    ]);
  });

  it('list some problems of an object that has many, and count them all', async () => {
    const data = Array.from({ length: 50 }, (_, index) => `  k${index}: ${index}`).join('\n');
    const { findings } = await reportOn({
      'c.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: c }\ndata:\n${data}\n`,
    });
    expect(findings[0]?.problems).toHaveLength(20);
    expect(findings[0]?.message).toContain('50 fields of it do not fit');
  });

  it.each(['text', 'html', 'markdown'] as const)('are told as %s without a word of live', async format => {
    const report = await reportOn({
      'a.yaml': pod,
      'e.yaml': 'apiVersion: v1\nkind: Endpoints\nmetadata: { name: e }\n',
    });
    const text = renderReport(report, format, { colour: false });
    expect(text).toContain('invalid, 1 of 2 resources valid');
    expect(text).toContain('nothing live was looked at');
    expect(text).toContain(
      '/spec/containers/name=two/imagePullPolicy: it must be one of Always, IfNotPresent, Never',
    );
    expect(text).toContain('note: Endpoints e');
    expect(text).not.toMatch(/in sync|drifted,|Compared/);
  });

  it('that are a List with thousands of wrong items take no time to speak of', async () => {
    const items = Array.from(
      { length: 3000 },
      (_, n) => `- { apiVersion: v1, kind: ConfigMap, metadata: { name: c${n} }, data: { a: 1 } }\n`,
    );
    const started = performance.now();
    const { findings } = await reportOn({
      'l.yaml': `apiVersion: v1\nkind: List\nitems:\n${items.join('')}`,
    });
    expect(findings).toHaveLength(3000);
    expect(findings[2999]?.source?.line).toBe(3003);
    expect(performance.now() - started).toBeLessThan(15_000);
  });
});
