import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Driver, Plan } from '../../../src/drivers/driver.ts';
import { applyManifests, mustKubectl, readObject, uniqueNamespace } from '../support/kubectl.ts';
import { openDriver, repositoryOf, said } from './support.ts';

let driver: Driver;

beforeAll(async () => {
  driver = await openDriver();
});

const config = (namespace: string, name: string, more = '') =>
  `{apiVersion: v1, kind: ConfigMap, metadata: {name: ${name}, namespace: ${namespace}${more}}, data: {a: '1'}}\n`;
const configs = (namespace: string, names: string[]) =>
  names.map(name => config(namespace, name)).join('---\n');
const file = 'manifests/shop/all.yaml';
const ten = Array.from({ length: 10 }, (_, index) => `c${index}`);
const kept = ({ kept: left = [] }: Plan) =>
  left.map(({ resource, message }) => `${resource.name}: ${message}`);
const living = async (namespace: string) =>
  (await mustKubectl('get', 'configmaps', '-n', namespace, '-o', 'name'))
    .split('\n')
    .filter(name => name !== '' && !name.endsWith('kube-root-ca.crt'))
    .map(name => name.replace('configmap/', ''))
    .sort();

async function synced(names = ten) {
  const namespace = await uniqueNamespace('prune');
  const repository = repositoryOf(driver);
  await repository.sync('shop', { [file]: configs(namespace, names) });
  return { namespace, repository };
}

describe('what Git no longer declares', () => {
  it('is deleted, when an earlier sync made it', async () => {
    const { namespace, repository } = await synced();

    const { plan, applied } = await repository.sync('shop', { [file]: configs(namespace, ten.slice(2)) });

    expect(plan.actions.map(said)).toEqual(['prune ConfigMap c0', 'prune ConfigMap c1']);
    expect(applied.map(({ result }) => result)).toEqual(['applied', 'applied']);
    expect(await living(namespace)).toEqual(ten.slice(2));
    expect(repository.inventories.get('shop')).toHaveLength(8);
  });

  it('is deleted too, when an earlier sync found it as declared', async () => {
    const namespace = await uniqueNamespace('prune');
    await applyManifests(configs(namespace, ten));
    const repository = repositoryOf(driver);
    const first = await repository.sync('shop', { [file]: configs(namespace, ten) });

    await repository.sync('shop', { [file]: configs(namespace, ten.slice(1)) });

    expect(first.plan.actions).toEqual([]);
    expect(await living(namespace)).toEqual(ten.slice(1));
  });

  it('is left when nothing is known of it from an earlier sync', async () => {
    const { namespace, repository } = await synced();
    repository.inventories.clear();

    const { plan } = await repository.sync('shop', { [file]: configs(namespace, ten.slice(1)) });

    expect(plan.actions).toEqual([]);
    expect(await living(namespace)).toEqual(ten);
  });

  it.each<[string, (namespace: string) => Promise<unknown>, RegExp]>([
    [
      'somebody made it anew',
      async namespace => {
        await mustKubectl('delete', 'configmap', 'c0', '-n', namespace);
        await mustKubectl('create', 'configmap', 'c0', '-n', namespace);
      },
      /another object than the one that was declared/,
    ],
    [
      'it is marked to stay',
      namespace => mustKubectl('annotate', 'configmap', 'c0', '-n', namespace, 'holdfast.dev/prune=disabled'),
      /says disabled/,
    ],
    [
      'another tool applies it',
      namespace =>
        applyManifests(config(namespace, 'c0', ', labels: {by: other}'), '--field-manager=argocd-controller'),
      /argocd-controller applies it/,
    ],
    [
      'a controller adopted it',
      async namespace => {
        const uid = await mustKubectl('get', 'cm', 'c1', '-n', namespace, '-o', 'jsonpath={.metadata.uid}');
        const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'c1', uid, controller: true };
        const patch = JSON.stringify({ metadata: { ownerReferences: [owner] } });
        await mustKubectl('patch', 'configmap', 'c0', '-n', namespace, '-p', patch);
      },
      /belongs to ConfigMap c1/,
    ],
    [
      'a Helm release has it',
      namespace => mustKubectl('annotate', 'cm', 'c0', '-n', namespace, 'meta.helm.sh/release-name=r'),
      /Helm release r/,
    ],
  ])('is left when %s', async (_why, edit, words) => {
    const { namespace, repository } = await synced();
    await edit(namespace);

    const { plan } = await repository.sync('shop', { [file]: configs(namespace, ten.slice(1)) });

    expect(plan.actions).toEqual([]);
    expect(kept(plan)).toEqual([expect.stringMatching(words)]);
    expect(await living(namespace)).toContain('c0');
  });

  it('is left when another unit declares it now: a folder was moved', async () => {
    const { namespace, repository } = await synced();
    const moved = { 'manifests/store/all.yaml': configs(namespace, ten) };

    const old = await repository.plan('shop', moved);
    const { plan } = await repository.sync('store', moved);

    expect([old.actions, old.kept, plan.actions]).toEqual([[], undefined, []]);
    expect(await living(namespace)).toEqual(ten);
  });
});

