import { describe, expect, it } from 'vitest';
import { declare } from '../../src/declared/declare.ts';
import { configMap, memoryTree } from './tree.ts';

const tree = memoryTree({
  'manifests/shop/shop.yaml': configMap('shop'),
  'manifests/shop/canary/canary.yaml': configMap('canary'),
  'holdfast.yaml': `environments: [staging, production]
units:
  - {name: shop, driver: kubernetes, path: manifests/shop, namespace: shop, manages: true,
     overrides: {staging: {namespace: shop-staging}, production: {manages: [shop, shop-jobs]}}}
  - {name: canary, driver: kubernetes, path: manifests/shop/canary, namespace: canary, environments: [staging]}
`,
});

const told = async (environment: string) =>
  Object.fromEntries(
    (await declare(tree, { environment })).units.map(({ definition, objects, manages }) => [
      definition.name,
      [...objects.map(({ ref }) => `${ref.namespace}/${ref.name}`), ...(manages ?? [])].join(' '),
    ]),
  );

describe('environments', () => {
  it.each([
    ['staging', { canary: 'canary/canary', shop: 'shop-staging/shop shop-staging' }],
    ['production', { shop: 'shop/shop shop shop-jobs' }],
  ])('in %s are the units that run there, with what differs there', async (environment, expected) => {
    expect(await told(environment)).toEqual(expected);
  });

  it.each([
    ['an unknown one', 'prod', /none of those in holdfast.yaml \(staging, production\)/],
    ['none, where units differ', undefined, /say which environment \(staging, production\)/],
  ])('%s is an error that names the known ones', async (_what, environment, words) => {
    await expect(declare(tree, { environment })).rejects.toMatchObject({
      code: 'HF1001',
      message: expect.stringMatching(words),
    });
  });

  it('may be called as one likes where the repository lists none', async () => {
    const plain = memoryTree({ 'manifests/shop/shop.yaml': configMap('shop') });
    expect((await declare(plain, { environment: 'anywhere' })).units).toHaveLength(1);
  });
});
