import { hash } from 'node:crypto';
import { closeSync, constants, type Dirent, lstatSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Failure } from '../failure/failure.ts';
import { largestFile } from './objects/file.ts';
import type { SourceTree, TreeFile } from './tree.ts';

/** A folder (or one file) on disk, with the name that a unit made of it has. */
export interface FolderTree extends SourceTree {
  readonly name: string;
}

/**
 * The files as they stand on disk, without `node_modules` and folders whose name starts with a dot. Symbolic links are not followed, so nothing outside of
 * the folder is read; `path` itself may be one. Throws HF1105 when there is nothing at `path` or it cannot be read.
 */
export async function folderTree(path: string): Promise<FolderTree> {
  try {
    const root = await realpath(path);
    const found = await stat(root);
    if (found.isDirectory()) return treeOf(root, basename(root), walk(root, ''));
    const name = basename(root);
    return treeOf(dirname(root), name.replace(/\.[^.]+$/, ''), { files: [name], links: [] });
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure('HF1105', `nothing can be read there (${codeOf(error)})`, {
      where: { file: path },
      cause: error,
    });
  }
}

interface Walked {
  files: string[];
  links: string[];
}

function walk(root: string, folder: string, found: Walked = { files: [], links: [] }): Walked {
  const entries: Dirent[] = readdirSync(join(root, folder), { withFileTypes: true });
  for (const entry of entries) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isSymbolicLink()) found.links.push(path);
    else if (entry.isFile()) found.files.push(path);
    else if (entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules') {
      walk(root, path, found);
    }
  }
  return found;
}

/** So much is held, in bytes: with many files of a hundred thousand objects it would be more than all that is made of them. */
const mostHeld = 12 * 1024 * 1024;

/**
 * Manifests are read at once, so that all are of one moment, as long as they are not too many; other files when they are asked
 * for. One after the other and in this thread: for small files that is several times faster than handing each to another.
 */
function treeOf(root: string, name: string, { files, links }: Walked): FolderTree {
  const contents = new Map<string, Buffer>();
  let room = mostHeld;
  const listed = files.sort(byCode).map(path => {
    const file = fileOf(root, path, room > 0 ? contents : undefined);
    room -= contents.has(path) ? file.size : 0;
    return file;
  });
  const known = new Set(files);
  const read = (paths: readonly string[]) =>
    Promise.resolve().then(
      () => new Map(paths.map(path => [path, contents.get(path) ?? readOne(root, path, known)])),
    );
  return { revision: null, name, files: listed, links: links.sort(byCode), read };
}

function fileOf(root: string, path: string, contents: Map<string, Buffer> | undefined): TreeFile {
  const { size, mtimeMs, ino } = lstatSync(join(root, path));
  const file = { path, size, content: `${ino}:${size}:${mtimeMs}` };
  if (contents === undefined || size > largestFile || !/\.(?:ya?ml|json)$/i.test(path)) return file;
  try {
    const bytes = readUnfollowed(join(root, path));
    contents.set(path, bytes);
    return new HeldFile(path, bytes);
  } catch {
    return file;
  }
}

/** Its hash is made when it is asked for. */
class HeldFile implements TreeFile {
  readonly path: string;
  readonly #bytes: Buffer;
  #content: string | undefined;

  constructor(path: string, bytes: Buffer) {
    this.path = path;
    this.#bytes = bytes;
  }

  get size(): number {
    return this.#bytes.length;
  }

  get content(): string {
    this.#content ??= hash('sha256', this.#bytes, 'hex');
    return this.#content;
  }
}

function readOne(root: string, path: string, known: ReadonlySet<string>): Buffer {
  if (!known.has(path)) throw new Failure('HF1105', 'there is no such file', { where: { file: path } });
  try {
    return readUnfollowed(join(root, path));
  } catch (error) {
    throw new Failure('HF1105', `it cannot be read (${codeOf(error)})`, {
      where: { file: path },
      cause: error,
    });
  }
}

/** What became a symbolic link since it was listed is not followed either. */
function readUnfollowed(path: string): Buffer {
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}

function byCode(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
}
