import { createHash } from 'node:crypto';
import type { Commit, Repository } from '../../../src/git/repository.ts';

/** The files of a commit: what each path holds. */
export type Files = ReadonlyMap<string, string>;

interface Node extends Commit {
  files: Files;
}

/** A history in memory that merges like git, file by file: thousands of them can be made where real ones take minutes. */
export class ModelHistory {
  readonly #nodes = new Map<string, Node>();
  readonly #trees = new Map<string, Files>();

  commit(files: Files, parents: readonly string[], message = 'Change'): string {
    const tree = this.#treeOf(files);
    const sha = hash([tree, ...parents, message, String(this.#nodes.size)]);
    this.#nodes.set(sha, { sha, tree, parents: [...parents], message, files });
    return sha;
  }

  files(sha: string): Files {
    return this.node(sha).files;
  }

  filesOfTree(tree: string): Files {
    return this.#trees.get(tree) ?? new Map();
  }

  node(sha: string): Node {
    const node = this.#nodes.get(sha);
    if (node === undefined) throw new Error(`no commit ${sha}`);
    return node;
  }

  ancestors(sha: string): Set<string> {
    const seen = new Set<string>();
    const queue = [sha];
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      queue.push(...this.node(next).parents);
    }
    return seen;
  }

  /** A best common ancestor, or undefined. */
  mergeBase(a: string, b: string): string | undefined {
    const other = this.ancestors(b);
    const common = [...this.ancestors(a)].filter(sha => other.has(sha));
    return common.find(sha => !common.some(later => later !== sha && this.ancestors(later).has(sha)));
  }

  /** The tree of a three-way merge, or null on a conflict. */
  merged(base: string, head: string): string | null {
    const start = this.mergeBase(base, head);
    const [ours, theirs] = [this.files(base), this.files(head)];
    const before = start === undefined ? new Map<string, string>() : this.files(start);
    const result = new Map<string, string>();
    for (const path of new Set([...ours.keys(), ...theirs.keys(), ...before.keys()])) {
      const [our, their, old] = [ours.get(path), theirs.get(path), before.get(path)];
      if (our !== their && our !== old && their !== old) return null;
      const value = our === old ? their : our;
      if (value !== undefined) result.set(path, value);
    }
    return this.#treeOf(result);
  }

  /** What the gate sees of it. */
  repository(): Repository {
    const unused = (): never => {
      throw new Error('the gate does not ask this');
    };
    return {
      fetch: unused,
      tree: unused,
      changedPaths: unused,
      treeObject: unused,
      conflicts: unused,
      mergeBase: unused,
      has: async sha => this.#nodes.has(sha),
      fetchCommit: async sha => this.#nodes.has(sha),
      commit: async sha => this.#plain(sha),
      isAncestor: async (ancestor, descendant) => this.ancestors(descendant).has(ancestor),
      firstParents: async (from, to) => this.#firstParents(from, to),
      introduced: async (head, without) => {
        const known = new Set(without.flatMap(sha => [...this.ancestors(sha)]));
        return [...this.ancestors(head)].filter(sha => !known.has(sha));
      },
      mergedTree: async (base, head) => this.merged(base, head),
    };
  }

  #firstParents(from: string, to: string): Commit[] {
    const known = this.ancestors(from);
    const line: Commit[] = [];
    for (
      let sha: string | undefined = to;
      sha !== undefined && !known.has(sha);
      sha = this.node(sha).parents[0]
    ) {
      line.unshift(this.#plain(sha));
    }
    return line;
  }

  #plain(name: string): Commit {
    const { sha, tree, parents, message } = this.node(name);
    return { sha, tree, parents: [...parents], message };
  }

  #treeOf(files: Files): string {
    const tree = hash([...files].map(([path, content]) => `${path}=${content}`).sort());
    this.#trees.set(tree, files);
    return tree;
  }
}

function hash(parts: readonly string[]): string {
  return createHash('sha1').update(JSON.stringify(parts)).digest('hex');
}
