import { describe, expect, it } from 'vitest';
import { ParseCache } from '../../src/declared/cache.ts';
import type { Declaration } from '../../src/declared/declaration.ts';
import { declare } from '../../src/declared/declare.ts';
import { largestFile } from '../../src/declared/objects/file.ts';
import { configMap, memoryTree } from './tree.ts';

/** Each unit with its driver and what it declares. */
function units(declaration: Declaration): Record<string, [string, string[]]> {
  return Object.fromEntries(
    declaration.units.map(({ definition, objects }) => [
      definition.name,
      [definition.driver, objects.map(({ ref, source }) => `${ref.name} ${source.file}:${source.line}`)],
    ]),
  );
}

function messages(declaration: Declaration): string[] {
  return declaration.units.flatMap(unit => unit.findings.map(({ type, message }) => `${type} ${message}`));
}

describe('units by convention', () => {
  it('are the folders of manifests, the charts of helm and what infra-state holds', async () => {
    const tree = memoryTree({
      'manifests/loose.yaml': configMap('loose'),
      'manifests/shop/a.yml': configMap('a'),
      'manifests/shop/deep/b.json': '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "b"}}',
      'manifests/shop/README.md': 'no',
      'manifests/docs/README.md': 'no',
      'helm/web/Chart.yaml': 'apiVersion: v2\nname: web',
      'helm/web/templates/a.yaml': '{{ nothing }}',
      'helm/notes/README.md': 'no',
      'infra-state/net/main.tf': '',
      'infra-state/stack/deployment.yaml': 'template-file-path: template.yaml',
      'infra-state/hosts/site.yml': '- hosts: all',
      'infra-state/other/x.txt': '',
    });

    expect(units(await declare(tree))).toEqual({
      manifests: ['kubernetes', ['loose manifests/loose.yaml:1']],
      shop: ['kubernetes', ['a manifests/shop/a.yml:1', 'b manifests/shop/deep/b.json:1']],
      web: ['helm', []],
      net: ['terraform', []],
      stack: ['cloudformation', []],
      hosts: ['ansible', []],
    });
  });

  it('have names that a label can hold, and never the same one', async () => {
    const tree = memoryTree({
      'manifests/My_Shop/a.yaml': configMap('a'),
      'manifests/my-shop/a.yaml': configMap('b'),
      'helm/my-shop/Chart.yaml': 'name: x',
    });
    expect(Object.keys(units(await declare(tree))).sort()).toEqual([
      'my-shop',
      'my-shop-helm',
      'my-shop-kubernetes',
    ]);
  });

  it('are one for a plain folder', async () => {
    const tree = memoryTree({
      'a.yaml': configMap('a'),
      'x/b.yaml': configMap('b'),
      '.github/ci.yaml': 'x: 1',
    });
    expect(units(await declare(tree, { name: 'Web App' }))).toEqual({
      'web-app': ['kubernetes', ['a a.yaml:1', 'b x/b.yaml:1']],
    });
  });
});

