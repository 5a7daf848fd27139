import { ParseCache } from '../declared/cache.ts';
import type { Declaration } from '../declared/declaration.ts';
import { declare } from '../declared/declare.ts';
import type { SourceTree } from '../declared/tree.ts';
import { definitionsIn } from '../validate/definitions.ts';
import { OfflineKinds } from './shapes.ts';

export interface DeclaredSides {
  base: Declaration;
  head: Declaration;
  kinds: OfflineKinds;
}

/** What both sides declare, and the kinds that either defines. Throws as `declare` does. */
export async function declareSides(
  sides: { base: SourceTree; head: SourceTree },
  options: { name: string; environment?: string | undefined; fetchCharts?: boolean },
): Promise<DeclaredSides> {
  const cache = new ParseCache();
  const declared = (tree: SourceTree) => declare(tree, { ...options, cache });
  const [base, head] = [await declared(sides.base), await declared(sides.head)];
  const known = new Set(sides.base.files.map(({ content }) => content));
  // what both sides have is looked through once
  const further = { ...sides.head, files: sides.head.files.filter(({ content }) => !known.has(content)) };
  const definitions = [...(await definitionsIn(sides.base)), ...(await definitionsIn(further))];
  return { base, head, kinds: new OfflineKinds(definitions) };
}
