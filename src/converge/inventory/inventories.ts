import { z } from 'zod';
import type { Cluster } from '../../cluster/cluster.ts';
import { isNotFound } from '../../cluster/failures.ts';
import { collectionPath } from '../../cluster/kind.ts';
import { jsonObjectSchema } from '../../cluster/schema.ts';
import type { InventoryItem } from '../../drivers/driver.ts';
import { Failure } from '../../failure/failure.ts';
import { aboutOwn, inventoryKind, isConflict, itemsOf } from '../resources.ts';
import { itemOf, itemText } from './item-text.ts';

/** What earlier syncs of each unit left behind. All methods throw a Failure HF13xx when the server does not do it. */
export interface Inventories {
  /** All items of a unit; undefined where it has no inventory. Throws HF1607 when it cannot be read: then nothing may be pruned. */
  load(unit: string): Promise<InventoryItem[] | undefined>;
  /** Replaces the inventory of a unit; one without items is deleted. */
  save(unit: string, items: readonly InventoryItem[]): Promise<void>;
  /** The units that have one. */
  units(): Promise<string[]>;
}

/** So many items stay far below what etcd takes for an object (1.5 MiB). */
const pageItems = 2_500;

const storedSchema = z.looseObject({
  metadata: z.looseObject({ name: z.string(), resourceVersion: z.string() }),
  spec: z.object({ unit: z.string(), page: z.number(), count: z.number(), items: z.array(z.string()) }),
});

type Stored = z.output<typeof storedSchema>;

/**
 * Inventories as custom resources of one namespace, in pages: `<unit>`, `<unit>.1`, … The first page holds the count of all, and
 * is written last when an inventory grows and first when it shrinks, so that one that was written in part is seen to be so.
 */
export function clusterInventories(cluster: Cluster, namespace: string): Inventories {
  const list = async (unit?: string): Promise<Stored[]> => {
    const answer = await aboutOwn(() =>
      cluster.call({
        path: collectionPath(inventoryKind, namespace),
        query: unit === undefined ? {} : { labelSelector: `holdfast.dev/unit=${unit}` },
        asked: { verb: 'list', resource: 'inventories.holdfast.dev' },
      }),
    );
    return itemsOf(answer, inventoryKind).map(item => {
      const stored = storedSchema.safeParse(item);
      if (stored.success) return stored.data;
      throw new Failure('HF1607', `what is stored of ${unit ?? 'a unit'} is no inventory`);
    });
  };
  const write = async (unit: string, page: number, spec: Stored['spec'], before: Stored | undefined) => {
    const name = pageName(unit, page);
    const target = { kind: inventoryKind, namespace, name };
    const { apiVersion, kind } = inventoryKind;
    const metadata = {
      name,
      namespace,
      labels: { 'holdfast.dev/unit': unit },
      ...(before === undefined ? {} : { resourceVersion: before.metadata.resourceVersion }),
    };
    const object = jsonObjectSchema.parse({ apiVersion, kind, metadata, spec });
    await (before === undefined
      ? aboutOwn(() => cluster.create(target, object, { dryRun: false }))
      : cluster.replace(target, object, { dryRun: false }));
  };
  const remove = async (page: Stored) => {
    const { name, resourceVersion } = page.metadata;
    const target = { kind: inventoryKind, namespace, name };
    await cluster.delete(target, { dryRun: false, resourceVersion }).catch(error => {
      if (!isNotFound(error)) throw error;
    });
  };
  const saveOnce = async (unit: string, items: readonly InventoryItem[]): Promise<void> => {
    const before = new Map((await list(unit)).map(page => [page.spec.page, page]));
    const texts = [...new Set(items.map(itemText))].sort();
    const pages = Array.from({ length: Math.ceil(texts.length / pageItems) }, (_, page) => ({
      unit,
      page,
      count: texts.length,
      items: texts.slice(page * pageItems, (page + 1) * pageItems),
    }));
    const changed = pages.filter(page => !isSame(page, before.get(page.page)?.spec));
    // the first page says how many there are: it comes after those that it counts
    for (const page of changed.toReversed()) await write(unit, page.page, page, before.get(page.page));
    for (const [number, page] of before) if (number >= pages.length) await remove(page);
  };
  return {
    async load(unit) {
      const pages = (await list(unit)).sort((one, other) => one.spec.page - other.spec.page);
      const [first] = pages;
      if (first === undefined) return undefined;
      return read(unit, first, pages);
    },
    async save(unit, items) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await saveOnce(unit, items);
        } catch (error) {
          if (attempt >= 5 || !isConflict(error)) throw error;
        }
      }
    },
    async units() {
      return [...new Set((await list()).map(({ spec }) => spec.unit))].sort();
    },
  };
}

/** All items of all pages, whatever the first page counts: more than it counts are those of a write that was cut short. */
function read(unit: string, first: Stored, pages: readonly Stored[]): InventoryItem[] {
  const texts = [...new Set(pages.flatMap(({ spec }) => spec.items))];
  if (first.spec.page !== 0 || texts.length < first.spec.count)
    throw new Failure('HF1607', `parts of the inventory of ${unit} are missing`);
  return texts.map(text => {
    const item = itemOf(text);
    if (item === undefined) throw new Failure('HF1607', `the inventory of ${unit} holds what is no resource`);
    return item;
  });
}

function isSame(page: Stored['spec'], before: Stored['spec'] | undefined): boolean {
  return JSON.stringify(page) === JSON.stringify(before);
}

function pageName(unit: string, page: number): string {
  return page === 0 ? unit : `${unit}.${page}`;
}
