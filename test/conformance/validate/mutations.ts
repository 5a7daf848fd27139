import type { DeclaredObject } from '../../../src/declared/declaration.ts';
import type { Json, JsonObject } from '../../../src/json/json.ts';
import { isMap } from '../../../src/json/value.ts';

/** A change to one place of a declared object; the changed object is made when it is asked for. */
export interface Mutation {
  what: string;
  make(): DeclaredObject;
}

/** Values that replace another one; each is wrong for most fields. */
const replacements: readonly (readonly [string, (value: Json) => Json | undefined])[] = [
  ['removed', () => undefined],
  ['null', () => null],
  ['text', value => (typeof value === 'string' ? undefined : 'Bogus')],
  ['other text', value => (typeof value === 'string' ? 'Bogus value' : undefined)],
  ['empty text', value => (typeof value === 'string' ? '' : undefined)],
  ['number', value => (typeof value === 'number' ? undefined : 7)],
  ['large number', value => (typeof value === 'number' ? 2 ** 40 : undefined)],
  ['fraction', value => (typeof value === 'number' ? 1.5 : undefined)],
  ['negative', value => (typeof value === 'number' ? -1 : undefined)],
  ['boolean', value => (typeof value === 'boolean' ? undefined : true)],
  ['object', value => (isMap(value) ? undefined : { bogus: 1 })],
  ['list', value => (Array.isArray(value) ? undefined : ['bogus'])],
  ['empty object', value => (isMap(value) ? {} : undefined)],
  ['empty list', value => (Array.isArray(value) ? [] : undefined)],
  ['unknown field', value => (isMap(value) ? { ...value, bogusField: 1 } : undefined)],
  [
    'last item twice',
    value => (Array.isArray(value) && value.length > 0 ? [...value, value.at(-1) ?? null] : undefined),
  ],
  ['null item', value => (Array.isArray(value) ? [...value, null] : undefined)],
];

/** Each replacement at each place of an object, once for each place of its kind: `seen` remembers them. */
export function mutationsOf(declared: DeclaredObject, seen: Set<string>): Mutation[] {
  const mutations: Mutation[] = [];
  // definitions are large, and what is deep in them is a schema
  const deepest = declared.ref.kind === 'CustomResourceDefinition' ? 5 : 100;
  for (const path of placesIn(declared.object, [], deepest)) {
    const [top, second] = path;
    // without these it is another object, or none
    if (top === 'apiVersion' || top === 'kind' || (top === 'metadata' && second === undefined)) continue;
    if (top === 'metadata' && (second === 'name' || second === 'namespace')) continue;
    const place = path.map(step => (typeof step === 'number' ? '*' : step)).join('/');
    for (const [name, replace] of replacements) {
      const key = `${declared.ref.apiVersion} ${declared.ref.kind} ${place} ${name}`;
      const before = valueAt(declared.object, path);
      if (seen.has(key) || (name !== 'removed' && replace(before) === undefined)) continue;
      seen.add(key);
      const make = () => ({ ...declared, object: changed(declared.object, path, replace(before)) });
      mutations.push({ what: `/${path.join('/')} ${name}`, make });
    }
  }
  return mutations;
}

type Path = readonly (string | number)[];

function placesIn(value: Json, path: Path, deepest: number): Path[] {
  const below =
    path.length >= deepest
      ? []
      : Array.isArray(value)
        ? value.slice(0, 2).flatMap((item, index) => placesIn(item, [...path, index], deepest))
        : isMap(value)
          ? Object.entries(value).flatMap(([key, child]) => placesIn(child, [...path, key], deepest))
          : [];
  return path.length === 0 ? below : [path, ...below];
}

function valueAt(value: Json, path: Path): Json {
  let at: Json = value;
  for (const step of path) at = (at as Record<string | number, Json>)[step] ?? null;
  return at;
}

function changed(object: JsonObject, path: Path, after: Json | undefined): JsonObject {
  const copy = structuredClone(object);
  const parent = valueAt(copy, path.slice(0, -1)) as Record<string | number, Json>;
  const last = path.at(-1) ?? '';
  if (after !== undefined) parent[last] = after;
  else if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else delete parent[last];
  return copy;
}

/** Some of the items, in a fixed random order: the same ones each time. */
export function sampled<T>(items: readonly T[], many: number): T[] {
  let state = 20_260_801;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state;
  };
  return items
    .map(item => ({ item, order: random() }))
    .sort((a, b) => a.order - b.order)
    .slice(0, many)
    .map(({ item }) => item);
}
