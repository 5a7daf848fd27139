import type { Json } from '../json/json.ts';
import { isMap, type Leaf, leavesOf } from '../json/value.ts';

/** What a local look at declared and live can tell. It proves sameness only; a difference is never final. */
export interface Proof {
  /** Every declared leaf is in live with the same value, every list has the same items in the same order. */
  declaredEqual: boolean;
  /** Ends of live that the declaration does not have. */
  extras: Leaf[];
  /** Whether `extras` are all: where lists or kinds of values do not agree, live may have more that was not looked at. */
  complete: boolean;
}

/** Says that two different spellings of a leaf mean the same to the server, such as `1000m` and `1`. */
export type SameLeaf = (path: readonly string[], declared: Json, live: Json) => boolean;

/**
 * Looks whether live is surely as declared. Knows no schema, so it asks for more than the server would: lists must agree
 * item by item in order and length, whatever their type, and repeated merge keys prove nothing.
 */
export function prove(declared: Json, live: Json, sameLeaf: SameLeaf = () => false): Proof {
  const proof: Proof = { declaredEqual: true, extras: [], complete: true };
  new Walk(proof, sameLeaf).value(declared, live);
  return proof;
}

/** One walk. The path is one list that grows and shrinks: most of what is walked over is the same and needs none. */
class Walk {
  readonly #proof: Proof;
  readonly #sameLeaf: SameLeaf;
  readonly #path: string[] = [];

  constructor(proof: Proof, sameLeaf: SameLeaf) {
    this.#proof = proof;
    this.#sameLeaf = sameLeaf;
  }

  value(declared: Json, live: Json | undefined): void {
    if (isMap(declared)) {
      if (isMap(live)) this.#map(declared, live);
      else if (!emptyMetadata(declared, live, this.#path)) this.#differs(live);
    } else if (Array.isArray(declared)) {
      if (Array.isArray(live) && live.length === declared.length && !repeats(declared)) {
        for (let index = 0; index < declared.length; index += 1)
          this.#child(String(index), declared[index] ?? null, live[index]);
      } else if (!(declared.length === 0 && live === null)) this.#differs(live);
    } else if (!sameScalar(declared, live, this.#path, this.#sameLeaf)) this.#differs(live);
  }

  #child(key: string, declared: Json, live: Json | undefined): void {
    this.#path.push(key);
    this.value(declared, live);
    this.#path.pop();
  }

  #map(declared: { [key: string]: Json }, live: { [key: string]: Json }): void {
    for (const key of Object.keys(declared))
      this.#child(key, declared[key] ?? null, Object.hasOwn(live, key) ? live[key] : undefined);
    for (const key of Object.keys(live)) {
      if (!Object.hasOwn(declared, key))
        this.#proof.extras.push(...leavesOf(live[key] ?? null, [...this.#path, key]));
    }
  }

  /**
   * What stands in live where something else is declared may hold more than its own difference; and what differs in a list may
   * be what tells its items apart, so that another item stands there.
   */
  #differs(live: Json | undefined): void {
    this.#proof.declaredEqual = false;
    const inList = this.#path.some(key => /^\d+$/.test(key));
    if (inList || (typeof live === 'object' && live !== null)) this.#proof.complete = false;
  }
}

/** A declared null says nothing, and is the same only as nothing. */
function sameScalar(
  declared: null | boolean | number | string,
  live: Json | undefined,
  path: readonly string[],
  sameLeaf: SameLeaf,
): boolean {
  if (declared === live) return true;
  if (declared === null || live === undefined) return declared === null && live === undefined;
  return sameLeaf(path, declared, live);
}

/** The server drops empty labels and annotations; elsewhere an empty map can mean something, such as a selector of all. */
function emptyMetadata(declared: object, live: Json | undefined, path: readonly string[]): boolean {
  const [last, parent] = [path.at(-1), path.at(-2)];
  return (
    live === undefined &&
    Object.keys(declared).length === 0 &&
    parent === 'metadata' &&
    (last === 'labels' || last === 'annotations')
  );
}

/** What may be the merge key of an item, by what it has: the first that is there. */
const mergeKeys = [
  ['mountPath'],
  ['devicePath'],
  ['containerPort', 'protocol'],
  ['port', 'protocol'],
  ['ip'],
  ['name', 'kind', 'namespace'],
];

/** Whether items share what may be their merge key: the server refuses to apply such a list. */
function repeats(items: readonly Json[]): boolean {
  const maps = items.filter(isMap);
  if (maps.length < 2) return false;
  const names = maps.flatMap(item => {
    const keys = mergeKeys.find(([first]) => first !== undefined && tells(first, item[first]));
    return keys === undefined
      ? []
      : [JSON.stringify(keys.map(key => item[key] ?? (key === 'protocol' ? 'TCP' : null)))];
  });
  return new Set(names).size < names.length;
}

/** A port that is a name, as custom resources have it, tells no item from another. */
function tells(key: string, value: Json | undefined): boolean {
  return typeof value === 'number' || (typeof value === 'string' && !key.toLowerCase().includes('port'));
}
