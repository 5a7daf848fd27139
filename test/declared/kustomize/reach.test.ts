import { describe, expect, it } from 'vitest';
import { type Reach, reachOf } from '../../../src/declared/kustomize/reach.ts';
import { TreeIndex } from '../../../src/declared/kustomize/tree-index.ts';
import { configMap, memoryTree } from '../tree.ts';

function reach(
  files: Record<string, string>,
  { folder = 'app', links = [] as string[] } = {},
): Promise<Reach> {
  return reachOf(new TreeIndex(memoryTree(files, links)), folder);
}

function refusals({ refusals: found }: Reach): string[] {
  return found.map(({ message, source }) => `${source.file}:${source.line} ${message}`);
}

describe('the files that a kustomization reaches', () => {
  it('are its own, those of its bases and components, and every file that they name', async () => {
    const found = await reach({
      'app/kustomization.yaml': `
resources: [a.yaml, ../base]
components: [../component]
crds: [crd.json]
configurations: [names.yaml]
openapi: {path: schema.json}
patches: [{path: patch.yaml}, {patch: 'x: y'}]
patchesJson6902: [{path: json.yaml, target: {kind: A, name: b}}]
patchesStrategicMerge: [merge.yaml, "kind: A\\nmetadata: {name: b}"]
replacements: [{path: replace.yaml}, {source: {}, targets: []}]
configMapGenerator: [{name: c, files: [one.txt, key=two.txt], envs: [c.env], env: d.env, literals: [a=b]}]
secretGenerator: [{name: s, files: [.secret]}]
`,
      ...Object.fromEntries(
        'a.yaml crd.json names.yaml schema.json patch.yaml json.yaml merge.yaml replace.yaml one.txt two.txt c.env d.env .secret'
          .split(' ')
          .map(name => [`app/${name}`, configMap('x')]),
      ),
      'app/unnamed.yaml': configMap('x'),
      'base/Kustomization': 'bases: [deeper]\nresources:\n',
      'base/deeper/kustomization.yml': 'resources: [b.yaml]',
      'base/deeper/b.yaml': configMap('b'),
      'component/kustomization.yaml': 'kind: Component\nnamePrefix: x-',
      'other/kustomization.yaml': 'resources: [x.yaml]',
    });

    expect(refusals(found)).toEqual([]);
    expect(found.files.map(({ path }) => path)).toEqual([
      'app/.secret',
      'app/a.yaml',
      'app/c.env',
      'app/crd.json',
      'app/d.env',
      'app/json.yaml',
      'app/kustomization.yaml',
      'app/merge.yaml',
      'app/names.yaml',
      'app/one.txt',
      'app/patch.yaml',
      'app/replace.yaml',
      'app/schema.json',
      'app/two.txt',
      'base/Kustomization',
      'base/deeper/b.yaml',
      'base/deeper/kustomization.yml',
      'component/kustomization.yaml',
    ]);
    expect([...found.kustomizations.keys()]).toEqual(['app', 'base', 'base/deeper', 'component']);
    expect(found.loadsAbove).toBe(false);
  });

  it.each(['a b.yaml', '-rf.yaml', 'ü\u{1f600}.yaml', 'new\nline.yaml', '{{x}}.yaml', '$(x).yaml', '#.yaml'])(
    'may have any name: %j',
    async name => {
      const found = await reach({
        'app/kustomization.yaml': JSON.stringify({ resources: [name] }),
        [`app/${name}`]: configMap('x'),
      });
      expect(refusals(found)).toEqual([]);
      expect(found.files.map(({ path }) => path)).toContain(`app/${name}`);
    },
  );

  it('are found once where bases refer to each other in a circle', async () => {
    const found = await reach({
      'app/kustomization.yaml': 'resources: [../b]',
      'b/kustomization.yaml': 'resources: [../app, .]',
    });
    expect(found.files).toHaveLength(2);
  });

  it('may stand above a kustomization, in the tree', async () => {
    const files = { 'app/kustomization.yaml': 'resources: [../a.yaml]', 'a.yaml': configMap('a') };
    const found = await reach(files);
    expect([refusals(found), found.loadsAbove]).toEqual([[], true]);
  });

  it.each([
    ['a generator whose configuration may still change', 'generators: [g.yaml]'],
    [
      'a patch in place that could be taken for a path',
      'patchesStrategicMerge: ["kind: A/../..\\nmetadata: {name: b}"]',
    ],
  ])('are not looked for above any kustomization beside %s', async (_, more) => {
    const found = await reach({
      'app/kustomization.yaml': `resources: [../a.yaml]\n${more}\n`,
      'app/g.yaml': 'apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: {name: g}\nfiles: [x.txt]',
      'app/x.txt': 'x',
      'a.yaml': configMap('a'),
    });
    expect([refusals(found), found.loadsAbove]).toEqual([[], false]);
  });

  it('include what a generator or transformer in a file of its own names', async () => {
    const found = await reach({
      'app/kustomization.yaml': 'generators: [g.yaml]\ntransformers: [t]\n',
      'app/g.yaml': 'apiVersion: builtin\nkind: SecretGenerator\nmetadata: {name: g}\nenvs: [g.env]',
      'app/g.env': 'a=b',
      'app/t/kustomization.yaml': 'resources: [t.yaml]',
      'app/t/t.yaml': 'apiVersion: builtin\nkind: PatchTransformer\nmetadata: {name: t}\npath: p.yaml',
      'app/p.yaml': '[]',
    });
    expect(refusals(found)).toEqual([]);
    expect(found.files.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['app/g.env', 'app/p.yaml', 'app/t/t.yaml']),
    );
  });
});

