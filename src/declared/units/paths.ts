/** Whether `path` is `folder` or lies in it; `.` holds everything. */
export function isWithin(path: string, folder: string): boolean {
  return folder === '.' || path === folder || path.startsWith(`${folder}/`);
}

/** A folder as written in holdfast.yaml in its one form, without `./` and a slash at the end; undefined if it leaves the root. */
export function normalFolder(path: string): string | undefined {
  if (path.startsWith('/') || path.includes('\\') || path.includes('\0')) return undefined;
  const parts = path.split('/').filter(part => part !== '' && part !== '.');
  if (parts.includes('..')) return undefined;
  return parts.length === 0 ? '.' : parts.join('/');
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The folder of a file; `.` at the root. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? '.' : path.slice(0, slash);
}

/** Where a path leads that counts from the folder of a file; undefined for one that leaves the root. */
export function nestedPath(file: string, path: string): string | undefined {
  const folder = folderOf(file);
  const parts = folder === '.' ? [] : folder.split('/');
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return normalFolder(parts.join('/'));
}

/** Files that kubectl would read from a folder. */
export function isManifest(path: string): boolean {
  return /\.(?:ya?ml|json)$/.test(path);
}

export function isKustomization(path: string): boolean {
  return /^(?:kustomization\.ya?ml|Kustomization)$/.test(baseName(path));
}

export function isChart(path: string): boolean {
  return /^Chart\.ya?ml$/.test(baseName(path));
}

/** Whether a path has a folder that is nobody's declaration: hidden ones (`.github`) and `node_modules`. */
export function isHidden(path: string): boolean {
  return /(?:^|\/)(?:\.[^/]*|node_modules)\//.test(path);
}
