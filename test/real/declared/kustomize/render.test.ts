import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { ParseCache } from '../../../../src/declared/cache.ts';
import type { DeclaredUnit } from '../../../../src/declared/declaration.ts';
import { type DeclareOptions, declare } from '../../../../src/declared/declare.ts';
import { folderTree } from '../../../../src/declared/folder.ts';
import { canonical } from '../../../../src/declared/hash.ts';
import { reachOf } from '../../../../src/declared/kustomize/reach.ts';
import { isRendered, render } from '../../../../src/declared/kustomize/render.ts';
import { TreeIndex } from '../../../../src/declared/kustomize/tree-index.ts';
import { configMap } from '../../../declared/tree.ts';
import { byKubectl, onDisk } from './folder.ts';

let files: ReturnType<typeof onDisk> | undefined;
beforeAll(() => {
  process.env['HOLDFAST_KUSTOMIZE'] = inject('kubectl');
});
afterEach(() => files?.remove());

async function unitOf(content: Record<string, string>, options: DeclareOptions = {}): Promise<DeclaredUnit> {
  files?.remove();
  files = onDisk(content);
  const [unit] = (await declare(await folderTree(files.root), { name: 'shop', ...options })).units;
  if (unit === undefined) throw new Error('there is no unit');
  return unit;
}

const deployment = `# the web
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, annotations: {}}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: web
        envFrom: [{configMapRef: {name: conf}}, {secretRef: {name: pass}}]
`;

const shop = {
  'manifests/shop/base/kustomization.yaml': `resources:
- web.yaml
- more.yaml
configMapGenerator:
- name: other
  literals: [a=b]
- name: conf
  files: [conf/app.ini, key=conf/app.ini]
  envs: [conf/a.env]
secretGenerator:
- name: pass
  literals: [password=hunter2]
`,
  'manifests/shop/base/web.yaml': deployment,
  'manifests/shop/base/more.yaml': `${configMap('one')}---\n${configMap('two', 'data: {mode: 0644, on: "yes"}\n')}`,
  'manifests/shop/base/conf/app.ini': '[a]\nb=c\n',
  'manifests/shop/base/conf/a.env': 'X=1\n',
  'manifests/shop/component/kustomization.yaml':
    'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches:\n- target: {kind: Deployment}\n  patch: |\n    - op: add\n      path: /spec/paused\n      value: true\n',
  'manifests/shop/overlays/production/kustomization.yaml': `namespace: shop
namePrefix: p-
nameSuffix: -x
resources: [../../base, ../../shared.yaml]
components: [../../component]
labels: [{pairs: {team: shop}, includeSelectors: true}]
images: [{name: web, newTag: "1.2"}]
replicas: [{name: web, count: 3}]
patches: [{path: limits.yaml}]
patchesStrategicMerge:
- |
  apiVersion: v1
  kind: ConfigMap
  metadata: {name: one}
  data: {patched: "yes"}
replacements:
- source: {kind: ConfigMap, name: two, fieldPath: metadata.name}
  targets: [{select: {kind: Deployment}, fieldPaths: [spec.template.spec.containers.0.name]}]
configMapGenerator:
- name: conf
  behavior: merge
  literals: [extra=1]
`,
  'manifests/shop/overlays/production/limits.yaml':
    'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {revisionHistoryLimit: 2}\n',
  'manifests/shop/shared.yaml': `\n${configMap('shared')}`,
};

