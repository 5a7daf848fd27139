import { readdirSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const src = fileURLToPath(new URL('../../src', import.meta.url));
const specifier = /(?:\bfrom|\bimport)\s*\(?\s*'(\.[^']+)'/g;

/** Which folders of `src` each of them imports from, types and late imports included. */
function imports(): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const file of readdirSync(src, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue;
    const [from = ''] = file.split('/');
    const text = readFileSync(resolve(src, file), 'utf8');
    for (const [, to = ''] of text.matchAll(specifier)) {
      const [folder = ''] = relative(src, resolve(src, dirname(file), to)).split('/');
      if (folder !== from && folder !== '..') found.set(from, (found.get(from) ?? new Set()).add(folder));
    }
  }
  return found;
}

/** The folders without those that import from nothing that is left; what stays lies on a cycle, or leads to one. */
function withoutEnds(graph: Map<string, Set<string>>): string[] {
  const left = new Map([...graph].map(([folder, to]) => [folder, new Set(to)]));
  for (let before = -1; before !== left.size; ) {
    before = left.size;
    for (const [folder, to] of left) if (![...to].some(one => left.has(one))) left.delete(folder);
  }
  return [...left.keys()];
}

it('tells a cycle when there is one', () => {
  const graph = new Map([
    ['a', new Set(['b'])],
    ['b', new Set(['a', 'c'])],
  ]);

  expect(withoutEnds(graph)).toEqual(['a', 'b']);
});

it('imports between the folders of src form no cycle', () => {
  const graph = imports();

  expect(graph.size).toBeGreaterThan(20);
  expect(withoutEnds(graph)).toEqual([]);
});
