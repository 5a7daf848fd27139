import { resolve } from 'node:path';
import { inject } from 'vitest';
import { manifestSets } from './sets.ts';
import { type World, worldsOf } from './worlds.ts';

/** The clusters that it takes to have every set; later ones hold only further variants of what the first have. */
const most = Number(process.env['CONFORMANCE_WORLDS'] ?? 5);

/** The worlds to try, and how many objects are left for `CONFORMANCE_WORLDS` to ask for. */
export async function allWorlds(): Promise<{ worlds: World[]; leftOut: number }> {
  const sets = await manifestSets(resolve(process.env['CORPORA'] ?? '../shared/corpora'), inject('kubectl'));
  const worlds = worldsOf(sets);
  const leftOut = worlds.slice(most).flatMap(world => world.parts.flatMap(part => part.objects)).length;
  return { worlds: worlds.slice(0, most), leftOut };
}
