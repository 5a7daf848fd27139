import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { isPython, type ToolName, type ToolSet } from './catalogue.ts';

/** The folder that holds the built tools of this user: `$XDG_CACHE_HOME/holdfast/tools`, by default under `~/.cache`. */
export function defaultCacheFolder(): string {
  const base = process.env['XDG_CACHE_HOME'];
  return join(base === undefined || base === '' ? join(homedir(), '.cache') : base, 'holdfast', 'tools');
}

/** The folder of what pins a set: a Go module, or the requirements of Python packages. */
export function moduleFolder(set: ToolSet): string {
  return join(import.meta.dirname, '..', 'modules', set.name);
}

/**
 * The name of a set's folder in the cache. It changes with anything that changes the binaries: module file, checksums
 * (or requirements), build steps, platform. So a cached set is never stale, and two checkouts share what they have in common.
 */
export function cacheKey(
  set: ToolSet,
  module = moduleFolder(set),
  platform = `${process.platform}-${process.arch}`,
): string {
  const hash = createHash('sha256');
  const pins = set.steps.some(isPython) ? ['requirements.txt'] : ['go.mod', 'go.sum'];
  for (const file of pins) hash.update(readFileSync(join(module, file))).update('\0');
  // How long a step takes has no part in what it makes.
  hash.update(
    JSON.stringify([set.steps.map(({ typicalSeconds: _, ...step }) => step), set.assets ?? null, platform]),
  );
  return `${set.name}-${set.version}-${hash.digest('hex').slice(0, 10)}`;
}

/** Where a set of Python packages has its interpreter, a link to that of the system. */
export const pythonOf: string = join('venv', 'bin', 'python');

/** The path of a tool in the cache, or undefined. A set's folder appears there only as a whole. */
export function findInCache(cache: string, set: ToolSet, tool: ToolName): string | undefined {
  const folder = join(cache, cacheKey(set));
  const file = join(folder, tool);
  // The environment of Python packages is of no use any more when the system's Python is gone: then it is made again.
  const usable = !set.steps.some(isPython) || existsSync(join(folder, pythonOf));
  return usable && existsSync(file) ? file : undefined;
}

/**
 * Fills a set's folder: `fill` works in a folder beside it, which is moved to its place in one step when all is there.
 * Call it under the lock: what an earlier holder left half made is removed first.
 */
export async function storeInCache(
  cache: string,
  set: ToolSet,
  fill: (folder: string) => Promise<void>,
): Promise<void> {
  mkdirSync(cache, { recursive: true });
  for (const name of readdirSync(cache)) {
    if (name.startsWith(`.partial-${set.name}-`)) rmSync(join(cache, name), { recursive: true, force: true });
  }
  const partial = mkdtempSync(join(cache, `.partial-${set.name}-`));
  try {
    await fill(partial);
    const place = join(cache, cacheKey(set));
    rmSync(place, { recursive: true, force: true });
    renameSync(partial, place);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}
