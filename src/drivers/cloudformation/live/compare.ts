import type { Json, JsonObject } from '../../../json/json.ts';
import { equal, isMap, leavesOf } from '../../../json/value.ts';
import { hasUnresolved } from '../template/evaluate.ts';
import { isUnresolved } from '../template/unresolved.ts';
import { isClearable, isOrdered, isUnreadable, type Known, sameByRule } from './known.ts';
import { matchItems } from './lists.ts';
import { isTrivial } from './made.ts';
import { isPolicy, jsonIn, plainPolicy } from './policy.ts';
import type { TypeShape } from './shape.ts';
import { type Place, sameScalar } from './words.ts';

/** A declared value that is otherwise live, is gone, or a value that live has beyond the declaration. */
export interface ModelChange {
  /** Keys, and items of lists by what names them (`Key=team`) or their position. */
  path: string[];
  /** The same with `*` for items, as schemas write it. */
  pattern: string[];
  op: 'changed' | 'removed' | 'added';
  declared?: Json;
  live?: Json;
}

/** What a comparison found, and the declared paths that AWS does not give back, with the reason. */
export interface ModelDifference {
  changes: ModelChange[];
  unread: { path: string[]; reason: 'write-only' | 'unresolved' | 'not returned' }[];
}

export interface Comparing {
  shape: TypeShape;
  place: Place;
  known: Known;
}

/** Compares the declared properties of one resource with its live model, under its type’s schema. Pure. */
export function compareModel(declared: JsonObject, live: JsonObject, by: Comparing): ModelDifference {
  const found: ModelDifference = { changes: [], unread: [] };
  new Walk(by, found).maps(declared, live, [], []);
  return found;
}

class Walk {
  readonly #by: Comparing;
  readonly #found: ModelDifference;

  constructor(by: Comparing, found: ModelDifference) {
    this.#by = by;
    this.#found = found;
  }

  maps(declared: JsonObject, live: JsonObject, path: string[], pattern: string[]): void {
    const used = new Set<string>();
    for (const [key, value] of Object.entries(declared)) {
      const liveKey = this.#liveKey(key, value, live, pattern);
      if (liveKey === undefined && this.#isWithin(key, value, live, pattern)) continue;
      if (liveKey !== undefined) used.add(liveKey);
      this.#value(
        value,
        liveKey === undefined ? undefined : live[liveKey],
        [...path, key],
        [...pattern, key],
      );
    }
    for (const [key, value] of Object.entries(live)) {
      if (!used.has(key)) this.#more(value, [...path, key], [...pattern, key]);
    }
  }

  /** Some services give keys back in another case or under another name. */
  #liveKey(key: string, value: Json, live: JsonObject, pattern: string[]): string | undefined {
    if (Object.hasOwn(live, key)) return key;
    const fact = this.#by.known.of(this.#by.shape.type, [...pattern, key]);
    if (fact?.what === 'alias' && Object.hasOwn(live, fact.key)) return fact.key;
    const lower = key.toLowerCase();
    const other = Object.keys(live).find(each => each.toLowerCase() === lower);
    if (other === undefined || !this.#by.shape.freeForm.covers(pattern)) return other;
    return equal(value, live[other]) ? other : undefined;
  }

