import fc from 'fast-check';
import { expect, it } from 'vitest';
import { differing, withPlaces } from '../../../src/declared/helm/differing.ts';
import type { Json } from '../../../src/json/json.ts';
import { equal } from '../../../src/json/value.ts';

const json = fc.jsonValue() as fc.Arbitrary<Json>;

it.each<[Json, Json, string[]]>([
  [{ a: 1 }, { a: 1 }, []],
  [{ a: 1, b: { c: 2, d: 3 } }, { a: 1, b: { c: 2, d: 4 } }, ['b/d']],
  [{ a: [1, 2] }, { a: [1, 3] }, ['a/1']],
  [{ a: [1] }, { a: [1, 2] }, ['a']],
  [{ a: 1 }, { b: 1 }, ['a', 'b']],
  [1, 2, ['']],
])('%j and %j differ at %j', (one, other, places) => {
  expect(differing(one, other).map(place => place.join('/'))).toEqual(places);
});

it('a value that takes from another what differs is the other', () => {
  fc.assert(
    fc.property(json, json, (one, other) => {
      const taken = withPlaces(one, differing(one, other), other);
      expect(equal(taken, other)).toBe(true);
    }),
  );
});

it('a value that takes what differs between two others changes nowhere else', () => {
  const kept = withPlaces({ data: { password: 'new', colour: 'blue' } }, [['data', 'password']], {
    data: { password: 'old', colour: 'red', more: 'x' },
  });
  expect(kept).toEqual({ data: { password: 'old', colour: 'blue' } });
});
