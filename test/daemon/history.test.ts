import { describe, expect, it } from 'vitest';
import { type AuthorizedRevision, earlierObjects, History } from '../../src/daemon/history.ts';
import type { Declaration } from '../../src/declared/declaration.ts';
import { declare } from '../../src/declared/declare.ts';
import { mostEarlier } from '../../src/declared/earlier.ts';
import { Failure } from '../../src/failure/failure.ts';
import { configMap, memoryTree } from '../declared/tree.ts';

const now = new Date('2026-06-01T00:00:00Z');

/** Revisions with the ConfigMaps that they declare, the newest first. */
function world(revisions: [name: string, maps: string[]][]) {
  const asked: string[] = [];
  const state = { failure: undefined as Failure | undefined };
  const all: AuthorizedRevision[] = revisions.map(([revision], index) => ({
    revision,
    ...(index < revisions.length - 1 && { since: `since-${revision}` }),
  }));
  const declarationAt = async (revision: string): Promise<Declaration> => {
    asked.push(revision);
    const maps = revisions.find(([name]) => name === revision)?.[1] ?? [];
    if (maps.includes('broken')) throw new Failure('HF1104', 'no such key');
    const files = Object.fromEntries(maps.map(map => [`manifests/a/${map}.yaml`, configMap(map)]));
    return { ...(await declare(memoryTree(files))), revision };
  };
  const mapsOf = (revision: string) => revisions.find(([name]) => name === revision)?.[1] ?? [];
  const changedPaths = async (from: string, to: string) => {
    if (state.failure !== undefined) throw state.failure;
    const added = mapsOf(to).filter(map => !mapsOf(from).includes(map));
    const deleted = mapsOf(from).filter(map => !mapsOf(to).includes(map));
    return [
      ...added.map(path => ({ path, change: 'added' as const })),
      ...deleted.map(path => ({ path, change: 'deleted' as const })),
    ];
  };
  return { asked, state, parts: { revisions: async () => all, declarationAt, changedPaths, now: () => now } };
}

const words = (declaration: Pick<Declaration, 'earlier'>) =>
  declaration.earlier?.map(({ ref, revision, removedAt }) => `${ref.name} ${revision} ${removedAt}`);

describe('what earlier revisions declared', () => {
  it('is found with the last revision that declared it, and since when it is not', async () => {
    const { parts } = world([
      ['r4', ['x']],
      ['r3', ['x', 'late']],
      ['r2', ['x', 'late', 'early']],
      ['r1', ['early']],
    ]);
    const earlier = await earlierObjects(await parts.declarationAt('r4'), parts);
    expect(words({ earlier })).toEqual(['late r3 since-r4', 'early r2 since-r3']);
  });

  it('is looked for only where something could be lost, and so far back and no further', async () => {
    const grown = world([
      ['r3', ['x', 'y', 'z']],
      ['r2', ['x', 'y']],
      ['r1', ['x']],
    ]);
    const three = await grown.parts.declarationAt('r3');
    grown.asked.length = 0;
    expect(await earlierObjects(three, grown.parts)).toEqual([]);
    expect(grown.asked).toEqual([]);

    const long = world(Array.from({ length: 60 }, (_, index) => [`r${60 - index}`, [`m${index}`]]));
    const newest = await long.parts.declarationAt('r60');
    long.asked.length = 0;
    await earlierObjects(newest, long.parts);
    expect(long.asked).toHaveLength(mostEarlier);
  });

  it('passes over a revision whose holdfast.yaml is wrong', async () => {
    const { parts } = world([
      ['r3', ['x']],
      ['r2', ['x', 'broken']],
      ['r1', ['x', 'old']],
    ]);
    const earlier = await earlierObjects(await parts.declarationAt('r3'), parts);
    expect(words({ earlier })).toEqual(['old r1 since-r2']);
  });

  it('of a revision that the ledger does not have yet ended now', async () => {
    const { parts } = world([['r1', ['x', 'old']]]);
    const newest = { ...(await parts.declarationAt('r1')), revision: 'r2', units: [] };
    const earlier = await earlierObjects(newest, {
      ...parts,
      changedPaths: async () => [{ path: 'a', change: 'deleted' }],
    });
    expect(words({ earlier })?.sort()).toEqual([`old r1 ${now.toISOString()}`, `x r1 ${now.toISOString()}`]);
  });
});

describe('following the declarations', () => {
  function following(revisions: [string, string[]][]) {
    const { parts, state, asked } = world(revisions);
    let read: () => void = () => {};
    const failures: unknown[] = [];
    const history = new History({
      ...parts,
      onRead: () => read(),
      onFailure: error => {
        failures.push(error);
        read();
      },
    });
    const done = () => new Promise<void>(resolve => (read = resolve));
    return { history, parts, state, asked, failures, done };
  }

  it('knows nothing until it has read, then the same for the same declaration', async () => {
    const { history, parts, done } = following([
      ['r2', ['x']],
      ['r1', ['x', 'old']],
    ]);
    const declaration = await parts.declarationAt('r2');
    const reading = done();
    expect(history.complete(declaration)).toBe(declaration);
    await reading;
    const whole = history.complete(declaration);
    expect(words(whole)).toEqual(['old r1 since-r2']);
    expect(history.complete(declaration)).toBe(whole);
  });

  it('goes on from one declaration to the next without reading again', async () => {
    const { history, parts, done, asked } = following([
      ['r3', []],
      ['r2', ['x']],
      ['r1', ['x', 'old']],
    ]);
    const [two, three] = [await parts.declarationAt('r2'), await parts.declarationAt('r3')];
    const reading = done();
    history.complete(two);
    await reading;
    history.complete(two);
    asked.length = 0;
    expect(words(history.complete(three))).toEqual([`x r2 ${now.toISOString()}`, 'old r1 since-r2']);
    expect(asked).toEqual([]);
  });

  it('tries again what could not be read', async () => {
    const { history, parts, state, done, failures } = following([
      ['r2', ['x']],
      ['r1', ['x', 'old']],
    ]);
    const declaration = await parts.declarationAt('r2');
    state.failure = new Failure('HF1207', 'lost');
    let reading = done();
    expect(history.complete(declaration).earlier).toBeUndefined();
    await reading;
    expect(failures).toHaveLength(1);
    state.failure = undefined;
    await new Promise(setImmediate);
    reading = done();
    expect(history.complete(declaration).earlier).toBeUndefined();
    await reading;
    expect(history.complete(declaration).earlier).toHaveLength(1);
  });
});
