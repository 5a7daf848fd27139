import type { Declaration, DeclaredUnit } from '../../declared/declaration.ts';
import type { AppliedResource, Driver, InventoryItem, Plan } from '../../drivers/driver.ts';
import { toFailure } from '../../failure/failure.ts';
import { isOutage } from '../../failure/outage.ts';
import { resourceKey } from '../../findings/finding.ts';
import type { Inventories } from '../inventory/inventories.ts';
import { knownOf } from '../inventory/known.ts';

/** What one attempt knows of earlier syncs of its unit, and what later ones are to know of it. */
export class Memory {
  readonly #inventories: Inventories | undefined;
  readonly #unit: string;
  /** Undefined where nothing is known: then nothing is pruned. */
  readonly inventory: InventoryItem[] | undefined;
  /** Why nothing can be pruned, where the inventory cannot be read. */
  readonly unsure: string | undefined;
  readonly #applied: AppliedResource[] = [];

  private constructor(
    unit: string,
    inventories: Inventories | undefined,
    known: Awaited<ReturnType<typeof knownOf>>,
  ) {
    this.#unit = unit;
    this.#inventories = inventories;
    this.inventory = known.inventory;
    this.unsure = known.unsure;
  }

  static async load(unit: string, inventories: Inventories | undefined): Promise<Memory> {
    return new Memory(unit, inventories, await knownOf(unit, inventories));
  }

  /** What is about to be made is written down first: after a crash it is known to be ours all the same. */
  async noteCreations({ actions, revision }: Plan): Promise<void> {
    const before = this.inventory ?? [];
    const known = new Set(before.map(({ resource }) => resourceKey(resource)));
    const fresh = actions.flatMap(({ action, resource }) =>
      (action === 'create' || action === 'recreate') && !known.has(resourceKey(resource))
        ? [{ resource, revision }]
        : [],
    );
    if (fresh.length > 0) await this.#inventories?.save(this.#unit, [...before, ...fresh]);
  }

  add(applied: readonly AppliedResource[]): void {
    this.#applied.push(...applied);
  }

  /**
   * The unit is as declared: from now on this is what a later sync may prune. Throws outages; that it cannot be kept for
   * another reason is returned in words, and only means that a later sync prunes less.
   */
  async keep(
    unit: DeclaredUnit,
    declaration: Declaration,
    driver: Driver,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    if (this.#inventories === undefined || driver.inventory === undefined) return undefined;
    try {
      const known = { before: this.inventory ?? [], applied: this.#applied };
      await this.#inventories.save(this.#unit, await driver.inventory(unit, declaration, known, signal));
      return undefined;
    } catch (error) {
      const failure = toFailure(error, 'HF1002');
      if (isOutage(failure.code)) throw failure;
      return `what it consists of could not be written down: ${failure.line}`;
    }
  }
}
