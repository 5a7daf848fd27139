import type { SourceTree } from '../declared/tree.ts';
import { Failure } from '../failure/failure.ts';
import type { Finding } from '../findings/finding.ts';

/** What is asked of the object store to know what a merge would give. All arguments are full SHAs. */
export interface MergingStore {
  tree(revision: string): Promise<SourceTree>;
  treeObject(id: string, revision: string): Promise<SourceTree>;
  mergedTree(base: string, head: string): Promise<string | null>;
  conflicts(base: string, head: string): Promise<string[]>;
  mergeBase(a: string, b: string): Promise<string | null>;
}

export interface MergeSides {
  base: SourceTree;
  /** The files as they would be after the merge. */
  head: SourceTree;
  /** Why it cannot be merged; the head then stands for itself, against where it left the base. */
  conflict?: Finding;
}

/**
 * Both sides of a merge. A head that is behind its base is not shown as undoing what the base did since: what counts is the
 * content that merging gives (`git merge-tree`). Throws HF2202 where the two have no common history.
 */
export async function mergeSides(store: MergingStore, base: string, head: string): Promise<MergeSides> {
  const common = await store.mergeBase(base, head);
  if (common === null) {
    const what = `${base.slice(0, 12)} and ${head.slice(0, 12)} have no common commit in this checkout`;
    throw new Failure('HF2202', what);
  }
  const merged = await store.mergedTree(base, head);
  if (merged !== null) return { base: await store.tree(base), head: await store.treeObject(merged, head) };
  const files = await store.conflicts(base, head);
  return { base: await store.tree(common), head: await store.tree(head), conflict: conflictFinding(files) };
}

function conflictFinding(files: readonly string[]): Finding {
  const named = files.slice(0, 20).join(', ');
  const more = files.length > 20 ? ` and ${files.length - 20} more` : '';
  return {
    unit: '',
    type: 'invalid',
    resource: { type: 'File', name: files[0] ?? 'the head' },
    code: 'HF2201',
    message: `HF2201 the head cannot be merged into the base; in conflict: ${named}${more}`,
  };
}
