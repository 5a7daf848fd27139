import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { cacheKey, findInCache, moduleFolder, storeInCache } from '../../../sandbox/tools/cache.ts';
import { setOf, type ToolSet, toolSets } from '../../../sandbox/tools/catalogue.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const helm = setOf('helm');

it.each(toolSets.map(set => [set.name, set] as const))('the key of %s holds name and version', (_, set) => {
  expect(cacheKey(set)).toMatch(
    new RegExp(`^${set.name}-${set.version.replaceAll('.', '\\.')}-[0-9a-f]{10}$`),
  );
});

/** Another content of a file of the module, another set, or another platform. */
interface Change {
  file?: string;
  set?: ToolSet;
  platform?: string;
}

it.each<[string, Change]>([
  ['go.mod', { file: 'go.mod' }],
  ['go.sum', { file: 'go.sum' }],
  ['build flag', { set: { ...helm, steps: helm.steps.map(step => ({ ...step, ldflags: '-s' })) } }],
  ['platform', { platform: 'plan9-mips' }],
])('another %s is another key', (_, { file, set = helm, platform = 'linux-x64' }) => {
  const module = join(temporaryFolder(), 'module');
  cpSync(moduleFolder(helm), module, { recursive: true });
  const before = cacheKey(helm, module, 'linux-x64');

  if (file !== undefined) writeFileSync(join(module, file), 'something else\n');

  expect(before).toBe(cacheKey(helm, moduleFolder(helm), 'linux-x64'));
  expect(cacheKey(set, module, platform)).not.toBe(before);
});

it('how long a step typically takes does not change the key', () => {
  const slower = { ...helm, steps: helm.steps.map(step => ({ ...step, typicalSeconds: 9_999 })) };

  expect(cacheKey(slower)).toBe(cacheKey(helm));
});

it('a set appears as a whole, or not at all', async () => {
  const cache = temporaryFolder();
  let seenWhileMaking: string | undefined = 'not asked';

  await storeInCache(cache, helm, async folder => {
    writeFileSync(join(folder, 'helm'), 'binary');
    seenWhileMaking = findInCache(cache, helm, 'helm');
  });

  expect(seenWhileMaking).toBeUndefined();
  expect(findInCache(cache, helm, 'helm')).toBe(join(cache, cacheKey(helm), 'helm'));
});

it('a making that fails leaves nothing', async () => {
  const cache = temporaryFolder();

  const stored = storeInCache(cache, helm, async folder => {
    writeFileSync(join(folder, 'helm'), 'half');
    throw new Error('no space');
  });

  await expect(stored).rejects.toThrow('no space');
  expect(readdirSync(cache)).toEqual([]);
});

it('what a killed making left half done is removed by the next', async () => {
  const cache = temporaryFolder();
  mkdirSync(join(cache, '.partial-helm-abc'));
  mkdirSync(join(cache, '.partial-gitea-abc'));

  await storeInCache(cache, helm, async () => undefined);

  expect(existsSync(join(cache, '.partial-helm-abc'))).toBe(false);
  expect(existsSync(join(cache, '.partial-gitea-abc'))).toBe(true);
});
