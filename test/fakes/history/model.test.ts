import { describe, expect, it } from 'vitest';
import { ModelHistory } from './model.ts';

const files = (text: string): Map<string, string> =>
  new Map([...text].map((content, index) => [`f${index}`, content]));

describe('the history in memory', () => {
  it.each([
    ['takes what only one side changed', 'abc', 'xbc', 'aby', 'xby'],
    ['takes what both changed alike', 'abc', 'xbc', 'xbc', 'xbc'],
    ['conflicts where both changed differently', 'abc', 'xbc', 'ybc', null],
    ['takes over what was added', 'a', 'a', 'ab', 'ab'],
    ['leaves out what was deleted', 'abc', 'abc', 'ab', 'ab'],
  ])('%s', (_what, start, ours, theirs, expected) => {
    const history = new ModelHistory();
    const root = history.commit(files(start), []);
    const base = history.commit(files(ours), [root]);
    const head = history.commit(files(theirs), [root]);
    const tree = history.merged(base, head);

    expect(tree === null ? null : [...history.filesOfTree(tree).values()].join('')).toBe(expected);
  });

  it('merges from the best common ancestor', () => {
    const history = new ModelHistory();
    const root = history.commit(files('a'), []);
    const side = history.commit(files('b'), [root]);
    const merge = history.commit(files('b'), [root, side]);
    const head = history.commit(files('c'), [side]);

    expect(history.mergeBase(merge, head)).toBe(side);
    expect(history.merged(merge, head)).toBe(history.node(head).tree);
  });

  it('gives the first-parent line and its trees as a repository', async () => {
    const history = new ModelHistory();
    const root = history.commit(files('a'), []);
    const side = history.commit(files('b'), [root]);
    const merge = history.commit(files('b'), [root, side]);
    const last = history.commit(files('a'), [merge]);
    const repository = history.repository();
    const line = await repository.firstParents(root, last);

    expect(line.map(({ sha }) => sha)).toEqual([merge, last]);
    expect(line.at(-1)?.tree).toBe(history.node(root).tree);
    expect(await repository.isAncestor(side, last)).toBe(true);
    expect(await repository.isAncestor(last, side)).toBe(false);
    expect(await repository.has('0'.repeat(40))).toBe(false);
  });
});