describe('what is refused before anything runs, with its line', () => {
  const elsewhere = /^app\/kustomization\.yaml:2 it refers to .*would be fetched from elsewhere/;

  it.each([
    'https://example.com/a.yaml',
    'HTTP://example.com/a.yaml',
    'https:a.yaml',
    'github.com/org/repo/base?ref=main',
    'github.com/org/repo',
    'GitHub.com:org/repo',
    'git@example.com:org/repo.git//base',
    'someone@example.com:org/repo',
    'git::https://example.com/x',
    'gh:org/repo',
    'ssh://git@example.com/x',
    'file:///etc',
    'oci://example.com/x',
    'dev.example.com/x/_git/y',
  ])('what comes from elsewhere: %s', async url => {
    const found = await reach({ 'app/kustomization.yaml': `resources:\n- ${url}\n` });
    expect(refusals(found)).toEqual([expect.stringMatching(elsewhere)]);
  });

  it('even where the tree has a folder of that name', async () => {
    const found = await reach({
      'app/kustomization.yaml': 'resources:\n- github.com/org/repo\n',
      'app/github.com/org/repo/kustomization.yaml': 'namePrefix: x-',
    });
    expect(refusals(found)).toEqual([expect.stringMatching(elsewhere)]);
  });

  it('without repeating the credentials in an address', async () => {
    const found = await reach({
      'app/kustomization.yaml': 'resources:\n- https://me:hunter2@example.com/a?token=hunter2\n',
    });
    expect(refusals(found)).toEqual([expect.not.stringContaining('hunter2')]);
  });

  it.each([
    ['resources: [../../x.yaml]', 'lies outside of the repository'],
    ['resources: [sub/../../../x]', 'lies outside of the repository'],
    ['configMapGenerator: [{name: a, files: [k=../../x]}]', 'lies outside of the repository'],
    ['configMapGenerator: [{name: a, files: [/etc/passwd]}]', 'an absolute path'],
    ['components: [/etc]', 'an absolute path'],
    ['patchesStrategicMerge: ["{kind: A}/../../../etc/passwd"]', 'lies outside of the repository'],
    ['resources: [linked.yaml]', 'symbolic link'],
    ['resources: [linked/a.yaml]', 'symbolic link'],
    ['resources: [linked/../a.yaml]', null],
    ['resources: [gone.yaml]', 'no such file or folder'],
    ['resources: [""]', 'no such file or folder'],
    ['components: [a.yaml]', 'which is no folder'],
    ['crds: [sub]', 'which is no file'],
    ['resources: [sub]', 'has no kustomization'],
    ['resources: [two]', 'another kustomization beside it'],
    ['helmCharts: [{name: x}]', 'inflates a Helm chart'],
    ['helmChartInflationGenerator: [{chartName: x}]', 'inflates a Helm chart'],
    ['generators: [exec.yaml]', 'runs a program or a container'],
    ['transformers: [container.yaml]', 'runs a program or a container'],
    [
      'transformers: ["apiVersion: someteam.example.com/v1\\nkind: Hack\\nmetadata: {name: x}"]',
      'runs a program or a container',
    ],
    ['generators: [helm.yaml]', 'inflates a Helm chart'],
    ['Resources: [a.yaml]', 'the field ‘Resources’ is not known'],
    ['configMapGenerator: [{name: a, Files: [/etc/passwd]}]', 'the field ‘Files’ is not known'],
    ['resources: a.yaml', 'is not what kustomize expects'],
    ['resources: [1]', 'is not what kustomize expects'],
    ['resources: [a.yaml]\nresources: [b.yaml]', 'resources'],
    ['resources: [a.yaml]\n---\nresources: [b.yaml]', 'second document'],
    ['resources: [', ''],
    ['', 'it is empty'],
    ['kind: Kustomization\nresources:\n', 'it is empty'],
    ['- a', 'is not what kustomize expects'],
  ])('%j', async (kustomization, why) => {
    const files = {
      'app/kustomization.yaml': kustomization,
      'app/a.yaml': configMap('a'),
      'app/sub/x.txt': '',
      'app/two/kustomization.yaml': 'namePrefix: a',
      'app/two/kustomization.yml': 'namePrefix: a',
      'app/exec.yaml':
        'apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata:\n  name: x\n  annotations: {config.kubernetes.io/function: "exec: {path: ./x}"}',
      'app/container.yaml':
        'apiVersion: x/v1\nkind: A\nmetadata:\n  name: x\n  annotations: {config.k8s.io/function: "container: {image: x}"}',
      'app/helm.yaml': 'apiVersion: builtin\nkind: HelmChartInflationGenerator\nmetadata: {name: x}',
    };
    const found = refusals(await reach(files, { links: ['app/linked.yaml', 'app/linked'] }));
    if (why === null) expect(found).toEqual([]);
    else expect(found[0]).toMatch(new RegExp(`^app/[a-z./]+:\\d+ .*(?:${why})`));
  });

  it('what lies above the tree, marked as such, since a wider tree may hold it', async () => {
    const found = await reach({ 'kustomization.yaml': 'resources: [../base]' }, { folder: '.' });
    expect(found.refusals).toEqual([expect.objectContaining({ outside: true })]);
  });

  it('a file that is too large, and more than may be reached', async () => {
    const tree = memoryTree({ 'app/kustomization.yaml': 'resources: [large.yaml]' });
    const large = { path: 'app/large.yaml', content: 'x', size: 11 * 1024 * 1024 };
    const found = await reachOf(new TreeIndex({ ...tree, files: [...tree.files, large] }), 'app');
    expect(refusals(found)).toEqual([expect.stringContaining('larger than 10 MiB')]);

    const many = Array.from({ length: 8 }, (_, index) => `f${index}.yaml`);
    const wide = memoryTree({ 'app/kustomization.yaml': JSON.stringify({ resources: many }) });
    const files = many.map(name => ({ path: `app/${name}`, content: name, size: 9 * 1024 * 1024 }));
    const reached = await reachOf(new TreeIndex({ ...wide, files: [...wide.files, ...files] }), 'app');
    expect(refusals(reached)).toEqual([expect.stringContaining('more than 10,000 files or 64 MiB')]);
  });

  it('each thing once, and not without end', async () => {
    const urls = Array.from({ length: 100 }, (_, index) => `https://example.com/${index}`);
    const found = await reach({ 'app/kustomization.yaml': JSON.stringify({ resources: urls }) });
    expect(found.refusals).toHaveLength(20);
  });
});
