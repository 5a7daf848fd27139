import { hash } from 'node:crypto';
import { constants, type Dirent } from 'node:fs';
import { lstat, open, readdir, readFile, realpath, stat } from 'node:fs/promises';
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
    if (found.isDirectory()) return await treeOf(root, basename(root), await walk(root, ''));
    const name = basename(root);
    return await treeOf(dirname(root), name.replace(/\.[^.]+$/, ''), { files: [name], links: [] });
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

async function walk(root: string, folder: string): Promise<Walked> {
  const found: Walked = { files: [], links: [] };
  const entries: Dirent[] = await readdir(join(root, folder), { withFileTypes: true });
  for (const entry of entries) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isSymbolicLink()) found.links.push(path);
    else if (entry.isFile()) found.files.push(path);
    else if (entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules') {
      const inner = await walk(root, path);
      found.files.push(...inner.files);
      found.links.push(...inner.links);
    }
  }
  return found;
}

/** Manifests are read at once, so that all are of one moment; other files when they are asked for. */
async function treeOf(root: string, name: string, { files, links }: Walked): Promise<FolderTree> {
  const contents = new Map<string, Buffer>();
  const listed: TreeFile[] = [];
  for (const path of files.sort(byCode)) listed.push(await fileOf(root, path, contents));
  const known = new Set(files);
  const read = async (paths: readonly string[]) => {
    const bytes = new Map<string, Buffer>();
    for (const path of paths) bytes.set(path, contents.get(path) ?? (await readOne(root, path, known)));
    return bytes;
  };
  return { revision: null, name, files: listed, links: links.sort(byCode), read };
}

async function fileOf(root: string, path: string, contents: Map<string, Buffer>): Promise<TreeFile> {
  const { size, mtimeMs, ino } = await lstat(join(root, path));
  const file = { path, size, content: `${ino}:${size}:${mtimeMs}` };
  if (size > largestFile || !/\.(?:ya?ml|json)$/i.test(path)) return file;
  const bytes = await readFile(join(root, path)).catch(() => undefined);
  if (bytes === undefined) return file;
  contents.set(path, bytes);
  return { path, size: bytes.length, content: hash('sha256', bytes, 'hex') };
}

async function readOne(root: string, path: string, known: ReadonlySet<string>): Promise<Buffer> {
  if (!known.has(path)) throw new Failure('HF1105', 'there is no such file', { where: { file: path } });
  try {
    const file = await open(join(root, path), constants.O_RDONLY | constants.O_NOFOLLOW);
    return await file.readFile().finally(() => file.close());
  } catch (error) {
    throw new Failure('HF1105', `it cannot be read (${codeOf(error)})`, {
      where: { file: path },
      cause: error,
    });
  }
}

function byCode(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
}
