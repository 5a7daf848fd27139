import { describe, expect, it } from 'vitest';
import { previewExitCode } from '../../src/preview/model.ts';
import { baseRevision, configMap, deployment, headRevision, previewed, secret } from './sample.ts';

const unit = (text: string) => ({ 'manifests/shop/all.yaml': text });
const titles = ({ resources }: Awaited<ReturnType<typeof previewed>>) =>
  resources.map(
    ({ action, resource }) => `${action} ${'kind' in resource ? resource.kind : ''} ${resource.name}`,
  );

describe('a preview of base and head', () => {
  it('tells fields by their merge keys, before and after', async () => {
    const found = await previewed(unit(deployment()), unit(deployment({ image: 'cart:1.3' })));

    expect(found).toMatchObject({ base: baseRevision, head: headRevision, live: { from: 'none' } });
    expect(found.resources).toMatchObject([
      {
        action: 'change',
        source: { file: 'manifests/shop/all.yaml', line: 1 },
        fields: [
          {
            path: '/spec/template/spec/containers/name=web/image',
            why: 'merge',
            base: 'cart:1.2',
            head: 'cart:1.3',
          },
        ],
      },
    ]);
  });

  it('says images, replicas and requests in their own words', async () => {
    const after = deployment({ image: 'cart:1.3', replicas: 4, cpu: '500m' });

    const { resources } = await previewed(unit(deployment()), unit(after));

    expect(resources[0]?.highlights).toEqual(['web: 1.2 → 1.3', '2 → 4 replicas', '+1.5 CPU requested']);
  });

  it('counts what stays, and names no unit or resource that does', async () => {
    const before = {
      ...unit(`${deployment()}---\n${configMap('a')}`),
      'manifests/other/a.yaml': configMap('o'),
    };
    const after = { ...before, ...unit(`${deployment()}---\n${configMap('a', 'c')}`) };

    const { units, resources } = await previewed(before, after);

    expect(resources).toHaveLength(1);
    expect(units).toMatchObject([
      { name: 'other', effect: 'unaffected' },
      { name: 'shop', effect: 'changed', resources: { declared: 2, unchanged: 1 } },
    ]);
  });

  it.each([
    ['another order of keys', 'data: { a: x, c: y }', 'data: { c: y, a: x }'],
    ['comments', 'data: { a: x }', '# why\ndata: { a: x }'],
    ['a status', 'data: { a: x }', 'data: { a: x }\nstatus: { phase: x }'],
  ])('sees no change in %s', async (_what, before, after) => {
    const head = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a, namespace: shop }\n';
    expect((await previewed(unit(head + before), unit(head + after))).resources).toEqual([]);
  });

  it('sees no change where stringData becomes the same data', async () => {
    const coded = secret('x').replace('stringData: { password: x }', 'data: { password: eA== }');
    expect((await previewed(unit(secret('x')), unit(coded))).resources).toEqual([]);
  });

  it('says what its schema does not take of what the pull request changes, and of nothing else', async () => {
    const service = (field: string, name = 'cart') =>
      `apiVersion: v1\nkind: Service\nmetadata: { name: ${name}, namespace: shop }\nspec: { selector: { app: cart }, ports: [{ ${field}: 80 }] }\n`;
    const old = service('prot', 'old');
    const found = await previewed(
      unit(`${service('port')}---\n${old}`),
      unit(`${service('prot')}---\n${old}`),
    );
    expect(found.resources).toMatchObject([
      {
        resource: { name: 'cart' },
        problems: [expect.stringMatching(/Kubernetes 1\.\d+\) does not take it: .*prot/)],
      },
    ]);
    expect(previewExitCode(found)).toBe(1);
  });

  it('does not quote what a schema does not take of a Secret', async () => {
    const wrong =
      'apiVersion: v1\nkind: Secret\nmetadata: { name: token, namespace: shop }\ndata: { pin: 31337 }\n';
    const found = await previewed(unit(secret('one')), unit(wrong));
    expect(found.resources[0]?.problems).toEqual([expect.stringContaining('/data/pin')]);
    expect(JSON.stringify(found)).not.toContain('31337');
  });

  it('takes a moved object for the same one', async () => {
    const found = await previewed(
      { 'manifests/shop/a.yaml': configMap('a') },
      { 'manifests/shop/b.yaml': configMap('a') },
    );
    expect(found.resources).toEqual([]);
  });

  it('shows a new API version as a change of the one object', async () => {
    const hpa = (version: string) =>
      `apiVersion: autoscaling/${version}\nkind: HorizontalPodAutoscaler\nmetadata: { name: a, namespace: shop }\nspec: { maxReplicas: 2, scaleTargetRef: { kind: Deployment, name: cart } }\n`;

    const found = await previewed(unit(hpa('v1')), unit(hpa('v2')));

    expect(found.resources).toMatchObject([{ action: 'change', fields: [{ path: '/apiVersion' }] }]);
  });

  it('puts problems and dangerous changes first', async () => {
    const role = `apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: { name: r, namespace: shop }\nrules: []\n`;
    const before = [configMap('gone'), configMap('a'), secret('one')].join('---\n');
    const after = [configMap('a', 'c'), secret('two'), role, configMap('new')].join('---\n');

    const found = await previewed(unit(before), unit(after));

    expect(titles(found)).toEqual([
      'remove ConfigMap gone',
      'create Role r',
      'change Secret token',
      'change ConfigMap a',
      'create ConfigMap new',
    ]);
  });

  it('names broken files of the head with their lines, and shows the rest', async () => {
    const found = await previewed(
      { 'manifests/shop/a.yaml': configMap('a') },
      { 'manifests/shop/a.yaml': configMap('a', 'c'), 'manifests/shop/b.yaml': 'kind: [unclosed\n' },
    );

    expect(found.failures).toMatchObject([{ type: 'invalid', code: 'HF1101' }]);
    expect(titles(found)).toEqual(['change ConfigMap a']);
    expect(previewExitCode(found)).toBe(1);
  });

  it('tells a unit that is gone, and each of its resources', async () => {
    const found = await previewed(
      { ...unit(configMap('a')), 'manifests/old/a.yaml': configMap('o') },
      unit(configMap('a')),
    );

    expect(found.units).toMatchObject([{ name: 'old', effect: 'removed' }, { name: 'shop' }]);
    expect(titles(found)).toEqual(['remove ConfigMap o']);
  });

  it('is the same bytes each time, whatever the order of files', async () => {
    const before = { 'manifests/shop/a.yaml': configMap('a'), 'manifests/shop/b.yaml': secret('one') };
    const after = { 'manifests/shop/a.yaml': configMap('a', 'c'), 'manifests/shop/b.yaml': secret('two') };
    const turned = Object.fromEntries(Object.entries(after).reverse());

    const [one, two] = [await previewed(before, after), await previewed(before, turned)];

    expect(JSON.stringify(two)).toBe(JSON.stringify(one));
  });

  it('says of a driver that is only known live that it is', async () => {
    const found = await previewed(
      { 'infra-state/net/main.tf': 'resource "a" "b" {}\n' },
      { 'infra-state/net/main.tf': 'resource "a" "c" {}\n' },
    );
    expect(found.units).toMatchObject([{ name: 'net', notes: [expect.stringContaining('terraform')] }]);
  });

  it('keeps what goes to another unit, and tells only what differs', async () => {
    const found = await previewed(
      { 'manifests/old/a.yaml': `${configMap('same')}---\n${configMap('other')}---\n${configMap('gone')}` },
      { 'manifests/new/a.yaml': `${configMap('same')}---\n${configMap('other', 'c')}` },
    );

    expect(
      found.resources.map(({ unit: name, action, resource, notes }) => [
        name,
        action,
        resource.name,
        ...notes,
      ]),
    ).toEqual([
      ['old', 'remove', 'gone', 'its unit is no longer declared: it is left running and told as orphaned'],
      ['new', 'change', 'other', 'the unit old declared it before'],
      ['new', 'none', 'same', 'the unit old declared it before'],
      ['old', 'none', 'other', 'the unit new declares it now: it stays'],
      ['old', 'none', 'same', 'the unit new declares it now: it stays'],
    ]);
  });
});
