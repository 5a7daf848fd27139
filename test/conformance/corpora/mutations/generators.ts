import type { Target } from '../../../../src/cluster/cluster.ts';
import { namesOf, type Shape } from '../../../../src/compare/keyed.ts';
import type { Json, JsonObject } from '../../../../src/json/json.ts';
import { isMap, pointerOf } from '../../../../src/json/value.ts';
import { absentFields } from './absent-fields.ts';
import type { Mutation } from './mutation.ts';
import { isScalar, type PlaceIn } from './places.ts';
import { anotherItem, otherValue } from './values.ts';

/** What a generator may choose from. */
export interface Choice {
  target: Target;
  live: JsonObject;
  places: readonly PlaceIn[];
  shape: Shape | undefined;
  /** What an owner reference may name: an object that is there. */
  owner: { apiVersion: string; kind: string; name: string; uid: string };
}

/** Each kind of mutation: everything of the kind that could be done to the object. */
export const generators: Readonly<Record<string, (choice: Choice) => Mutation[]>> = {
  'change a declared value': choice =>
    open(choice)
      .filter(
        ({ declared, value, holderKeys, raw }) =>
          isScalar(declared) && isScalar(value) && !holderKeys.includes(raw.at(-1) ?? ''),
      )
      .map(place => replaced('change a declared value', choice, place)),

  'change a value that is not declared': choice =>
    open(choice)
      .filter(
        ({ declared, value, holderKeys, raw }) =>
          declared === undefined &&
          isScalar(value) &&
          !holderKeys.includes(raw.at(-1) ?? '') &&
          raw[0] !== 'metadata',
      )
      .map(place => replaced('change a value that is not declared', choice, place)),

  'remove a declared value': choice =>
    open(choice)
      .filter(({ declared, value, inList }) => isScalar(declared) && isScalar(value) && !inList)
      .map(({ raw, told }) => ({
        what: 'remove a declared value',
        patch: [{ op: 'remove', path: pointerOf(raw) }],
        paths: [pointerOf(told)],
      })),

  'remove an item': choice =>
    open(choice)
      .filter(
        ({ declared, value }) =>
          Array.isArray(declared) &&
          Array.isArray(value) &&
          declared.length === value.length &&
          value.length > 1,
      )
      .map(({ value, raw, told, mergeKeys, shape }) => {
        const last = (value as Json[]).length - 1;
        const name = nameIn(value as Json[], last, mergeKeys, shape);
        return {
          what: 'remove an item',
          patch: [{ op: 'remove', path: pointerOf([...raw, String(last)]) }],
          paths: [pointerOf([...told, name])],
        };
      }),

  'add an item': choice =>
    open(choice)
      .filter(
        ({ declared, value }) =>
          Array.isArray(declared) &&
          Array.isArray(value) &&
          declared.length === value.length &&
          value.length > 0,
      )
      .map(({ value, raw, told, mergeKeys, shape }) => {
        const more = [...(value as Json[]), anotherItem((value as Json[]).at(-1) ?? null)];
        return {
          what: 'add an item',
          patch: [{ op: 'add', path: pointerOf([...raw, '-']), value: more.at(-1) ?? null }],
          paths: [pointerOf([...told, nameIn(more, more.length - 1, mergeKeys, shape)])],
        };
      }),

  'change a merge key': choice =>
    open(choice)
      .filter(({ declared, mergeKeys }) => Array.isArray(declared) && mergeKeys !== undefined)
      .flatMap(list => renamed(list)),

  'reorder a list': choice =>
    open(choice)
      .filter(
        ({ declared, value, mergeKeys }) =>
          mergeKeys !== undefined &&
          Array.isArray(declared) &&
          Array.isArray(value) &&
          declared.length === value.length &&
          value.length > 1,
      )
      .map(({ value, raw, told }) => ({
        what: 'reorder a list',
        patch: [{ op: 'replace', path: pointerOf(raw), value: [...(value as Json[])].reverse() }],
        paths: [pointerOf(told)],
      })),

  'add a label': choice => entry('add a label', choice, ['metadata', 'labels'], 'by-hand', 'yes'),
  'add an annotation': choice =>
    entry('add an annotation', choice, ['metadata', 'annotations'], 'example.com/by-hand', 'yes'),

  'add a key': ({ target, live }) => {
    if (target.kind.group !== '' || !/^(ConfigMap|Secret)$/.test(target.kind.kind)) return [];
    return entry(
      'add a key',
      { live },
      ['data'],
      'by-hand',
      target.kind.kind === 'Secret' ? 'aGFuZA==' : 'hand',
    );
  },

  'add a variable': ({ places }) =>
    places
      .filter(({ told }) => /^(initContainers|containers)$/.test(told.at(-2) ?? ''))
      .map(({ value, raw, told }) => {
        const has = isMap(value) && Array.isArray(value['env']);
        const item = { name: 'BY_HAND', value: 'yes' };
        return {
          what: 'add a variable',
          patch: [
            {
              op: 'add',
              path: pointerOf(has ? [...raw, 'env', '-'] : [...raw, 'env']),
              value: has ? item : [item],
            },
          ],
          paths: [pointerOf([...told, 'env', 'name=BY_HAND'])],
        };
      }),

  'add a key to a declared map': choice =>
    open(choice)
      .filter(({ declared, value, raw }) => isMap(declared) && isFlat(value) && raw[0] !== 'metadata')
      .flatMap(({ value, raw }) => {
        const secret = choice.target.kind.kind === 'Secret' && raw[0] === 'data';
        const more = secret ? 'aGFuZA==' : (Object.values(value as JsonObject)[0] ?? 'yes');
        return entry('add a key to a declared map', choice, raw, 'by-hand', more);
      }),

  'remove a declared map': choice => {
    const places = open(choice);
    return places.flatMap(({ declared, value, raw, inList }) => {
      if (inList || raw.length < 2 || !isMap(declared) || !isMap(value)) return [];
      const leaf = places.find(
        each =>
          isScalar(each.declared) &&
          each.raw.length === raw.length + 1 &&
          raw.every((key, index) => key === each.raw[index]),
      );
      if (leaf === undefined) return [];
      return [
        {
          what: 'remove a declared map',
          patch: [{ op: 'remove', path: pointerOf(raw) }],
          paths: [pointerOf(leaf.told)],
        },
      ];
    });
  },

  'add an owner': ({ live, owner }) =>
    listed('add an owner', live, 'ownerReferences', owner, () => `uid=${owner.uid}`),

  'add a field': ({ target, live, shape }) => absentFields(target.kind, live, shape),

  'add a finalizer': ({ live }) =>
    listed('add a finalizer', live, 'finalizers', 'example.com/by-hand', count => String(count)),
};

