import type { SourceTree, TreeFile } from '../declared/tree.ts';
import { Failure } from '../failure/failure.ts';
import type { GitObject } from './blobs.ts';

/** Turns `git ls-tree -r -z -l` into files and links; submodules are neither. `prefix` (ending in `/`) is cut off. */
export function parseListing(listing: string, prefix = ''): { files: TreeFile[]; links: string[] } {
  const files: TreeFile[] = [];
  const links: string[] = [];
  for (const entry of listing.split('\0')) {
    const tab = entry.indexOf('\t');
    const full = entry.slice(tab + 1);
    if (tab === -1 || !full.startsWith(prefix) || !isPlainPath(full)) continue;
    const [mode = '', type, content = '', size = '0'] = entry.slice(0, tab).split(/ +/);
    const path = full.slice(prefix.length);
    if (mode === '120000') links.push(path);
    else if (type === 'blob') files.push({ path, content, size: Number(size) });
  }
  const byCode = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  return { files: files.sort((a, b) => byCode(a.path, b.path)), links: links.sort(byCode) };
}

/** Git refuses such paths itself when it checks what it fetches; a local store may not have been checked. */
function isPlainPath(path: string): boolean {
  return path !== '' && !path.split('/').some(part => part === '' || part === '.' || part === '..');
}

/** The tree of a commit, read from the object store when asked. */
export function revisionTree(
  revision: string,
  listed: { files: TreeFile[]; links: string[] },
  readObjects: (ids: readonly string[]) => Promise<Map<string, GitObject>>,
): SourceTree {
  const ids = new Map(listed.files.map(({ path, content }) => [path, content]));
  const read = async (paths: readonly string[]) => {
    const wanted = paths.map(path => {
      const id = ids.get(path);
      if (id === undefined) throw new Failure('HF1105', 'there is no such file', { where: { file: path } });
      return { path, id };
    });
    const objects = await readObjects(wanted.map(({ id }) => id));
    return new Map(wanted.map(({ path, id }) => [path, bytesOf(objects.get(id), path)]));
  };
  return { revision, files: listed.files, links: listed.links, read };
}

function bytesOf(object: GitObject | undefined, path: string): Buffer {
  if (object?.type === 'blob') return object.bytes;
  throw new Failure('HF1207', 'the object store has lost a file', { where: { file: path } });
}
