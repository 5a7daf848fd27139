import type { DeclaredUnit } from '../../declared/declaration.ts';
import { hashText } from '../../declared/hash.ts';
import type { InventoryItem } from '../../drivers/driver.ts';
import { Failure } from '../../failure/failure.ts';
import type { Inventories } from './inventories.ts';

/** What is known of a unit from earlier syncs, and why it is not where it cannot be read: then nothing is pruned. */
export async function knownOf(
  unit: string,
  inventories: Inventories | undefined,
): Promise<{ inventory: InventoryItem[] | undefined; unsure?: string }> {
  try {
    return { inventory: await inventories?.load(unit) };
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'HF1607') throw error;
    return { inventory: undefined, unsure: error.line };
  }
}

/** A unit that is declared no more, of which an inventory is left: it declares nothing. */
export function retired(name: string): DeclaredUnit {
  return {
    definition: { name, driver: 'kubernetes', path: name },
    objects: [],
    findings: [],
    notObjects: [],
    hash: hashText(`retired ${name}`),
  };
}