describe('units of holdfast.yaml', () => {
  const files = {
    'manifests/shop/a.yaml': configMap('a'),
    'manifests/shop/special/b.yaml': configMap('b'),
    'manifests/other/c.yaml': configMap('c'),
    'elsewhere/d.yaml': configMap('d'),
  };

  it('come beside those by convention; a file belongs to the deepest', async () => {
    const settings =
      'units:\n- {name: special, driver: kubernetes, path: ./manifests/shop/special/}\n- {name: extra, driver: kubernetes, path: elsewhere}\n';
    const declaration = await declare(memoryTree({ ...files, 'holdfast.yaml': settings }));

    expect(units(declaration)).toEqual({
      extra: ['kubernetes', ['d elsewhere/d.yaml:1']],
      other: ['kubernetes', ['c manifests/other/c.yaml:1']],
      shop: ['kubernetes', ['a manifests/shop/a.yaml:1']],
      special: ['kubernetes', ['b manifests/shop/special/b.yaml:1']],
    });
    expect(declaration.units[0]?.definition.source).toEqual({ file: 'holdfast.yaml', line: 3 });
  });

  it('may be the root itself, which then is all', async () => {
    const settings = 'units:\n- {name: all, driver: kubernetes, path: .}\n';
    const declaration = await declare(memoryTree({ ...files, 'holdfast.yaml': settings }));
    expect(declaration.units.map(unit => [unit.definition.name, unit.objects.length])).toEqual([['all', 4]]);
    expect(messages(declaration)).toEqual([]);
  });

  it('run where they say, with the namespace of the environment', async () => {
    const settings =
      'environments: [staging, production]\nunits:\n- {name: shop, driver: kubernetes, path: manifests/shop, namespace: shop, overrides: {staging: {namespace: shop-staging}}}\n- {name: extra, driver: kubernetes, path: elsewhere, environments: [production]}\n';
    const tree = memoryTree({ ...files, 'holdfast.yaml': settings });

    const staging = await declare(tree, { environment: 'staging' });
    const production = await declare(tree, { environment: 'production' });

    expect(Object.keys(units(staging))).toEqual(['other', 'shop']);
    expect(staging.units[1]?.objects[0]?.ref.namespace).toBe('shop-staging');
    expect(Object.keys(units(production))).toEqual(['extra', 'other', 'shop']);
    expect(production.units[2]?.objects[0]?.ref.namespace).toBe('shop');
    await expect(declare(tree)).rejects.toMatchObject({ code: 'HF1001' });
    await expect(declare(tree, { environment: 'prod' })).rejects.toMatchObject({ code: 'HF1001' });
  });

  it('are unknown, not empty, when there is nothing at their path', async () => {
    const settings = 'units:\n- {name: gone, driver: kubernetes, path: nothing/here}\n';
    const declaration = await declare(memoryTree({ 'holdfast.yaml': settings }));
    expect(messages(declaration)).toEqual([
      expect.stringMatching(/^unknown HF1105 .*nothing\/here \(holdfast.yaml:2\)/),
    ]);
  });
});

describe('namespaces', () => {
  it('come from the object, else from the unit, else are left open', async () => {
    const own = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: own, namespace: mine}\n---\n';
    const files = { 'a/a.yaml': own + configMap('open') };
    const settings = 'units:\n- {name: a, driver: kubernetes, path: a, namespace: unit}\n';
    const withSetting = await declare(memoryTree({ ...files, 'holdfast.yaml': settings }));
    const without = await declare(memoryTree(files));

    expect(withSetting.units[0]?.objects.map(({ ref }) => ref.namespace)).toEqual(['mine', 'unit']);
    expect(without.units[0]?.objects.map(({ ref }) => ref.namespace)).toEqual(['mine', undefined]);
    expect(withSetting.units[0]?.objects[1]?.object['metadata']).toEqual({ name: 'open' });
  });
});

