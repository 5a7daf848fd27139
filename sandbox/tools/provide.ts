import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../src/failure/failure.ts';
import { buildTool, copyAssets, requireCompilers } from './build.ts';
import { defaultCacheFolder, storeInCache } from './cache.ts';
import { isPython, setOf, type ToolName, type ToolSet } from './catalogue.ts';
import { findTool, type Places, placesFromEnvironment } from './find.ts';
import { takeLock } from './lock.ts';
import { fetchRelease } from './prebuilt.ts';
import { type Progress, progressOnStderr, tellStep } from './progress.ts';
import { installPython, requirePython } from './python.ts';
import { releasesOf } from './releases.ts';

/** How missing tools are had; the parts are replaced in tests. */
export interface ProvideOptions {
  places?: Places;
  progress?: Progress;
  /** Fills a folder with a set's tools. */
  make?: (set: ToolSet, folder: string, making: Making) => Promise<void>;
}

/** What a maker needs to tell of its steps. */
export interface Making {
  cache: string;
  progress: Progress;
  /** Number of the first step of this set, and of all steps. */
  firstStep: number;
  allSteps: number;
}

/**
 * The paths of the tools asked for. Each is found in the explicit folder, on PATH or in the cache; sets of which any
 * tool is found nowhere are made, one after another, by one process at a time: the others wait and find them made.
 */
export async function provideTools<T extends ToolName>(
  tools: readonly T[],
  options: ProvideOptions = {},
): Promise<Record<T, string>> {
  const places = options.places ?? placesFromEnvironment(process.env, defaultCacheFolder());
  const progress = options.progress ?? progressOnStderr;
  let found = await findAll(tools, places);
  if (missingOf(tools, found).length > 0) {
    const lock = await takeLock(places.cache, holder =>
      progress(`waiting for ${holder}, which is getting the tools`),
    );
    try {
      const missing = missingOf(tools, await findAll(tools, places));
      await makeSets([...new Set(missing.map(setOf))], { ...options, places, progress });
    } finally {
      lock.release();
    }
    found = await findAll(tools, places);
  }
  const lost = missingOf(tools, found);
  if (lost.length > 0) throw new Failure('HF1003', `not in the cache after it was made: ${lost.join(', ')}`);
  return found as Record<T, string>;
}

async function makeSets(
  sets: readonly ToolSet[],
  options: ProvideOptions & { places: Places; progress: Progress },
): Promise<void> {
  const { places, progress, make = makeSet } = options;
  const allSteps = sets.reduce((sum, set) => sum + set.steps.length, 0);
  let firstStep = 1;
  for (const set of sets) {
    const making = { cache: places.cache, progress, firstStep, allSteps };
    await storeInCache(places.cache, set, folder => make(set, folder, making));
    firstStep += set.steps.length;
  }
}

/** Takes what releases have, where the network has them, and builds the rest. */
async function makeSet(set: ToolSet, folder: string, making: Making): Promise<void> {
  for (const release of releasesOf(set)) await fetchRelease(release, folder, making.progress);
  const unmade = set.steps.filter(step => !existsSync(join(folder, step.tool)));
  const python = unmade.some(isPython) ? await requirePython(set) : undefined;
  if (unmade.length > 0 && python === undefined) await requireCompilers(set);
  for (const [index, step] of set.steps.entries()) {
    if (!unmade.includes(step)) continue;
    const what = `${isPython(step) ? 'installing' : 'building'} ${step.tool} (${set.name} ${set.version})`;
    const about = {
      what,
      number: making.firstStep + index,
      of: making.allSteps,
      typicalSeconds: step.typicalSeconds,
    };
    await tellStep(about, making, () =>
      isPython(step) ? installPython(set, step, { folder, python }) : buildTool(set, step, folder),
    );
  }
  await copyAssets(set, folder);
}

async function findAll<T extends ToolName>(
  tools: readonly T[],
  places: Places,
): Promise<Partial<Record<T, string>>> {
  const found = await Promise.all(tools.map(async tool => [tool, await findTool(tool, places)] as const));
  return Object.fromEntries(found.filter(([, path]) => path !== undefined)) as Partial<Record<T, string>>;
}

function missingOf<T extends ToolName>(tools: readonly T[], found: Partial<Record<T, string>>): T[] {
  return tools.filter(tool => found[tool] === undefined);
}
