/** One file of a tree; `content` changes exactly when the bytes do (a blob's object id, or a hash). */
export interface TreeFile {
  /** Relative to the root, with `/`. */
  path: string;
  content: string;
  /** In bytes. */
  size: number;
}

/**
 * The files of a repository at one revision, or of a folder on disk. Symbolic links and submodules are not files here:
 * nothing outside of the tree can be reached through it.
 */
export interface SourceTree {
  /** The full commit SHA, or null for a folder on disk. */
  readonly revision: string | null;
  /** Sorted by path. */
  readonly files: readonly TreeFile[];
  /** Paths of symbolic links, sorted: they are not followed, and not passed over in silence either. */
  readonly links: readonly string[];
  /** The bytes of each file asked for, by path. A path that is not in `files` is a Failure HF1105. */
  read(paths: readonly string[]): Promise<Map<string, Buffer>>;
}