/** A map of texts or of numbers, such as labels or limits. */
function isFlat(value: Json): boolean {
  const values = isMap(value) ? Object.values(value) : [];
  return values.length > 0 && values.every(each => isScalar(each) && typeof each === typeof values[0]);
}

/** Not for people: identity, bookkeeping, status. */
function open({ places }: Choice): PlaceIn[] {
  return places.filter(({ raw: [top, second, third] }) => {
    // kubectl's own note of what it applied is no part of what is declared
    if (third === 'kubectl.kubernetes.io/last-applied-configuration') return false;
    if (top === 'metadata') return /^(labels|annotations)$/.test(second ?? '');
    return top !== 'apiVersion' && top !== 'kind' && top !== 'status';
  });
}

function replaced(what: string, { target }: Choice, { value, raw, told }: PlaceIn): Mutation {
  const secret = target.kind.kind === 'Secret' && raw[0] === 'data';
  const next = isScalar(value) ? otherValue(value, secret) : null;
  return {
    what,
    patch: [{ op: 'replace', path: pointerOf(raw), value: next }],
    paths: [pointerOf(told)],
  };
}

function renamed({ value, raw, told, mergeKeys = [], shape }: PlaceIn): Mutation[] {
  const items = Array.isArray(value) ? value : [];
  return items.flatMap((item, index) => {
    const key = mergeKeys.find(each => isMap(item) && isScalar(item[each]) && each !== 'protocol');
    if (!isMap(item) || key === undefined) return [];
    const old = item[key];
    const next = isScalar(old) ? otherValue(old, false) : null;
    const changed = items.map((each, at) => (at === index ? { ...item, [key]: next } : each));
    const [before, after] = [
      nameIn(items, index, mergeKeys, shape),
      nameIn(changed, index, mergeKeys, shape),
    ];
    return [
      {
        what: 'change a merge key',
        patch: [{ op: 'replace', path: pointerOf([...raw, String(index), key]), value: next }],
        paths: [pointerOf([...told, before]), pointerOf([...told, after])],
      } satisfies Mutation,
    ];
  });
}

function nameIn(
  items: readonly Json[],
  index: number,
  mergeKeys: PlaceIn['mergeKeys'],
  shape: PlaceIn['shape'],
): string {
  if (mergeKeys === undefined) return String(index);
  return namesOf(items, mergeKeys, shape?.item())[index] ?? String(index);
}

/** Sets one key of a map that may not be there yet. */
function entry(
  what: string,
  { live }: Pick<Choice, 'live'>,
  map: readonly string[],
  key: string,
  value: Json,
): Mutation[] {
  let at: Json | undefined = live;
  for (const step of map) at = isMap(at) ? at[step] : undefined;
  return [
    {
      what,
      patch: isMap(at)
        ? [{ op: 'add', path: pointerOf([...map, key]), value }]
        : [{ op: 'add', path: pointerOf(map), value: { [key]: value } }],
      paths: [pointerOf([...map, key])],
    },
  ];
}

function listed(
  what: string,
  live: JsonObject,
  field: string,
  item: Json,
  nameOf: (count: number) => string,
): Mutation[] {
  const metadata = isMap(live['metadata']) ? live['metadata'] : {};
  const list = metadata[field];
  const count = Array.isArray(list) ? list.length : 0;
  return [
    {
      what,
      patch: [
        {
          op: 'add',
          path: count > 0 ? `/metadata/${field}/-` : `/metadata/${field}`,
          value: count > 0 ? item : [item],
        },
      ],
      paths: [`/metadata/${field}/${nameOf(count)}`],
    },
  ];
}