describe('a render that shrank takes nothing along', () => {
  it.each<[string, (namespace: string) => Record<string, string>, RegExp]>([
    ['to nothing', () => ({ [file]: '# nothing at all\n' }), /declares nothing any more/],
    [
      'by half',
      namespace => ({ [file]: configs(namespace, ten.slice(5)) }),
      /5 of 10 objects are gone at once/,
    ],
    ['with its whole unit', () => ({ 'manifests/other/x.yaml': '# empty\n' }), /declares nothing any more/],
    [
      'because a file cannot be read',
      namespace => ({ [file]: configs(namespace, ten.slice(1)), 'manifests/shop/bad.yaml': 'a: [' }),
      /not all of the unit shop can be read: manifests\/shop\/bad.yaml/,
    ],
    [
      'while another unit cannot be rendered',
      namespace => ({
        [file]: configs(namespace, ten.slice(1)),
        'manifests/other/kustomization.yaml': 'resources: [gone.yaml]\n',
      }),
      /the unit other cannot be rendered/,
    ],
    [
      'while its settings say that nothing is pruned',
      namespace => ({
        [file]: configs(namespace, ten.slice(1)),
        'holdfast.yaml': 'converge: {units: [{unit: shop, prune: false}]}\n',
      }),
      /pruning is off/,
    ],
  ])('%s', async (_how, files, words) => {
    const { namespace, repository } = await synced();

    const { plan } = await repository.sync('shop', files(namespace));

    expect(plan.actions).toEqual([]);
    expect(kept(plan)[0]).toMatch(words);
    expect(await living(namespace)).toEqual(ten);
  });

  it('unless the merged revision says so', async () => {
    const { namespace, repository } = await synced();
    const settings = (until: string) =>
      `converge: {prune: {allow: [{unit: shop, reason: the shop closes, until: ${until}}]}}\n`;
    const files = (until: string) => ({
      'manifests/other/x.yaml': '# empty\n',
      'holdfast.yaml': settings(until),
    });

    const late = await repository.plan('shop', files('2026-11-20'));
    const { plan } = await repository.sync('shop', files('2026-11-21'));

    expect(late.actions).toEqual([]);
    expect(plan.actions).toHaveLength(10);
    expect(await living(namespace)).toEqual([]);
    expect(repository.inventories.get('shop')).toEqual([]);
  });
});

describe('a namespace, a definition, a volume', () => {
  const name = `prune-${randomBytes(4).toString('hex')}`;
  const declared = (names: string[]) =>
    [
      `{apiVersion: v1, kind: Namespace, metadata: {name: ${name}}}\n`,
      ...names.map(each => config(name, each)),
    ].join('---\n');
  const settings = (resource: string) =>
    `converge: {prune: {allow: [{unit: shop, ${resource}reason: over, until: 2026-12-01}]}}\n`;

  it('goes only by a word that names its kind', async () => {
    const repository = repositoryOf(driver);
    await repository.sync('shop', { [file]: declared(['c0']) });
    const other = { 'manifests/other/x.yaml': '# empty\n' };

    const without = await repository.plan('shop', { ...other, 'holdfast.yaml': settings('') });
    const pattern = await repository.plan('shop', {
      ...other,
      'holdfast.yaml': settings("resource: {kind: '*'}, "),
    });
    const named = await repository.plan('shop', {
      ...other,
      'holdfast.yaml': settings('resource: {kind: Namespace}, '),
    });

    expect(without.actions.map(said)).toEqual(['prune ConfigMap c0']);
    expect(kept(without)).toEqual([`${name}: converge.prune.allow must name a Namespace`]);
    expect(pattern.actions.map(said)).toEqual(['prune ConfigMap c0']);
    expect(named.actions.map(said)).toEqual([`prune Namespace ${name}`]);
    expect(await readObject('namespace', name)).toBeDefined();
  });
});

it('deletes nothing when anything before it failed', async () => {
  const { namespace, repository } = await synced();
  const bad = `{apiVersion: v1, kind: Service, metadata: {name: bad, namespace: ${namespace}}, spec: {ports: [{port: 99999}]}}\n`;

  const { applied } = await repository.sync('shop', {
    [file]: [configs(namespace, ten.slice(1)), bad].join('---\n'),
  });

  expect(applied.map(({ result, action }) => `${action} ${result}`)).toEqual(['prune skipped']);
  expect(await living(namespace)).toEqual(ten);
});

it('deletes what needs others before them, and says what a deletion waits for', async () => {
  const namespace = await uniqueNamespace('prune');
  const group = `g${randomBytes(4).toString('hex')}.example.com`;
  const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.${group}}
spec:
  group: ${group}
  scope: Namespaced
  names: {kind: Widget, plural: widgets}
  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}]
`;
  const widget = `{apiVersion: ${group}/v1, kind: Widget, metadata: {name: w, namespace: ${namespace}, finalizers: [example.com/held]}}\n`;
  const repository = repositoryOf(driver);
  const all = [definition, widget, configs(namespace, ten)].join('---\n');
  await repository.sync('shop', { [file]: all });

  const { plan, applied } = await repository.sync(
    'shop',
    { [file]: [definition, configs(namespace, ten.slice(1))].join('---\n') },
    'sync-2',
    1_500,
  );

  expect(plan.actions.map(said)).toEqual(['prune Widget w', 'prune ConfigMap c0']);
  expect(applied).toMatchObject([
    { result: 'failed', code: 'HF1603', message: expect.stringContaining('example.com/held') },
    { result: 'skipped' },
  ]);
  await mustKubectl(
    'patch',
    `widgets.${group}`,
    'w',
    '-n',
    namespace,
    '--type=merge',
    '-p',
    '{"metadata":{"finalizers":null}}',
  );
});
