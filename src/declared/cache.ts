import type { ReleaseResult } from './helm/render.ts';
import type { Rendering } from './kustomize/render.ts';
import type { FileContents } from './objects/file.ts';

/** Keeps what the last few trees used (the branch's tip and the authorized revision take turns) and nothing else. */
export class RecentCache<T> {
  readonly #kept: number;
  #trees: Map<string, T>[] = [];

  constructor(kept = 3) {
    this.#kept = kept;
  }

  /** Begins a tree; what only trees long before it used is forgotten. */
  begin(): void {
    this.#trees = [new Map(), ...this.#trees].slice(0, this.#kept);
  }

  get(key: string): T | undefined {
    for (const tree of this.#trees) {
      const found = tree.get(key);
      if (found === undefined) continue;
      this.#trees[0]?.set(key, found);
      return found;
    }
    return undefined;
  }

  set(key: string, value: T): void {
    this.#trees[0]?.set(key, value);
  }

  /** How many different values are remembered. */
  get size(): number {
    return new Set(this.#trees.flatMap(tree => [...tree.keys()])).size;
  }
}

/** What files hold, by the hash of their bytes, so that only changed files are parsed again; and what was rendered of them. */
export class ParseCache extends RecentCache<FileContents> {
  /** By the hash of all that was read for it. */
  readonly renderings: RecentCache<Rendering>;
  /** The same of charts. */
  readonly releases: RecentCache<ReleaseResult>;

  constructor(kept = 3) {
    super(kept);
    this.releases = new RecentCache(kept);
    this.renderings = new RecentCache(kept);
  }

  override begin(): void {
    super.begin();
    this.renderings.begin();
    this.releases.begin();
  }
}
