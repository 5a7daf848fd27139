import deepDiff from 'deep-diff';
import type { FieldChange } from '../findings/finding.ts';
import type { Json } from '../json/json.ts';
import { equal, pathOf, pointerOf, valueAt } from '../json/value.ts';
import type { Keyed } from './keyed.ts';

/** A change before it is known who made it. */
export interface Difference extends Pick<FieldChange, 'path' | 'op'> {
  declared?: Json;
  live?: Json;
  /** The same items in another order; `declared` and `live` are their names. */
  reordered?: boolean;
}

/**
 * What differs between live and what the server would make of the declaration (`target`), in the words of the declaration.
 * A value that only the server or a webhook would add is no difference: applying it is not what Git asks for.
 */
export function differences(declared: Keyed, target: Keyed, live: Keyed): Difference[] {
  const found = (deepDiff.diff(target.value, live.value) ?? []).flatMap(each => {
    const path = (each.path ?? []).map(String);
    if (each.kind === 'A') {
      const at = [...path, String(each.index)];
      return each.item.kind === 'N'
        ? added(at, live)
        : each.item.kind === 'D'
          ? removed(at, declared, target)
          : [];
    }
    if (each.kind === 'N') return added(path, live);
    if (each.kind === 'D') return removed(path, declared, target);
    return changed(path, declared, target, live);
  });
  return [...found, ...reordered(declared, target, live)].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function added(path: readonly string[], live: Keyed): Difference[] {
  // a null in live says nothing
  return ends(path, live).flatMap(({ at, value }) =>
    value === null ? [] : [{ path: at, op: 'added', live: value }],
  );
}

/** Only what is declared can be missing from live: also what is declared empty, and full of defaults in the target. */
function removed(path: readonly string[], declared: Keyed, target: Keyed): Difference[] {
  const wanted = ends(path, target);
  const empty = ends(path, declared).filter(
    ({ at, value }) => isEmpty(value) && wanted.some(end => end.at.startsWith(`${at}/`)),
  );
  return [...wanted, ...empty].flatMap(({ at }): Difference[] => {
    const value = original(at, declared);
    return value === undefined ? [] : [{ path: at, op: 'removed', declared: value }];
  });
}

function changed(path: readonly string[], declared: Keyed, target: Keyed, live: Keyed): Difference[] {
  const value = valueAt(live.value, path);
  const wanted = valueAt(target.value, path);
  // a whole took the place of another: what was declared is gone, what is there now is more
  if (isBranch(value) || isBranch(wanted)) return [...removed(path, declared, target), ...added(path, live)];
  const own = valueAt(declared.value, path);
  if (own === undefined) return [{ path: pointerOf(path), op: 'added', live: value ?? null }];
  return [{ path: pointerOf(path), op: 'changed', declared: own, live: value ?? null }];
}

/** List items stay whole; maps are told leaf by leaf. */
function ends(path: readonly string[], tree: Keyed): { at: string; value: Json }[] {
  const at = pointerOf(path);
  const item = tree.items.get(at);
  if (item !== undefined) return [{ at, value: item }];
  const value = valueAt(tree.value, path);
  if (value === undefined) return [];
  if (!isBranch(value)) return [{ at, value }];
  return Object.keys(value).flatMap(key => ends([...path, key], tree));
}

/** The declared value at a pointer as it was written, before lists became maps. */
function original(at: string, declared: Keyed): Json | undefined {
  return declared.items.get(at) ?? valueAt(declared.value, pathOf(at));
}

function isEmpty(value: Json): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function isBranch(value: Json | undefined): value is Json[] | { [key: string]: Json } {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

/** Declared lists whose common items stand in another order. */
function reordered(declared: Keyed, target: Keyed, live: Keyed): Difference[] {
  return [...target.orders].flatMap(([at, names]): Difference[] => {
    const liveNames = live.orders.get(at) ?? [];
    const own = declared.orders.get(at) ?? [];
    const common = new Set(own.filter(name => liveNames.includes(name)));
    const wanted = names.filter(name => common.has(name));
    const found = liveNames.filter(name => common.has(name));
    if (wanted.length !== found.length || equal(wanted, found)) return [];
    return [{ path: at, op: 'changed', declared: wanted, live: found, reordered: true }];
  });
}

/** Whether anything that is declared differs or is gone. */
export function declaredDiffers(found: readonly Pick<FieldChange, 'op'>[]): boolean {
  return found.some(({ op }) => op !== 'added');
}
