import { itemName } from '../compare/keyed.ts';
import { nearest } from '../declared/config/nearest.ts';
import type { Json, JsonObject } from '../json/json.ts';
import { isMap } from '../json/value.ts';
import type { PackedNode, SchemaPack } from './pack/pack.ts';
import { type Findings, has, shown, typeWords } from './problem.ts';
import { scalarTrouble } from './scalar.ts';

/**
 * Checks an object of a built-in kind as the API server decodes it with strict field validation: unknown fields, wrong types,
 * values that cannot be read. Beyond that only what the server was seen to insist on is required (see the pack). `null` is as
 * good as absent, as in Go. Lists with merge keys must not repeat one: server-side apply, with which Holdfast applies, refuses
 * such objects, though others are taken.
 */
export function checkBuiltIn(pack: SchemaPack, schema: string, object: JsonObject, found: Findings): void {
  new BuiltIn(pack, found).check({ ref: schema }, object, 'root');
}

/** Checks a part of an object against a type of the pack, at the present place. */
export function checkPart(pack: SchemaPack, schema: string, value: Json, found: Findings): void {
  new BuiltIn(pack, found).check({ ref: schema }, value, 'kept');
}

/** `dropped` is what the server reads and forgets, such as status: it must be readable, no more. */
type Rank = 'root' | 'kept' | 'dropped';

class BuiltIn {
  readonly #pack: SchemaPack;
  readonly #found: Findings;

  constructor(pack: SchemaPack, found: Findings) {
    this.#pack = pack;
    this.#found = found;
  }

  check(node: PackedNode, value: Json, rank: Rank): void {
    if (value === null) return;
    const own = node.ref === undefined ? node : (this.#pack.schemas[node.ref] ?? {});
    if (own.properties !== undefined) this.#fields(own, own.properties, value, rank);
    else if (own.values !== undefined) this.#map(own.values, value, rank);
    else if (own.items !== undefined) this.#list(own, own.items, value, rank);
    else if (own.type !== undefined && own.type !== 'object') this.#scalar(own, value, rank);
  }

  #fields(own: PackedNode, properties: Record<string, PackedNode>, value: Json, rank: Rank): void {
    if (!isMap(value)) {
      this.#mismatch('an object', value);
      return;
    }
    for (const [key, child] of Object.entries(value)) {
      const node = Object.hasOwn(properties, key) ? properties[key] : undefined;
      if (node === undefined) addUnknown(this.#found, key, Object.keys(properties));
      else this.#found.at(key, () => this.check(node, child, rankOf(rank, key)));
    }
    if (rank === 'dropped') return;
    for (const key of own.required ?? []) {
      if (!has(value, key) || value[key] === null) this.#found.add(`the required field ${key} is missing`);
    }
  }

  #map(node: PackedNode, value: Json, rank: Rank): void {
    if (!isMap(value)) {
      this.#mismatch('a map', value);
      return;
    }
    for (const [key, child] of Object.entries(value))
      this.#found.at(key, () => this.check(node, child, below(rank)));
  }

  #list(own: PackedNode, items: PackedNode, value: Json, rank: Rank): void {
    if (!Array.isArray(value)) {
      this.#mismatch('a list', value);
      return;
    }
    for (const [index, item] of value.entries())
      this.#found.at(index, () => this.check(items, item, below(rank)));
    if (rank !== 'dropped') this.#repetitions(own, items, value);
  }

  #repetitions(own: PackedNode, items: PackedNode, value: readonly Json[]): void {
    const { keys, set } = own;
    if (keys === undefined && set === undefined) return;
    const item = items.ref === undefined ? items : this.#pack.schemas[items.ref];
    const seen = new Set<string>();
    for (const [index, each] of value.entries()) {
      const name =
        keys === undefined
          ? shown(each)
          : itemName(each, [...keys].sort(), key => item?.properties?.[key]?.default);
      if (name === undefined) continue;
      if (seen.has(name)) this.#found.add(`${name} is there twice`, String(index));
      seen.add(name);
    }
  }

  #scalar(own: PackedNode, value: Json, rank: Rank): void {
    const trouble = scalarTrouble(own.type ?? '', own.format, value);
    if (trouble !== undefined) {
      this.#mismatch(trouble, value, own.type);
      return;
    }
    // the server fills in what is empty
    if (own.enum === undefined || rank === 'dropped' || value === '' || own.enum.includes(String(value)))
      return;
    this.#found.add(`it must be one of ${own.enum.join(', ')}${this.#found.valueWords(value)}`);
  }

  #mismatch(wanted: string, value: Json, type?: string): void {
    const what = type === 'string' && typeof value === 'string' ? '' : `, and is ${typeWords(value)}`;
    this.#found.add(`it must be ${wanted}${what}${this.#found.valueWords(value)}`);
  }
}

function rankOf(rank: Rank, key: string): Rank {
  if (rank === 'dropped' || key === 'managedFields') return 'dropped';
  return rank === 'root' && key === 'status' ? 'dropped' : 'kept';
}

function below(rank: Rank): Rank {
  return rank === 'dropped' ? 'dropped' : 'kept';
}

/** In the words of the API server's warning, with the field that was probably meant. */
export function addUnknown(found: Findings, key: string, known: readonly string[]): void {
  found.spend(1);
  if (found.full) return;
  const meant = nearest(key, known);
  found.add(`unknown field ${shown(key)}${meant === undefined ? '' : `; did you mean ${meant}?`}`, key);
}
