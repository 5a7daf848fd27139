import { expect, it } from 'vitest';
import type { Cluster } from '../../src/cluster/cluster.ts';
import { clusterSightings } from '../../src/sharing/sighting-store.ts';

const storeOver = (holder: string) => {
  const deleted: unknown[] = [];
  const cluster = {
    get: async () => ({ metadata: { name: 'shop', resourceVersion: '7' }, spec: { unit: 'shop', holder } }),
    delete: async (_target: unknown, options: unknown) => {
      deleted.push(options);
    },
  } as unknown as Cluster;
  return { store: clusterSightings(cluster, 'holdfast'), deleted };
};

it('an object is removed in the state in which it is still of this observer', async () => {
  const { store, deleted } = storeOver('a');
  await store.remove('shop', 'a');
  expect(deleted).toEqual([{ dryRun: false, resourceVersion: '7' }]);
});

it('what the next observer has written in its place stays', async () => {
  const { store, deleted } = storeOver('b');
  await store.remove('shop', 'a');
  expect(deleted).toEqual([]);
});
