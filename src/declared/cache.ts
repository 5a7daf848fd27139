import type { FileContents } from './objects/file.ts';

/**
 * What files hold, by the hash of their bytes, so that only changed files are parsed again. Keeps what the last few trees
 * used (the branch's tip and the authorized revision take turns) and nothing else.
 */
export class ParseCache {
  readonly #kept: number;
  #trees: Map<string, FileContents>[] = [];

  constructor(kept = 3) {
    this.#kept = kept;
  }

  /** Begins a tree; what only trees long before it used is forgotten. */
  begin(): void {
    this.#trees = [new Map(), ...this.#trees].slice(0, this.#kept);
  }

  get(key: string): FileContents | undefined {
    for (const tree of this.#trees) {
      const found = tree.get(key);
      if (found === undefined) continue;
      this.#trees[0]?.set(key, found);
      return found;
    }
    return undefined;
  }

  set(key: string, contents: FileContents): void {
    this.#trees[0]?.set(key, contents);
  }

  /** How many different files are remembered. */
  get size(): number {
    return new Set(this.#trees.flatMap(tree => [...tree.keys()])).size;
  }
}
