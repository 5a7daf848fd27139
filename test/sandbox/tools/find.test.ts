import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { cacheKey } from '../../../sandbox/tools/cache.ts';
import { setOf } from '../../../sandbox/tools/catalogue.ts';
import { findTool, placesFromEnvironment } from '../../../sandbox/tools/find.ts';
import { writeProgram } from '../support/programs.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const kubectlOf = (version: string) => `echo '{"gitVersion": "v${version}"}'`;

/** A kubectl in each place: the explicit folder's has no fitting version, which there does not matter. */
function everywhere() {
  const root = temporaryFolder();
  const cache = join(root, 'cache');
  return {
    explicit: writeProgram(join(root, 'explicit'), 'kubectl', kubectlOf('1.10.0')),
    unfit: writeProgram(join(root, 'unfit'), 'kubectl', kubectlOf('1.32.4-dispatcher')),
    fit: writeProgram(join(root, 'fit'), 'kubectl', kubectlOf('1.34.1')),
    cached: writeProgram(join(cache, cacheKey(setOf('kubectl'))), 'kubectl', kubectlOf('1.34.4')),
    root,
    cache,
  };
}

it('the explicit folder comes first, with whatever version it has', async () => {
  const { explicit, root, cache } = everywhere();

  expect(
    await findTool('kubectl', { explicit: join(root, 'explicit'), path: [join(root, 'fit')], cache }),
  ).toBe(explicit);
});

it('then PATH, where a version that does not fit is passed over', async () => {
  const { fit, root, cache } = everywhere();

  const found = await findTool('kubectl', {
    explicit: undefined,
    path: [join(root, 'unfit'), join(root, 'fit')],
    cache,
  });

  expect(found).toBe(fit);
});

it('then the cache', async () => {
  const { cached, root, cache } = everywhere();

  expect(await findTool('kubectl', { explicit: undefined, path: [join(root, 'unfit')], cache })).toBe(cached);
});

it('what is in none of them is not found', async () => {
  const { root, cache } = everywhere();

  expect(
    await findTool('etcd', { explicit: join(root, 'explicit'), path: [join(root, 'fit')], cache }),
  ).toBeUndefined();
});

it('a tool that the explicit folder lacks is looked for in the other places', async () => {
  const { cached, root, cache } = everywhere();
  mkdirSync(join(root, 'empty'));

  expect(await findTool('kubectl', { explicit: join(root, 'empty'), path: [], cache })).toBe(cached);
});

it.each([
  ['a folder', (file: string) => mkdirSync(file)],
  ['a file that cannot be executed', (file: string) => writeFileSync(file, 'x', { mode: 0o644 })],
])('%s of the right name is not a tool', async (_, make) => {
  const root = temporaryFolder();
  make(join(root, 'helm'));

  expect(await findTool('helm', { explicit: root, path: [], cache: join(root, 'cache') })).toBeUndefined();
});

it('HOLDFAST_TOOLS that names no folder is an error', () => {
  const missing = join(temporaryFolder(), 'nowhere');

  expect(() => placesFromEnvironment({ HOLDFAST_TOOLS: missing }, '/cache')).toThrow('does not exist');
});

it('relative folders of PATH are not searched: they change with where we stand', () => {
  expect(placesFromEnvironment({ PATH: '/a:.:bin::/b' }, '/cache')).toEqual({
    explicit: undefined,
    path: ['/a', '/b'],
    cache: '/cache',
  });
});
