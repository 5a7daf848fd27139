import type { Json, JsonObject } from '../../../json/json.ts';
import { isMap } from '../../../json/value.ts';

export interface Matched {
  pairs: { declared: Json; live: Json; name: string }[];
  removed: { value: Json; name: string }[];
  added: { value: Json; name: string }[];
}

interface Options {
  /** Whether the order of items means something. */
  ordered: boolean;
  /** 0 for equal; 1000 and more where declared values differ. */
  distance: (declared: Json, live: Json) => number;
}

/** Beyond this many comparisons of items only equal ones and those with one name are paired. */
const mostComparisons = 40_000;

/**
 * Pairs the items of a declared and a live list: by what names them, else those that are equal, else the nearest. Scalars are
 * paired only when equal. An ordered list is paired by position.
 */
export function matchItems(declared: readonly Json[], live: readonly Json[], options: Options): Matched {
  if (options.ordered) return byPosition(declared, live);
  const key = identityOf(declared, live);
  const open = { declared: [...declared.entries()], live: [...live.entries()] };
  const matched: Matched = { pairs: [], removed: [], added: [] };
  const nameOf = (value: Json, at: number) => (key === undefined ? String(at) : key.label(value));
  const pair = (d: [number, Json], l: [number, Json]) => {
    matched.pairs.push({ declared: d[1], live: l[1], name: nameOf(d[1], d[0]) });
    open.declared.splice(open.declared.indexOf(d), 1);
    open.live.splice(open.live.indexOf(l), 1);
  };
  if (key !== undefined) pairByName(open, key.plain, pair);
  pairNearest(open, options.distance, pair, 999);
  if (key === undefined) pairNearest(open, options.distance, pair, Number.POSITIVE_INFINITY);
  matched.removed = open.declared.map(([at, value]) => ({ value, name: nameOf(value, at) }));
  matched.added = open.live.map(([at, value]) => ({ value, name: nameOf(value, at) }));
  return matched;
}

type Entry = [number, Json];
interface Open {
  declared: Entry[];
  live: Entry[];
}

function byPosition(declared: readonly Json[], live: readonly Json[]): Matched {
  const common = Math.min(declared.length, live.length);
  return {
    pairs: declared
      .slice(0, common)
      .map((value, at) => ({ declared: value, live: live[at] ?? null, name: String(at) })),
    removed: declared.slice(common).map((value, at) => ({ value, name: String(common + at) })),
    added: live.slice(common).map((value, at) => ({ value, name: String(common + at) })),
  };
}

function pairByName(
  open: Open,
  key: (value: Json) => string | undefined,
  pair: (d: Entry, l: Entry) => void,
): void {
  const byName = new Map(open.live.map(entry => [key(entry[1]), entry]));
  for (const entry of [...open.declared]) {
    const other = byName.get(key(entry[1]));
    if (other !== undefined) pair(entry, other);
  }
}

/** Pairs each declared item with the nearest live one that is not farther than `most`; scalars only when equal. */
function pairNearest(
  open: Open,
  distance: Options['distance'],
  pair: (d: Entry, l: Entry) => void,
  most: number,
): void {
  if (open.declared.length * open.live.length > mostComparisons) return;
  for (const entry of [...open.declared]) {
    let best: { other: Entry; distance: number } | undefined;
    for (const other of open.live) {
      if (most > 999 && typeof entry[1] !== 'object') continue;
      const found = distance(entry[1], other[1]);
      if (found <= most && (best === undefined || found < best.distance)) best = { other, distance: found };
      if (found === 0) break;
    }
    if (best !== undefined) pair(entry, best.other);
  }
}

/** How an item is named: `plain` for finding the same one, without regard to case and a dot at the end; `label` for people. */
interface Identity {
  plain: (value: Json) => string | undefined;
  label: (value: Json) => string;
}

/** Keys that name an item, the surest first; some lists need two of them. */
const names = [
  'Key',
  'key',
  'Id',
  'ID',
  'Name',
  'name',
  'Sid',
  'IndexName',
  'AttributeName',
  'RuleName',
  'ParameterName',
  'ParameterKey',
  'PolicyName',
  'Priority',
  'OptionName',
  'FilterName',
  'StatementId',
  'DeviceName',
  'ContainerName',
  'Field',
  'FieldName',
  'StatusCode',
  'TargetId',
  'RegionName',
  'Region',
  'ScopeName',
  'EnvironmentName',
  'Type',
  'ConfigName',
].map(name => [name]);
const pairsOfNames = [
  ['Namespace', 'OptionName'],
  ['Namespace', 'OptionName', 'ResourceName'],
  ['Name', 'Type'],
  ['Name', 'SetIdentifier'],
  ['Type', 'Order'],
];

/** What names the items of both lists: the first keys that all items have, with a value that no other item of the list has. */
export function identityOf(declared: readonly Json[], live: readonly Json[]): Identity | undefined {
  if (declared.length === 0 || !declared.every(isMap) || !live.every(isMap)) return undefined;
  for (const keys of [...names, ...pairsOfNames]) {
    const plain = (value: Json) => nameBy(keys, value)?.toLowerCase().replace(/\.$/, '');
    if (isUnique(declared, plain) && isUnique(live, plain))
      return { plain, label: value => nameBy(keys, value) ?? '' };
  }
  return undefined;
}

function nameBy(keys: readonly string[], value: Json): string | undefined {
  if (!isMap(value)) return undefined;
  const parts = keys.map(key => [key, scalarAt(value, key)] as const);
  if (parts.some(([, part]) => part === undefined)) return undefined;
  return parts.map(([key, part]) => `${key}=${part}`).join(',');
}

function scalarAt(value: JsonObject, key: string): string | undefined {
  const found = Object.hasOwn(value, key) ? value[key] : undefined;
  return found === undefined || found === null || typeof found === 'object' ? undefined : String(found);
}

function isUnique(items: readonly Json[], nameOf: (value: Json) => string | undefined): boolean {
  const found = items.map(nameOf);
  return !found.includes(undefined) && new Set(found).size === found.length;
}
