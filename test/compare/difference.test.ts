import { describe, expect, it } from 'vitest';
import { declaredDiffers, differences } from '../../src/compare/difference.ts';
import { keyed, type Shape } from '../../src/compare/keyed.ts';
import type { Json } from '../../src/json/json.ts';

/** A schema in which every list named `items` is merged by name, and `ports` by containerPort and protocol. */
const shape: Shape = {
  child: key => (key === 'items' ? byName : key === 'ports' ? byPort : shape),
  item: () => shape,
  mergeKeys: undefined,
  default: undefined,
};
const byName: Shape = { ...shape, mergeKeys: ['name'] };
const port: Shape = { ...shape, child: key => (key === 'protocol' ? { ...shape, default: 'TCP' } : shape) };
const byPort: Shape = { ...shape, mergeKeys: ['containerPort', 'protocol'], item: () => port };

function differ(declared: Json, target: Json, live: Json) {
  return differences(keyed(declared, shape), keyed(target, shape), keyed(live, shape));
}

describe('differences', () => {
  it('tells a changed leaf in the words of the declaration', () => {
    expect(differ({ cpu: '1000m' }, { cpu: '1' }, { cpu: '2' })).toEqual([
      { path: '/cpu', op: 'changed', declared: '1000m', live: '2' },
    ]);
  });

  it('tells nothing where the server writes the same in another way', () => {
    expect(differ({ cpu: '1000m' }, { cpu: '1' }, { cpu: '1' })).toEqual([]);
  });

  it('tells nothing where the server drops what is declared', () => {
    expect(differ({ gone: false }, {}, {})).toEqual([]);
  });

  it('tells a default that live has otherwise as live only', () => {
    expect(differ({}, { suspend: false }, { suspend: true })).toEqual([
      { path: '/suspend', op: 'added', live: true },
    ]);
  });

  it('tells nothing of what only the server would add', () => {
    expect(differ({ a: 1 }, { a: 1, stamp: 'x' }, { a: 1 })).toEqual([]);
  });

  it('tells added maps leaf by leaf and added items as a whole', () => {
    const target = { items: [{ name: 'a' }] };
    const live = {
      items: [
        { name: 'a', limits: { cpu: 1, memory: 2 } },
        { name: 'b', env: { x: 1 } },
      ],
    };

    expect(differ(target, target, live)).toEqual([
      { path: '/items/name=a/limits/cpu', op: 'added', live: 1 },
      { path: '/items/name=a/limits/memory', op: 'added', live: 2 },
      { path: '/items/name=b', op: 'added', live: { name: 'b', env: { x: 1 } } },
    ]);
  });

  it('tells a removed item as it was declared', () => {
    const declared = { ports: [{ containerPort: 80 }] };
    const target = { ports: [{ containerPort: 80, protocol: 'TCP' }] };

    expect(differ(declared, target, { ports: [] })).toEqual([
      { path: '/ports/containerPort=80,protocol=TCP', op: 'removed', declared: { containerPort: 80 } },
    ]);
  });

  it('tells items of a plain list by their index', () => {
    expect(differ({ args: ['a', 'b'] }, { args: ['a', 'b'] }, { args: ['a', 'x', 'b'] })).toEqual([
      { path: '/args/1', op: 'changed', declared: 'b', live: 'x' },
      { path: '/args/2', op: 'added', live: 'b' },
    ]);
  });

  it('tells another order by the names of the items', () => {
    const declared = { items: [{ name: 'a' }, { name: 'b' }] };
    const live = { items: [{ name: 'b' }, { name: 'c' }, { name: 'a' }] };

    expect(differ(declared, declared, live)).toEqual([
      {
        path: '/items',
        op: 'changed',
        declared: ['name=a', 'name=b'],
        live: ['name=b', 'name=a'],
        reordered: true,
      },
      { path: '/items/name=c', op: 'added', live: { name: 'c' } },
    ]);
  });

  it('tells a map that took the place of a value, and the other way round', () => {
    expect(differ({ a: 1 }, { a: 1 }, { a: { b: 2 } })).toEqual([
      { path: '/a', op: 'removed', declared: 1 },
      { path: '/a/b', op: 'added', live: 2 },
    ]);
  });

  it('writes slashes and tildes in keys as a JSON pointer does', () => {
    expect(differ({}, {}, { 'a/b~c': 1 })).toEqual([{ path: '/a~1b~0c', op: 'added', live: 1 }]);
  });

  it('is not led astray by keys that objects have of themselves', () => {
    const live = JSON.parse('{"__proto__": {"polluted": 1}, "constructor": "x", "toString": "y"}');

    const found = differ({}, {}, live);

    expect(found.map(({ path }) => path)).toEqual(['/__proto__/polluted', '/constructor', '/toString']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('tells what was declared empty and is gone, with the defaults that the server put into it', () => {
    const declared = { tiers: { a: {}, b: { size: 1 } } };
    const target = { tiers: { a: { size: 5 }, b: { size: 1 } } };

    expect(differ(declared, target, { tiers: { b: { size: 1 } } })).toEqual([
      { path: '/tiers/a', op: 'removed', declared: {} },
    ]);
    expect(differ(declared, target, target)).toEqual([]);
  });

  it('tells nothing of a null that stands where a list was, but that the list is gone', () => {
    expect(differ({ rules: ['a'] }, { rules: ['a'] }, { rules: null, more: null })).toEqual([
      { path: '/rules/0', op: 'removed', declared: 'a' },
    ]);
  });

  it('keeps items apart that share their merge key', () => {
    const live = {
      items: [
        { name: 'a', v: 1 },
        { name: 'a', v: 2 },
      ],
    };

    expect(differ({ items: [{ name: 'a', v: 1 }] }, { items: [{ name: 'a', v: 1 }] }, live)).toEqual([
      { path: '/items/name=a#2', op: 'added', live: { name: 'a', v: 2 } },
    ]);
  });
});

it.each([
  [['added'], false],
  [['added', 'removed'], true],
  [['changed'], true],
] as const)('of %j the declared differs: %s', (ops, wanted) => {
  expect(declaredDiffers(ops.map(op => ({ op })))).toBe(wanted);
});
