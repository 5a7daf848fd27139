import { posix } from 'node:path';
import type { SourceTree, TreeFile } from '../tree.ts';
import { folderOf, isKustomization } from '../units/paths.ts';

/** What stands at a path that somebody wrote down. */
export type Found =
  | { what: 'file'; file: TreeFile }
  | { what: 'folder'; folder: string; kustomizations: TreeFile[] }
  | { what: 'nothing' | 'outside' | 'absolute' | 'link' | 'remote' };

/**
 * How kustomize tells that something must be fetched (api/internal/git/repospec.go and loader/fileloader.go), a little wider:
 * what looks so is never run, even where a folder of that name exists.
 */
const remote =
  /:\/\/|^(?:https?|git|gh|ssh|file|oci|s3|github\.com):|^github\.com\/|^[\w.-]+@[\w.-]+[:/]|_git\//i;

/** Answers what a path means, from the list of files alone: nothing on disk is asked, no link is followed. */
export class TreeIndex {
  readonly tree: SourceTree;
  readonly #files: ReadonlyMap<string, TreeFile>;
  readonly #folders = new Map<string, TreeFile[]>([['.', []]]);
  readonly #links: ReadonlySet<string>;

  constructor(tree: SourceTree) {
    this.tree = tree;
    this.#files = new Map(tree.files.map(file => [file.path, file]));
    this.#links = new Set(tree.links);
    for (const file of tree.files) {
      for (let folder = folderOf(file.path); !this.#folders.has(folder); folder = folderOf(folder)) {
        this.#folders.set(folder, []);
      }
      if (isKustomization(file.path)) this.#folders.get(folderOf(file.path))?.push(file);
    }
  }

  /** What `text` means in a kustomization in `folder`. */
  find(folder: string, text: string): Found {
    if (text === '') return { what: 'nothing' };
    if (remote.test(text)) return { what: 'remote' };
    if (text.startsWith('/')) return { what: 'absolute' };
    const path = posix.join(folder, text).replace(/\/$/, '');
    if (path === '..' || path.startsWith('../')) return { what: 'outside' };
    for (let part = path; part !== '.'; part = folderOf(part)) {
      if (this.#links.has(part)) return { what: 'link' };
    }
    const file = this.#files.get(path);
    if (file !== undefined) return { what: 'file', file };
    const kustomizations = this.#folders.get(path);
    return kustomizations === undefined
      ? { what: 'nothing' }
      : { what: 'folder', folder: path, kustomizations };
  }
}
