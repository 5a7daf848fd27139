import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prove } from '../../src/compare/proof.ts';
import type { Json } from '../../src/json/json.ts';
import { leavesOf } from '../../src/json/value.ts';

describe('what is proven the same', () => {
  it.each<[string, Json, Json]>([
    ['equal values', { a: { b: [1, 'x'] } }, { a: { b: [1, 'x'] } }],
    ['keys in another order', { a: 1, b: 2 }, { b: 2, a: 1 }],
    ['a null that is not there', { a: 1, b: null }, { a: 1 }],
    ['empty annotations that the server drops', { metadata: { annotations: {} } }, { metadata: {} }],
    ['an empty list that the server writes as null', { rules: [] }, { rules: null }],
    [
      'two ports of one number and other protocols',
      [{ port: 53 }, { port: 53, protocol: 'UDP' }],
      [{ port: 53 }, { port: 53, protocol: 'UDP' }],
    ],
    [
      'mounts of one volume at two places',
      [
        { name: 'v', mountPath: '/a' },
        { name: 'v', mountPath: '/b' },
      ],
      [
        { name: 'v', mountPath: '/a' },
        { name: 'v', mountPath: '/b' },
      ],
    ],
  ])('%s', (_what, declared, live) => {
    expect(prove(declared, live)).toEqual({ declaredEqual: true, extras: [], complete: true });
  });
});

describe('what is not proven', () => {
  it.each<[string, Json, Json]>([
    ['another value', { a: 1 }, { a: 2 }],
    ['a value of another type', { a: 1 }, { a: '1' }],
    ['a field that is gone', { a: 1 }, {}],
    ['a null that live fills', { a: null }, { a: 1 }],
    ['list items in another order', [1, 2], [2, 1]],
    ['a longer list', [1], [1, 2]],
    ['a shorter list', [1, 2], [1]],
    ['an empty map that is gone: it may be a selector of all', { podSelector: {} }, {}],
    [
      'repeated names: the server would refuse them',
      [{ name: 'A' }, { name: 'A' }],
      [{ name: 'A' }, { name: 'A' }],
    ],
    [
      'repeated ports, one with the protocol that the other has by default',
      [{ containerPort: 1 }, { containerPort: 1, protocol: 'TCP' }],
      [{ containerPort: 1 }, { containerPort: 1, protocol: 'TCP' }],
    ],
  ])('%s', (_what, declared, live) => {
    expect(prove({ x: declared }, { x: live }).declaredEqual).toBe(false);
  });
});

describe('what live has more', () => {
  it('is told leaf by leaf', () => {
    const { declaredEqual, extras } = prove({ a: [{ n: 1 }] }, { a: [{ n: 1, m: { k: 2 } }], b: {} });

    expect(declaredEqual).toBe(true);
    expect(extras).toEqual([
      { path: ['a', '0', 'm', 'k'], value: 2 },
      { path: ['b'], value: {} },
    ]);
  });

  it('is not known to be all where lists do not agree', () => {
    expect(prove({ a: [1] }, { a: [1, 2] }).complete).toBe(false);
    expect(prove({ a: 1 }, { a: 2 }).complete).toBe(true);
  });
});

const json = fc.letrec<{ value: Json }>(tie => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<Json>(null, true, 0, 1, '', 'a', '25%'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'name', '__proto__', 'port'), tie('value'), { maxKeys: 4 }),
  ),
})).value;

it('never proves sameness when a declared leaf has another value in live', () => {
  fc.assert(
    fc.property(json, fc.nat(), (declared, pick) => {
      const leaves = leavesOf(declared).filter(
        ({ value, path }) => value !== null && path.length > 0 && typeof value !== 'object',
      );
      fc.pre(leaves.length > 0);
      const leaf = leaves[pick % leaves.length];
      const live = replaced(declared, leaf?.path ?? [], 'quite another value');

      expect(prove(declared, live).declaredEqual).toBe(false);
    }),
  );
});

it('explains everything: declared leaves and extras together are all that live has', () => {
  fc.assert(
    fc.property(json, json, (declared, live) => {
      const { declaredEqual, extras } = prove({ x: declared }, { x: live });
      fc.pre(declaredEqual);
      const known = new Set([...leavesOf({ x: declared }), ...extras].map(({ path }) => path.join('/')));

      // An empty map is also explained by a declared one in which everything is null, which says nothing.
      const within = (path: string) => [...known].some(other => other.startsWith(`${path}/`));
      for (const { path, value } of leavesOf({ x: live })) {
        const at = path.join('/');
        if (value !== null && !(typeof value === 'object' && within(at))) expect(known).toContain(at);
      }
    }),
    { examples: [[{ a: null }, {}]] },
  );
});

function replaced(value: Json, path: readonly string[], by: Json): Json {
  const [key, ...rest] = path;
  if (key === undefined) return by;
  if (Array.isArray(value))
    return value.map((item, at) => (String(at) === key ? replaced(item, rest, by) : item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, child]) => [name, name === key ? replaced(child, rest, by) : child]),
  );
}
