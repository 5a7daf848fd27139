import { describe, expect, it } from 'vitest';
import type { Declaration } from '../../src/declared/declaration.ts';
import { declare } from '../../src/declared/declare.ts';
import { lostSince, mostEarlier, remembered, retiredUnits } from '../../src/declared/earlier.ts';
import { configMap, memoryTree } from './tree.ts';

/** What a revision declares: units by name, with their ConfigMaps. */
async function revision(name: string, units: Record<string, string[]>): Promise<Declaration> {
  const files = Object.entries(units).map(([unit, maps]) => [
    `manifests/${unit}/all.yaml`,
    maps.map(each => configMap(each)).join('---\n'),
  ]);
  return { ...(await declare(memoryTree(Object.fromEntries(files)))), revision: name };
}

const names = (earlier: readonly { unit: string; revision: string; ref: { name: string } }[]) =>
  earlier.map(each => `${each.unit}/${each.ref.name}@${each.revision}`);

describe('what a revision declared and a later one does not', () => {
  it.each<[string, Record<string, string[]>, string[]]>([
    ['is what is gone from a unit', { a: ['x'], b: ['z'] }, ['a/w2@r1']],
    ['is all of a unit that is gone', { a: ['x', 'w2'] }, ['b/z@r1']],
    ['is not what another unit declares now', { a: ['x'], b: ['w2', 'z'] }, []],
    ['is not what is declared in a unit of another name', { a: ['x', 'w2'], c: ['z'] }, []],
  ])('%s', async (_what, after, expected) => {
    const before = await revision('r1', { a: ['x', 'w2'], b: ['z'] });
    const lost = lostSince(before, await revision('r2', after), '2026-01-01T00:00:00Z');
    expect(names(lost)).toEqual(expected);
  });

  it('names the place and the time', async () => {
    const [lost] = lostSince(
      await revision('r1', { a: ['x', 'w2'] }),
      await revision('r2', { a: ['x'] }),
      'then',
    );
    expect(lost).toMatchObject({
      source: { file: 'manifests/a/all.yaml', line: 6 },
      removedAt: 'then',
      path: 'manifests/a',
    });
  });
});

describe('what is remembered', () => {
  it('is the last revision that declared it, and never what is declared again', async () => {
    const now = await revision('r3', { a: ['again'] });
    const lost = async (name: string, maps: string[]) =>
      lostSince(await revision(name, { a: maps }), await revision('x', { a: [] }), '');
    const found = [...(await lost('r2', ['x', 'again'])), ...(await lost('r1', ['x', 'w2']))];
    expect(names(remembered(found, now))).toEqual(['a/x@r2', 'a/w2@r1']);
  });

  it('is of so many revisions and no more', async () => {
    const [one] = lostSince(await revision('r', { a: ['x'] }), await revision('n', { a: ['w2'] }), '');
    if (one === undefined) throw new Error('nothing was lost');
    const many = Array.from({ length: mostEarlier + 5 }, (_, index) => ({
      ...one,
      revision: `r${index}`,
      ref: { ...one.ref, name: `x${index}` },
    }));
    expect(remembered(many, await revision('n', { a: [] }))).toHaveLength(mostEarlier);
  });
});

describe('a unit that is declared no more', () => {
  it('goes on under its name with nothing declared, as long as something of it is remembered', async () => {
    const before = await revision('r1', { a: ['x'], b: ['z'] });
    const after = await revision('r2', { a: ['w'] });
    const earlier = lostSince(before, after, '');
    expect(retiredUnits({ ...after, earlier })).toMatchObject([
      { definition: { name: 'b', driver: 'kubernetes', path: 'manifests/b' }, objects: [] },
    ]);
    expect(retiredUnits(after)).toEqual([]);
  });
});
