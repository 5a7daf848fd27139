import { describe, expect, it } from 'vitest';
import { differences } from '../../src/compare/difference.ts';
import { keyed, type Shape } from '../../src/compare/keyed.ts';
import { placed } from '../../src/compare/placed.ts';
import type { Json } from '../../src/json/json.ts';

/** A schema in which every list is a set. */
const sets: Shape = {
  child: () => sets,
  item: () => sets,
  mergeKeys: undefined,
  set: true,
  default: undefined,
};

/** What is told where applying would make `target` of live, and the declaration alone `fresh`. */
function told(declared: Json[], live: Json[], target: Json[] = declared): unknown[] {
  const turned = (list: Json[]) => keyed({ list }, sets, { sets: true });
  const sides = { declared: turned(declared), live: turned(live) };
  const merged = differences(sides.declared, turned(target), sides.live);
  const more = differences(sides.declared, sides.declared, sides.live).filter(({ op }) => op === 'added');
  const once = new Map([...more, ...merged].map(each => [each.path, each]));
  return placed([...once.values()], sides).map(({ path, op, declared: own, live: found }) => [
    path,
    op,
    own,
    found,
  ]);
}

describe('items of a set', () => {
  it.each<[string, Json[], Json[], Json[], unknown[]]>([
    ['as declared', ['a', 'b'], ['a', 'b'], ['a', 'b'], []],
    ['one more', ['a'], ['x', 'a'], ['x', 'a'], [['/list/0', 'added', undefined, 'x']]],
    [
      'one gone: where it is declared',
      ['a', 'b', 'c'],
      ['b', 'c'],
      ['a', 'b', 'c'],
      [['/list/0', 'removed', 'a', undefined]],
    ],
    [
      'one in the place of another, which applying would only add to',
      ['a'],
      ['x'],
      ['x', 'a'],
      [['/list/0', 'changed', 'a', 'x']],
    ],
    [
      'one gone and another one elsewhere',
      ['a', 'b'],
      ['b', 'x'],
      ['a', 'b', 'x'],
      [
        ['/list/1', 'added', undefined, 'x'],
        ['/list/0', 'removed', 'a', undefined],
      ],
    ],
    ['another order', ['a', 'b'], ['b', 'a'], ['a', 'b'], [['/list', 'changed', ['a', 'b'], ['b', 'a']]]],
    [
      'none left',
      ['a', 'b'],
      [],
      ['a', 'b'],
      [
        ['/list/0', 'removed', 'a', undefined],
        ['/list/1', 'removed', 'b', undefined],
      ],
    ],
    ['a value twice', ['a'], ['a', 'a'], ['a', 'a'], [['/list/1', 'added', undefined, 'a']]],
    ['numbers and texts apart', [1], ['1'], ['1', 1], [['/list/0', 'changed', 1, '1']]],
  ])('%s', (_case, declared, live, target, expected) => {
    expect(told(declared, live, target)).toEqual(expected);
  });
});
