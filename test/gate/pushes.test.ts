import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Push } from '../../src/forge/forge.ts';
import { pushedBy } from '../../src/gate/pushes.ts';
import { ModelHistory } from '../fakes/history/model.ts';
import { user } from './support/data.ts';

/** `base` and four commits on top of it, each the parent of the next, and two that were pushed away again. */
function history() {
  const model = new ModelHistory();
  const files = new Map([['f', 'x']]);
  const base = model.commit(files, []);
  const a = model.commit(files, [base], 'a');
  const b = model.commit(files, [a], 'b');
  const c = model.commit(files, [b], 'c');
  const d = model.commit(files, [c], 'd');
  const away = '9'.repeat(40);
  return { repository: model.repository(), base, a, b, c, d, away };
}

const move = (by: string, before: string | null, after: string): Push => ({ by: user(by), before, after });
const brought = (by: string, ...commits: string[]): Push => ({ by: user(by), commits });

describe('who pushed', () => {
  type Line = ReturnType<typeof history>;
  it.each<[string, (line: Line) => Push[], string[], ('a' | 'b' | 'c' | 'd')[]]>([
    ['nobody is told', () => [], [], ['d', 'c', 'b', 'a']],
    ['one who made the branch', ({ d }) => [move('bob', null, d)], ['bob'], []],
    ['one who pushed onto the base', ({ base, d }) => [move('bob', base, d)], ['bob'], []],
    [
      'two, one after the other',
      ({ base, b, d }) => [move('bob', b, d), move('alice', base, b)],
      ['alice', 'bob'],
      [],
    ],
    ['the last push is missing', ({ base, c }) => [move('alice', base, c)], ['alice'], ['d']],
    ['the first push is missing', ({ b, d }) => [move('alice', b, d)], ['alice'], ['d', 'c', 'b', 'a']],
    [
      'one in the middle is missing',
      ({ base, a, b, d }) => [move('alice', base, a), move('alice', b, d)],
      ['alice'],
      ['d', 'c', 'b'],
    ],
    [
      'the missing one is told elsewhere',
      ({ base, a, b, c, d }) => [move('alice', base, a), brought('bob', b, c, d)],
      ['alice', 'bob'],
      [],
    ],
    [
      'what is told elsewhere is not all',
      ({ base, a, d }) => [move('alice', base, a), brought('bob', d)],
      ['alice', 'bob'],
      ['c', 'b'],
    ],
    [
      'something was pushed away, which is not at hand any more',
      ({ base, d, away }) => [move('bob', base, away), move('alice', away, d)],
      ['alice', 'bob'],
      [],
    ],
    [
      'what was pushed away came from nobody knows',
      ({ d, away }) => [move('alice', away, d)],
      ['alice'],
      ['d', 'c', 'b', 'a'],
    ],
    [
      'a branch went round in a circle that nobody is told to have entered',
      ({ c, d }) => [move('alice', c, d), move('alice', d, c)],
      ['alice'],
      ['d', 'c', 'b', 'a'],
    ],
    ['a deleted account', ({ d }) => [{ by: null, before: null, after: d }], [], []],
    [
      'what came later is of no account',
      ({ base, d, away }) => [move('bob', d, away), move('alice', base, d)],
      ['alice'],
      [],
    ],
  ])('%s', async (_, pushes, by, untold) => {
    const line = history();
    const pushed = await pushedBy(line.repository, line.base, line.d, pushes(line));
    expect(pushed.by.map(({ login }) => login).sort()).toEqual(by);
    expect(new Set(pushed.untold)).toEqual(new Set(untold.map(name => line[name])));
  });

  it('of a head that brings nothing is not asked', async () => {
    const { repository, base, d } = history();
    expect(await pushedBy(repository, d, base, [])).toEqual({ by: [], untold: [] });
  });
});

it('is told of everyone, or not told, whatever a forge leaves out', async () => {
  const people = ['alice', 'bob', 'carol', 'dave'];
  const step = fc.record({
    by: fc.constantFrom(...people),
    /** How many commits back the push starts, and how many it adds. */
    back: fc.nat(3),
    add: fc.integer({ min: 1, max: 3 }),
    fed: fc.boolean(),
    noted: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async steps => {
      const model = new ModelHistory();
      const base = model.commit(new Map(), []);
      const owner = new Map<string, string>();
      const pushes: Push[] = [];
      let line = [base];
      for (const { by, back, add, fed, noted } of steps) {
        const before = line.at(-1) ?? base;
        line = line.slice(0, Math.max(line.length - back, 1));
        const made = Array.from({ length: add }, (_, index) => {
          const sha = model.commit(new Map(), [line.at(-1) ?? base], `${line.length} ${index}`);
          line.push(sha);
          owner.set(sha, by);
          return sha;
        });
        const after = line.at(-1) ?? base;
        if (fed) pushes.push({ by: user(by), before, after });
        if (noted) pushes.push({ by: user(by), commits: made });
      }
      const pushed = await pushedBy(model.repository(), base, line.at(-1) ?? base, pushes);
      const known = new Set(pushed.by.map(({ login }) => login));
      const untold = new Set(pushed.untold);
      for (const sha of line.slice(1)) {
        expect(untold.has(sha) || known.has(owner.get(sha) ?? '')).toBe(true);
      }
      if (steps.every(({ fed }) => fed) || steps.every(({ noted }) => noted)) expect(untold.size).toBe(0);
    }),
    { numRuns: 300 },
  );
});
