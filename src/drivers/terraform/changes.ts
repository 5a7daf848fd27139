import type { FieldChange } from '../../findings/finding.ts';
import { canonical } from './canonical.ts';
import type { Change } from './plan-file.ts';
import { isMarked, type PlanSecrets } from './secrets.ts';

/** A difference of two values at a path of keys. */
interface Difference extends Pick<FieldChange, 'op' | 'declared' | 'live'> {
  path: string[];
  /** The same JSON document in another order or layout. */
  equivalent?: boolean;
}

/** What differs in one resource, as people read it, and what differs in writing alone (paths). */
export interface Changes {
  changes: FieldChange[];
  equivalent: string[];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The field changes of a resource: `before` is live, as it was just read, and `after` what the module declares. What the provider
 * will only know after applying is left out beside what is known. Secret values are left out.
 */
export function changesOf(change: Change, secrets: PlanSecrets): Changes {
  const all = differences(change.before, change.after, change.after_unknown, []);
  const paths = new Set(all.map(({ path }) => path.join('\0')));
  // The AWS provider repeats `tags` with what its defaults add.
  const own = all.filter(
    ({ path: [first, ...rest] }) => first !== 'tags_all' || !paths.has(['tags', ...rest].join('\0')),
  );
  const equivalent = own.filter(difference => difference.equivalent === true);
  return {
    changes: own.filter(difference => difference.equivalent !== true).map(one => shown(one, change, secrets)),
    equivalent: equivalent.map(({ path }) => pointerOf(path)),
  };
}

function shown({ path, op, declared, live }: Difference, change: Change, secrets: PlanSecrets): FieldChange {
  const at = secrets.clean(pointerOf(path));
  if (isMarked(change, path) || secrets.has(declared) || secrets.has(live))
    return { path: at, op, redacted: true };
  return {
    path: at,
    op,
    ...(declared === undefined ? {} : { declared }),
    ...(live === undefined ? {} : { live }),
  };
}

function differences(live: unknown, declared: unknown, unknown: unknown, path: string[]): Difference[] {
  if (unknown === true) return [];
  if (isObject(live) || isObject(declared)) {
    const [one, other] = [isObject(live) ? live : {}, isObject(declared) ? declared : {}];
    const later = isObject(unknown) ? unknown : {};
    const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])].sort();
    return keys.flatMap(key => differences(one[key], other[key], later[key], [...path, key]));
  }
  if (Array.isArray(live) && Array.isArray(declared)) return inLists(live, declared, unknown, path);
  if (canonical(live ?? null) === canonical(declared ?? null)) return [];
  if (live === undefined || live === null || isEmpty(live)) return [{ path, op: 'removed', declared }];
  if (declared === undefined || declared === null) return [{ path, op: 'added', live }];
  const equivalent = isSameDocument(live, declared);
  return [{ path, op: 'changed', declared, live, ...(equivalent ? { equivalent } : {}) }];
}

function isEmpty(value: unknown): boolean {
  return value === '' || (Array.isArray(value) && value.length === 0);
}

/** Items that both have are set aside, wherever they stand; of the others those at the same place belong together. */
function inLists(live: unknown[], declared: unknown[], unknown: unknown, path: string[]): Difference[] {
  const left = live.map((item, index) => ({ item, index, key: canonical(item) }));
  const wanted: { item: unknown; index: number }[] = [];
  for (const [index, item] of declared.entries()) {
    const key = canonical(item);
    const found = left.findIndex(one => one.key === key);
    if (found === -1) wanted.push({ item, index });
    else left.splice(found, 1);
  }
  if (left.length === 0 && wanted.length === 0) {
    const same = canonical(live) === canonical(declared);
    return same ? [] : [{ path, op: 'changed', declared, live }];
  }
  const later = Array.isArray(unknown) ? unknown : [];
  const pairs = Math.min(left.length, wanted.length);
  return [
    ...wanted
      .slice(0, pairs)
      .flatMap(({ item, index }, at) =>
        differences(left[at]?.item, item, later[index], [...path, String(index)]),
      ),
    ...wanted
      .slice(pairs)
      .map(
        ({ item, index }): Difference => ({ path: [...path, String(index)], op: 'removed', declared: item }),
      ),
    ...left
      .slice(pairs)
      .map(({ item, index }): Difference => ({ path: [...path, String(index)], op: 'added', live: item })),
  ];
}

/** Whether two texts are one JSON document; of policy documents, in which no list has an order, however AWS writes it. */
function isSameDocument(one: unknown, other: unknown): boolean {
  const [a, b] = [documentIn(one), documentIn(other)];
  if (a === undefined || b === undefined) return false;
  const lists = 'Statement' in a && 'Statement' in b ? 'any order' : 'in order';
  return canonical(a, lists) === canonical(b, lists);
}

function documentIn(value: unknown): object | undefined {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return undefined;
  try {
    return JSON.parse(value) as object;
  } catch {
    return undefined;
  }
}

/** A path of keys as a JSON pointer. */
export function pointerOf(path: readonly string[]): string {
  return path.map(key => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