describe('a unit with bases, components, generators and patches', () => {
  it('declares exactly what kustomize gives, each object with its line', async () => {
    const unit = await unitOf(shop, { environment: 'production' });
    const direct = await byKubectl(
      inject('kubectl'),
      join(files?.root ?? '', 'manifests/shop/overlays/production'),
      ['--load-restrictor=LoadRestrictionsNone'],
    );

    expect(unit.findings).toEqual([]);
    expect(unit.objects.map(({ object }) => canonical(object)).sort()).toEqual(direct?.map(canonical).sort());
    const places = unit.objects.map(({ ref, source }) => [
      ref.name.replace(/-[a-z0-9]{10}$/, '-HASH'),
      `${source.file}:${source.line}`.replace('manifests/shop/', ''),
    ]);
    expect(Object.fromEntries(places)).toEqual({
      'p-one-x': 'base/more.yaml:1',
      'p-two-x': 'base/more.yaml:6',
      'p-web-x': 'base/web.yaml:2',
      'p-shared-x': 'shared.yaml:2',
      'p-other-x-HASH': 'base/kustomization.yaml:5',
      'p-conf-x-HASH': 'base/kustomization.yaml:7',
      'p-pass-x-HASH': 'base/kustomization.yaml:11',
    });
  });

  it('asks which overlay is meant when no environment says it', async () => {
    const unit = await unitOf(shop);
    expect(unit).toMatchObject({ objects: [], unrendered: 'lasting' });
    expect(unit.findings).toEqual([
      expect.objectContaining({
        type: 'unknown',
        code: 'HF1106',
        message: expect.stringMatching(/‘base’, ‘overlays\/production’.*path of one in holdfast\.yaml/),
      }),
    ]);
  });

  it('is told by holdfast.yaml which one is meant', async () => {
    const settings = 'units:\n- {name: web, driver: kubernetes, path: manifests/shop/overlays/production}\n';
    files = onDisk({ ...shop, 'holdfast.yaml': settings });
    const { units } = await declare(await folderTree(files.root));
    // What is shared stands beside the kustomizations, so their folder is a unit still, of that file alone.
    expect(units.map(unit => [unit.definition.name, unit.objects.length, unit.findings])).toEqual([
      ['shop', 1, []],
      ['web', 7, []],
    ]);
    files.remove();
    const { 'manifests/shop/shared.yaml': _, ...layered } = shop;
    const overlay = 'manifests/shop/overlays/production/kustomization.yaml';
    const without = {
      [overlay]: layered[overlay].replace(', ../../shared.yaml', ''),
      'holdfast.yaml': settings,
    };
    files = onDisk({ ...layered, ...without });
    const only = await declare(await folderTree(files.root));
    expect(only.units.map(unit => [unit.definition.name, unit.objects.length])).toEqual([['web', 6]]);
  });
});

describe('a kustomization', () => {
  it.each([
    ['block', 'resources:\n- a.yaml\n# end'],
    ['flow', '{"resources": ["a.yaml"]}'],
    ['flow on many lines', '{\n  resources: [a.yaml]\n}\n'],
    ['with a literal at its end', 'resources: [a.yaml]\nnamePrefix: |-\n  x-'],
    ['with its own build metadata', 'resources: [a.yaml]\nbuildMetadata: [managedByLabel]\n'],
    ['that wants origins in the objects', 'resources: [a.yaml]\nbuildMetadata: [originAnnotations]\n'],
    ['with Windows line ends', 'resources:\r\n- a.yaml\r\n'],
    ['with document marks', '---\nresources: [a.yaml]\n...\n'],
  ])('may be written in any style: %s', async (_, kustomization) => {
    const unit = await unitOf({
      'kustomization.yaml': kustomization,
      'a.yaml': configMap('a', '  annotations: {}\n'),
    });
    const direct = await byKubectl(inject('kubectl'), files?.root ?? '');

    expect(unit.findings).toEqual([]);
    expect(unit.objects.map(({ object }) => object)).toEqual(direct);
    expect(unit.objects[0]?.source).toEqual({ file: 'a.yaml', line: 1 });
  });

  it.each([
    'a b.yaml',
    '-rf.yaml',
    'ü\u{1f600}.yaml',
    'new\nline.yaml',
    '#.yaml',
    'q\'u`o"te.yaml',
    '$(id).yaml',
  ])('may name files in any way: %j', async name => {
    const unit = await unitOf({
      'kustomization.yaml': JSON.stringify({
        resources: [name],
        configMapGenerator: [{ name: 'g', files: [`k=${name}`] }],
      }),
      [name]: configMap('a'),
    });
    expect(unit.findings).toEqual([]);
    expect(unit.objects.map(({ source }) => source.file).sort()).toEqual([name, 'kustomization.yaml'].sort());
  });

  it('that fails tells kustomize’s own words, without the folder in which it ran', async () => {
    const unit = await unitOf({ 'kustomization.yaml': 'resources: [a.yaml]', 'a.yaml': 'kind: ConfigMap\n' });
    expect(unit).toMatchObject({ objects: [], unrendered: 'lasting' });
    expect(unit.findings).toEqual([
      expect.objectContaining({
        type: 'unknown',
        code: 'HF1106',
        source: { file: 'kustomization.yaml', line: 1 },
      }),
    ]);
    expect(unit.findings[0]?.message).toMatch(/kustomize says: .*missing metadata\.name/);
    expect(unit.findings[0]?.message).not.toContain('holdfast-render-');
  });
});

