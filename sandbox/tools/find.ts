import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { Failure } from '../../src/failure/failure.ts';
import { findInCache } from './cache.ts';
import { setOf, type ToolName } from './catalogue.ts';
import { hasAcceptableVersion } from './versions.ts';

/** Where tools are looked for. */
export interface Places {
  /** A folder of binaries that somebody named (HOLDFAST_TOOLS): what is there is used as it is. */
  explicit: string | undefined;
  /** The folders of PATH: what is there is used when its version fits. */
  path: readonly string[];
  cache: string;
}

/** The places of this process. A folder named in HOLDFAST_TOOLS that does not exist is an error, not a shrug. */
export function placesFromEnvironment(env: NodeJS.ProcessEnv, cache: string): Places {
  const explicit = env['HOLDFAST_TOOLS'];
  if (explicit !== undefined && explicit !== '' && !isFolder(explicit)) {
    throw new Failure('HF1003', 'HOLDFAST_TOOLS names a folder that does not exist', {
      where: { file: explicit },
    });
  }
  const path = (env['PATH'] ?? '').split(delimiter).filter(folder => isAbsolute(folder));
  return { explicit: explicit === '' ? undefined : explicit, path, cache };
}

/** Finds a tool without making anything: the explicit folder, then PATH (every fitting version counts, the first wins), then the cache. */
export async function findTool(tool: ToolName, places: Places): Promise<string | undefined> {
  if (places.explicit !== undefined) {
    const file = join(places.explicit, tool);
    if (isProgram(file)) return file;
  }
  for (const folder of places.path) {
    const file = join(folder, tool);
    if (isProgram(file) && (await hasAcceptableVersion(tool, file))) return file;
  }
  return findInCache(places.cache, setOf(tool), tool);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
