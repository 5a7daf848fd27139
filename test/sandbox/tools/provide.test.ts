import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { ToolSet } from '../../../sandbox/tools/catalogue.ts';
import { type Making, provideTools } from '../../../sandbox/tools/provide.ts';
import { writeProgram } from '../support/programs.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** A maker that writes empty tools and remembers for which sets it was called. */
function recordingMaker() {
  const made: { set: string; firstStep: number; allSteps: number }[] = [];
  const make = async (set: ToolSet, folder: string, { firstStep, allSteps }: Making) => {
    made.push({ set: set.name, firstStep, allSteps });
    for (const { tool } of set.steps) writeFileSync(join(folder, tool), '', { mode: 0o755 });
  };
  return { made, make };
}

const emptyPlaces = () => ({ explicit: undefined, path: [], cache: temporaryFolder() });

it('only the sets that are asked for are made, with steps counted over all of them', async () => {
  const { made, make } = recordingMaker();

  const tools = await provideTools(['kubectl', 'etcd', 'helm'], {
    places: emptyPlaces(),
    make,
    progress: () => undefined,
  });

  expect(made).toEqual([
    { set: 'kubernetes', firstStep: 1, allSteps: 6 },
    { set: 'helm', firstStep: 6, allSteps: 6 },
  ]);
  expect(Object.keys(tools).sort()).toEqual(['etcd', 'helm', 'kubectl']);
});

it('what is there is not made again', async () => {
  const { made, make } = recordingMaker();
  const places = emptyPlaces();

  const first = await provideTools(['helm'], { places, make, progress: () => undefined });
  const second = await provideTools(['helm'], { places, make, progress: () => undefined });

  expect(made.length).toBe(1);
  expect(second).toEqual(first);
});

it('two at the same time make it once', async () => {
  const { made, make } = recordingMaker();
  const options = { places: emptyPlaces(), make, progress: () => undefined };

  const [one, two] = await Promise.all([provideTools(['kwok'], options), provideTools(['kwok'], options)]);

  expect(made.length).toBe(1);
  expect(two).toEqual(one);
});

it('a set of which one tool is found elsewhere is not made for that tool', async () => {
  const { made, make } = recordingMaker();
  const folder = temporaryFolder();
  const kubectl = writeProgram(folder, 'kubectl', '');

  const tools = await provideTools(['kubectl'], { places: { ...emptyPlaces(), explicit: folder }, make });

  expect(made).toEqual([]);
  expect(tools).toEqual({ kubectl });
});

it('a maker that fails is told, and the lock is free again', async () => {
  const places = emptyPlaces();
  const broken = provideTools(['helm'], {
    places,
    progress: () => undefined,
    make: () => Promise.reject(new Error('no compiler')),
  });
  await expect(broken).rejects.toThrow('no compiler');

  const { make } = recordingMaker();

  await expect(provideTools(['helm'], { places, make, progress: () => undefined })).resolves.toHaveProperty(
    'helm',
  );
});

it('a maker that makes nothing is an error, not an endless search', async () => {
  const provided = provideTools(['helm'], {
    places: emptyPlaces(),
    progress: () => undefined,
    make: async () => undefined,
  });

  await expect(provided).rejects.toThrow('not in the cache after it was made: helm');
});