describe('a hostile repository', () => {
  it('gets nothing through a symbolic link', async () => {
    files = onDisk({
      'tree/kustomization.yaml': 'resources: [a.yaml]\nconfigMapGenerator: [{name: g, files: [leak]}]',
      secret: 's',
    });
    symlinkSync('../secret', join(files.root, 'tree/leak'));
    symlinkSync('/etc/passwd', join(files.root, 'tree/a.yaml'));
    const [unit] = (await declare(await folderTree(join(files.root, 'tree')))).units;
    expect(unit?.objects).toEqual([]);
    expect(unit?.findings[0]?.message).toMatch(/symbolic link.*; kustomization\.yaml:2: .*symbolic link/);
  });

  it.each([
    ['an absolute path', '/etc/hostname'],
    ['a path that leaves', '../../../../../../etc/hostname'],
  ])('gets nothing by a configuration that is made while rendering: %s', async (_, path) => {
    const unit = await unitOf({
      'kustomization.yaml': 'generators: [made]',
      'made/kustomization.yaml': `resources: [g.yaml]\npatches:\n- patch: |\n    apiVersion: builtin\n    kind: ConfigMapGenerator\n    metadata: {name: g}\n    files: ["k=${path}"]\n`,
      'made/g.yaml': 'apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: {name: g}\n',
    });
    expect(unit.objects).toEqual([]);
    expect(unit.findings[0]).toMatchObject({
      code: 'HF1106',
      message: expect.stringMatching(/not in or below|security/),
    });
  });

  it('cannot make kustomize go in a circle', async () => {
    const unit = await unitOf({
      'kustomization.yaml': 'resources: [a]',
      'a/kustomization.yaml': 'resources: [..]',
    });
    expect(unit.findings[0]?.message).toMatch(/HF1106 .*cycle detected/);
  });

  it('cannot use up the machine by doubling its objects', async () => {
    const depth = 22;
    const levels = Array.from({ length: depth }, (_, level) => level);
    const content = Object.fromEntries(
      levels.flatMap(level => [
        [`l${level}/a/kustomization.yaml`, `namePrefix: a-\nresources: [../../l${level + 1}]`],
        [`l${level}/b/kustomization.yaml`, `namePrefix: b-\nresources: [../../l${level + 1}]`],
        [`l${level}/kustomization.yaml`, 'resources: [a, b]'],
      ]),
    );
    files = onDisk({
      ...content,
      [`l${depth}/kustomization.yaml`]: 'resources: [a.yaml]',
      [`l${depth}/a.yaml`]: configMap('a'),
    });
    const tree = await folderTree(files.root);
    const limits = { timeMs: 5_000, outputBytes: 1_000_000, memoryBytes: 2 * 1024 ** 3 };
    const started = performance.now();
    const rendering = await render(tree, await reachOf(new TreeIndex(tree), 'l0'), { limits });
    expect(performance.now() - started).toBeLessThan(15_000);
    expect(isRendered(rendering)).toBe(false);
    expect(rendering).toMatchObject({
      failure: { code: 'HF1106', message: expect.stringMatching(/too long|memory|more than may be/) },
    });
  });
});

describe('rendering again', () => {
  const content = {
    'manifests/shop/kustomization.yaml': 'resources: [../../base]\n',
    'base/kustomization.yaml': 'resources: [a.yaml]\n',
    'base/a.yaml': configMap('a'),
  };

  it('is done only when a file that is read changes, wherever it stands', async () => {
    const cache = new ParseCache();
    const first = await unitOf(content, { cache });
    const unrelated = await unitOf({ ...content, 'README.md': 'x', 'base/unused.yaml': 'y: 1' }, { cache });
    expect(unrelated.objects[0]?.object).toBe(first.objects[0]?.object);
    expect(unrelated.hash).toBe(first.hash);

    const changed = await unitOf(
      { ...content, 'base/a.yaml': configMap('a', 'data: {x: "1"}\n') },
      { cache },
    );
    expect(changed.objects[0]?.object['data']).toEqual({ x: '1' });
    expect(changed.hash).not.toBe(first.hash);
  });
});