describe('what is wrong', () => {
  it('is found with file and line, beside what is good', async () => {
    const declaration = await declare(
      memoryTree({
        'a.yaml': `${configMap('a')}---\nx: 1\n y: 2\n---\n${configMap('b')}`,
        'b.yaml': `# same\n${configMap('a')}`,
        'c.yaml': `${configMap('b', 'data: {x: "1"}\n')}---\nkind: A\n`,
        'd.yaml': 'apiVersion: v1\nkind: {{ .Kind }}\n',
      }),
      { name: 'web' },
    );

    expect(units(declaration)).toEqual({ web: ['kubernetes', ['a a.yaml:1', 'b a.yaml:9']] });
    expect(messages(declaration)).toEqual([
      expect.stringMatching(/^invalid HF1101 .*\(a\.yaml:7\)/),
      expect.stringMatching(
        /^invalid HF1103 ConfigMap a is declared here and, the same way, at a\.yaml:1.*\(b\.yaml:2\)/,
      ),
      expect.stringMatching(/^invalid HF1102 it has no apiVersion \(c\.yaml:7\)/),
      expect.stringMatching(
        /^invalid HF1103 ConfigMap b is declared here and, differently, at a\.yaml:9.*\(c\.yaml:1\)/,
      ),
      expect.stringMatching(/^invalid HF1107 .*\(d\.yaml:2\)/),
    ]);
  });

  it('is not that the same name is used in another group, kind or namespace', async () => {
    const objects = [
      'apiVersion: v1\nkind: A\nmetadata: {name: x}',
      'apiVersion: v1\nkind: B\nmetadata: {name: x}',
      'apiVersion: g/v1\nkind: A\nmetadata: {name: x}',
      'apiVersion: v1\nkind: A\nmetadata: {name: x, namespace: other}',
    ];
    const declaration = await declare(memoryTree({ 'a.yaml': objects.join('\n---\n') }));
    expect(declaration.units[0]?.objects).toHaveLength(4);
    expect(messages(declaration)).toEqual([]);
  });

  it('is the same object at two versions of its group', async () => {
    const files = {
      'a.yaml': 'apiVersion: g/v1\nkind: A\nmetadata: {name: x}',
      'b.yaml': 'apiVersion: g/v2\nkind: A\nmetadata: {name: x}',
    };
    expect(messages(await declare(memoryTree(files)))).toEqual([expect.stringContaining('HF1103')]);
  });

  it('is what must be rendered first, or is only linked to', async () => {
    const declaration = await declare(
      memoryTree(
        {
          'plain/a.yaml': configMap('a'),
          'plain/overlay/kustomization.yaml': 'resources:\n- b.yaml\n- https://example.com/c.yaml',
          'plain/overlay/b.yaml': configMap('b'),
          'chart/Chart.yaml': 'name: x',
          'chart/templates/c.yaml': '{{ x }}',
        },
        ['README', 'plain/link.yaml'],
      ),
    );
    expect(units(declaration)).toEqual({ manifests: ['kubernetes', ['a plain/a.yaml:1']] });
    expect(messages(declaration)).toEqual([
      expect.stringMatching(/^unknown HF1106 .*plain\/overlay\/kustomization.yaml:3/),
      expect.stringMatching(/^unknown HF1108 .*chart\/Chart.yaml:1/),
      expect.stringMatching(/^unknown HF1105 .*README/),
      expect.stringMatching(/^unknown HF1105 .*plain\/link.yaml/),
    ]);
  });

  it('is a file that is too large, which is not even read', async () => {
    const tree = memoryTree({ 'a.yaml': configMap('a') });
    const large = { path: 'b.yaml', content: 'x', size: largestFile + 1 };
    const declaration = await declare({ ...tree, files: [...tree.files, large] });
    expect(tree.asked).toEqual(['a.yaml']);
    expect(messages(declaration)).toEqual([expect.stringMatching(/^invalid HF1101 .*10 MiB.*b\.yaml/)]);
  });

  it('is a single file that cannot be read', async () => {
    const tree = memoryTree({ 'a.yaml': configMap('a') });
    const unreadable = { path: 'b.yaml', content: 'x', size: 1 };
    const declaration = await declare({ ...tree, files: [...tree.files, unreadable] });
    expect(units(declaration)).toEqual({ manifests: ['kubernetes', ['a a.yaml:1']] });
    expect(messages(declaration)).toEqual([expect.stringMatching(/^unknown HF1105 .*b\.yaml/)]);
  });
});

describe('reading again', () => {
  it('parses only files that changed', async () => {
    const cache = new ParseCache();
    const first = memoryTree({ 'a.yaml': configMap('a'), 'b.yaml': configMap('b') });
    const second = memoryTree({ 'x/a.yaml': configMap('a'), 'b.yaml': configMap('c') });

    await declare(first, { cache });
    const declaration = await declare(second, { cache });

    expect(second.asked).toEqual(['b.yaml']);
    expect(units(declaration)).toEqual({ manifests: ['kubernetes', ['c b.yaml:1', 'a x/a.yaml:1']] });
  });

  it('forgets what no recent tree used', async () => {
    const cache = new ParseCache(2);
    for (const name of ['a', 'b', 'c', 'd'])
      await declare(memoryTree({ 'a.yaml': configMap(name) }), { cache });
    expect(cache.size).toBe(2);
  });

  it.each<[string, Record<string, string>, boolean]>([
    ['nothing changes', { 'a.yaml': configMap('a') }, true],
    ['an object moves to another file', { 'z.yaml': `# moved\n${configMap('a')}` }, true],
    ['a value changes', { 'a.yaml': configMap('a', 'data: {x: "1"}\n') }, false],
    ['an object is added', { 'a.yaml': configMap('a'), 'b.yaml': configMap('b') }, false],
    ['a broken file is added', { 'a.yaml': configMap('a'), 'b.yaml': 'a: [' }, false],
  ])('gives the unit the same hash exactly when it declares the same: %s', async (_, files, same) => {
    const [before] = (await declare(memoryTree({ 'a.yaml': configMap('a') }))).units;
    const [after] = (await declare(memoryTree(files))).units;
    expect(after?.hash === before?.hash).toBe(same);
  });
});