  #isWithin(key: string, value: Json, live: JsonObject, pattern: string[]): boolean {
    const fact = this.#by.known.of(this.#by.shape.type, [...pattern, key]);
    return fact?.what === 'within' && leavesOf(live[fact.key] ?? null).some(leaf => leaf.value === value);
  }

  #value(declared: Json, live: Json | undefined, path: string[], pattern: string[]): void {
    const { shape } = this.#by;
    if (isUnresolved(declared)) {
      this.#found.unread.push({ path, reason: 'unresolved' });
    } else if (shape.writeOnly.covers(pattern)) {
      this.#found.unread.push({ path, reason: 'write-only' });
    } else if (live === undefined || live === null) {
      if (declared !== null) this.#absent(declared, path, pattern);
    } else this.#both(declared, live, path, pattern);
  }

  #both(declared: Json, live: Json, path: string[], pattern: string[]): void {
    const [wanted, found] = alike(declared, live);
    if (isPolicy(wanted) && isPolicy(found))
      this.maps(plainPolicy(wanted), plainPolicy(found), path, pattern);
    else if (isMap(wanted) && isMap(found)) this.maps(wanted, found, path, pattern);
    else if (Array.isArray(wanted) && Array.isArray(found)) this.#lists(wanted, found, path, pattern);
    else if (!this.#same(wanted, found, pattern)) {
      if (this.#by.shape.transformed.covers(pattern) || isMasked(wanted, found))
        this.#found.unread.push({ path, reason: 'not returned' });
      else this.#found.changes.push({ path, pattern, op: 'changed', declared, live });
    }
  }

  #same(declared: Json, live: Json, pattern: string[]): boolean {
    const { shape, place, known } = this.#by;
    if (sameScalar(declared, live, pattern, place)) return true;
    return sameByRule(known, shape.type, pattern, { declared, live });
  }

  /**
   * Nothing of it is live. A whole block that is gone was taken away; a single value at the top may as well be one that the
   * service never tells, unless it is known to.
   */
  #absent(declared: Json, path: string[], pattern: string[]): void {
    const { shape, known } = this.#by;
    if (isTrivial(declared)) return;
    const isBlock = typeof declared === 'object';
    const tells = path.length > 1 || isBlock || isClearable(known, shape.type, pattern);
    const fixed = shape.createOnly.covers(pattern) || shape.readOnly.covers(pattern);
    if (hasUnresolved(declared)) this.#found.unread.push({ path, reason: 'unresolved' });
    else if (this.#onlyWritten(declared, pattern)) this.#found.unread.push({ path, reason: 'write-only' });
    else if (!tells || fixed || isUnreadable(known, shape.type, pattern))
      this.#found.unread.push({ path, reason: 'not returned' });
    else this.#found.changes.push({ path, pattern, op: 'removed', declared });
  }

  /** Whether every end of a declared block is write-only. */
  #onlyWritten(declared: Json, pattern: readonly string[]): boolean {
    if (this.#by.shape.writeOnly.covers(pattern)) return true;
    const children = Array.isArray(declared)
      ? declared.map(item => [item, [...pattern, '*']] as const)
      : isMap(declared)
        ? Object.entries(declared).map(([key, child]) => [child, [...pattern, key]] as const)
        : [];
    return children.length > 0 && children.every(([child, at]) => this.#onlyWritten(child, at));
  }

  #lists(declared: Json[], live: Json[], path: string[], pattern: string[]): void {
    const item = [...pattern, '*'];
    const { shape, known } = this.#by;
    const ordered = isOrdered(known, shape.type, pattern) && !shape.unordered.has(pattern);
    const { pairs, removed, added } = matchItems(declared, live, {
      ordered,
      distance: (wanted, found) => this.#distance(wanted, found, item),
    });
    for (const { declared: wanted, live: found, name } of pairs)
      this.#value(wanted, found, [...path, name], item);
    for (const { value, name } of removed) this.#gone(value, [...path, name], item);
    for (const { value, name } of added) this.#more(value, [...path, name], item);
  }

  #gone(declared: Json, path: string[], pattern: string[]): void {
    if (hasUnresolved(declared)) this.#found.unread.push({ path, reason: 'unresolved' });
    else if (!this.#onlyWritten(declared, pattern))
      this.#found.changes.push({ path, pattern, op: 'removed', declared });
  }

  #more(live: Json, path: string[], pattern: string[]): void {
    if (live === null || this.#by.shape.readOnly.covers(pattern)) return;
    this.#found.changes.push({ path, pattern, op: 'added', live });
  }

  /** How far two items are from one another: declared values that differ count most, what live has more hardly. */
  #distance(declared: Json, live: Json, pattern: string[]): number {
    const found: ModelDifference = { changes: [], unread: [] };
    new Walk(this.#by, found).#value(declared, live, [], pattern);
    const more = found.changes.filter(({ op }) => op === 'added').length;
    return (found.changes.length - more) * 1000 + more;
  }
}

/** Brings two values to one form: JSON in a text, and a single value where the other has a list of one. */
function alike(declared: Json, live: Json): [Json, Json] {
  const [inDeclared, inLive] = [jsonIn(declared), jsonIn(live)];
  if (inDeclared !== undefined && inLive !== undefined) return [inDeclared, inLive];
  if (inDeclared !== undefined && typeof live === 'object') return [inDeclared, live];
  if (inLive !== undefined && typeof declared === 'object') return [declared, inLive];
  if (Array.isArray(live) && !Array.isArray(declared)) return [[declared], live];
  if (Array.isArray(declared) && !Array.isArray(live)) return [declared, [live]];
  return [declared, live];
}

/** CloudFormation gives templates back with a `?` for each character that is not ASCII. */
export function isMasked(declared: Json, live: Json): boolean {
  if (typeof declared !== 'string' || typeof live !== 'string' || !declared.includes('?')) return false;
  const [wanted, found] = [[...declared], [...live]];
  return (
    wanted.length === found.length &&
    wanted.every((each, at) => each === found[at] || (each === '?' && (found[at] ?? '') > '\u007f'))
  );
}
