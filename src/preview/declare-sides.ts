import { ParseCache } from '../declared/cache.ts';
import type { Declaration } from '../declared/declaration.ts';
import { declare } from '../declared/declare.ts';
import type { SourceTree } from '../declared/tree.ts';
import { Failure } from '../failure/failure.ts';
import type { Finding } from '../findings/finding.ts';
import { definitionsIn } from '../validate/definitions.ts';
import { OfflineKinds } from './shapes.ts';

export interface DeclaredSides {
  base: Declaration;
  head: Declaration;
  kinds: OfflineKinds;
}

/** One side cannot be read as a whole, so that nothing can be told of the merge. */
export interface UnreadableSide {
  unreadable: { side: 'base' | 'head'; finding: Finding };
}

/**
 * What both sides declare, and the kinds that either defines; or which side has a holdfast.yaml that is wrong. Throws HF1001 where the
 * environment fits neither side: then it is what was asked that is wrong.
 */
export async function declareSides(
  sides: { base: SourceTree; head: SourceTree },
  options: { name: string; environment?: string | undefined; fetchCharts?: boolean },
): Promise<DeclaredSides | UnreadableSide> {
  const cache = new ParseCache();
  const declared = (tree: SourceTree) => declare(tree, { ...options, cache }).catch(wrongSettings);
  const [base, head] = [await declared(sides.base), await declared(sides.head)];
  // the head first: that is what this pull request can mend
  if (head instanceof Failure) {
    if (base instanceof Failure && head.code === 'HF1001') throw head;
    return { unreadable: { side: 'head', finding: findingOf(head) } };
  }
  if (base instanceof Failure) return { unreadable: { side: 'base', finding: findingOf(base) } };
  const known = new Set(sides.base.files.map(({ content }) => content));
  // what both sides have is looked through once
  const further = { ...sides.head, files: sides.head.files.filter(({ content }) => !known.has(content)) };
  const definitions = [...(await definitionsIn(sides.base)), ...(await definitionsIn(further))];
  return { base, head, kinds: new OfflineKinds(definitions) };
}

/** A wrong holdfast.yaml, or one that does not know the environment; anything else is thrown on. */
function wrongSettings(error: unknown): Failure {
  if (error instanceof Failure && (error.code === 'HF1104' || error.code === 'HF1001')) return error;
  throw error;
}

function findingOf({ code, where, message }: Failure): Finding {
  const file = where.file ?? 'holdfast.yaml';
  return {
    unit: '',
    type: 'unknown',
    resource: { type: 'File', name: file },
    source: { file, line: where.line ?? 1 },
    code,
    message: `${code} ${message}`,
  };
}
