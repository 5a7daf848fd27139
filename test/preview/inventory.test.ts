import { describe, expect, it } from 'vitest';
import type { Driver, PlanOptions } from '../../src/drivers/driver.ts';
import { Failure } from '../../src/failure/failure.ts';
import { driversLive, type InventoryOf } from '../../src/preview/live.ts';
import { comparison } from '../report/sample.ts';
import { configMap, headRevision, previewed } from './sample.ts';

const before = { 'manifests/shop/a.yaml': `${configMap('a')}---\n${configMap('gone')}` };
const gone = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'gone' };
const listed: InventoryOf = async () => [{ resource: gone, revision: headRevision }];

/** A driver that deletes what the inventory lists, and counts what it is asked. */
function driver() {
  const asked: string[] = [];
  const planned: (PlanOptions | undefined)[] = [];
  const made: Driver = {
    name: 'kubernetes',
    compare: async unit => {
      asked.push(`compare ${unit.objects.map(({ ref }) => ref.name).join(' ')}`);
      return comparison([]);
    },
    plan: async (unit, _declaration, _signal, options) => {
      asked.push(`plan ${unit.objects.map(({ ref }) => ref.name).join(' ')}`);
      planned.push(options);
      const actions = (options?.inventory ?? []).map(({ resource }) => ({
        action: 'prune' as const,
        resource,
      }));
      return { unit: 'shop', revision: headRevision, digest: '', actions, refused: [] };
    },
    inventory: async () => [],
    observe: () => expect.unreachable(),
    apply: async () => expect.unreachable(),
  };
  return { asked, planned, drivers: new Map([['kubernetes' as const, made]]) };
}

describe('what is deleted', () => {
  it('is told by the inventory, and live is compared once for comparison and plan', async () => {
    const { asked, planned, drivers } = driver();
    const found = await previewed(
      before,
      { 'manifests/shop/a.yaml': configMap('a') },
      driversLive(drivers, listed),
    );

    expect(found.resources).toMatchObject([
      { action: 'remove', notes: ['no longer declared: it is deleted'] },
    ]);
    expect(asked.sort()).toEqual(['compare a', 'compare gone', 'plan a']);
    expect(planned[0]?.comparison).toBeDefined();
  });

  it('is told of a unit that is declared no more, too', async () => {
    const { asked, drivers } = driver();
    const found = await previewed(
      { ...before, 'manifests/other/a.yaml': configMap('o') },
      { 'manifests/other/a.yaml': configMap('o') },
      driversLive(drivers, listed),
    );

    expect(asked).toContain('plan ');
    expect(found.resources.map(({ resource, notes }) => [resource.name, notes[0]])).toEqual([
      ['a', 'its unit is no longer declared: it is left running and told as orphaned'],
      ['gone', 'no longer declared: it is deleted'],
    ]);
  });

  it.each<[string, InventoryOf, string[]]>([
    [
      'not known where the inventory cannot be read',
      async () => Promise.reject(new Failure('HF1303', 'forbidden')),
      [expect.stringContaining('is deleted is not known: HF1303')],
    ],
    [
      'nothing where Holdfast keeps nothing',
      async () => Promise.reject(new Failure('HF1309', 'no kinds of holdfast.dev')),
      [],
    ],
  ])('is %s', async (_what, inventoryOf, notes) => {
    const { drivers } = driver();
    const found = await previewed(
      before,
      { 'manifests/shop/a.yaml': configMap('a') },
      driversLive(drivers, inventoryOf),
    );
    expect(found.units[0]?.notes).toEqual(notes);
    expect(found.resources[0]?.notes[0]).toContain('left running');
  });
});
