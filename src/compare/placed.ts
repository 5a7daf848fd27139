import type { Json } from '../json/json.ts';
import { pathOf, pointerOf } from '../json/value.ts';
import type { Difference } from './difference.ts';
import type { Keyed } from './keyed.ts';

/** Both sides of a comparison, with sets turned into maps. */
interface Sides {
  declared: Keyed;
  live: Keyed;
}

/**
 * Addresses the items of sets by their positions, as people see them: what is gone where it is declared, what is more where it
 * is in live. One value that stands in the place of another is one change.
 */
export function placed(found: readonly Difference[], sides: Sides): Difference[] {
  const byPath = new Map<string, Difference>();
  for (const each of found) {
    const next = inPlace(each, sides);
    const other = byPath.get(next.path);
    byPath.set(next.path, other === undefined ? next : { ...other, ...next, op: 'changed' });
  }
  return [...byPath.values()];
}

function inPlace(difference: Difference, sides: Sides): Difference {
  const side = difference.op === 'removed' ? sides.declared : sides.live;
  if (difference.reordered === true && side.sets.has(difference.path)) {
    const values = (names: Json | undefined, { items }: Keyed): Json[] =>
      (Array.isArray(names) ? names : []).map(
        name => items.get(`${difference.path}${pointerOf([String(name)])}`) ?? null,
      );
    return {
      ...difference,
      declared: values(difference.declared ?? null, sides.declared),
      live: values(difference.live ?? null, sides.live),
    };
  }
  const path = pathOf(difference.path);
  const list = path.slice(0, -1);
  if (!side.sets.has(pointerOf(list))) return difference;
  const index = side.orders.get(pointerOf(list))?.indexOf(path.at(-1) ?? '') ?? -1;
  return index === -1 ? difference : { ...difference, path: pointerOf([...list, String(index)]) };
}
