import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { cacheKey, findInCache, moduleFolder, pythonOf } from '../../../sandbox/tools/cache.ts';
import { isPython, setOf, toolSets } from '../../../sandbox/tools/catalogue.ts';
import { requirePython } from '../../../sandbox/tools/python.ts';
import { writeProgram } from '../support/programs.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const moto = setOf('moto_server');

it('without a Python that is new enough the error says how to get one', async () => {
  const folder = temporaryFolder();
  writeProgram(folder, 'python3', 'exit 1');
  vi.stubEnv('PATH', folder);
  const required = requirePython(moto);
  await expect(required).rejects.toThrow(/moto 5\.2\.1 is a Python program.*Python 3\.11.*python3-venv/);
  vi.unstubAllEnvs();
});

it('the first Python that is new enough is taken', async () => {
  const folder = temporaryFolder();
  const [old, good] = [writeProgram(folder, 'old', 'exit 1'), writeProgram(folder, 'good', 'exit 0')];
  expect(await requirePython(moto, [old, good])).toBe(good);
});

it('an environment whose Python is gone is not used', () => {
  const cache = temporaryFolder();
  const folder = join(cache, cacheKey(moto));
  writeProgram(folder, 'moto_server', '');
  expect(findInCache(cache, moto, 'moto_server')).toBeUndefined();
  writeProgram(join(folder, 'venv', 'bin'), 'python', '');
  expect(pythonOf).toBe(join('venv', 'bin', 'python'));
  expect(findInCache(cache, moto, 'moto_server')).toBe(join(folder, 'moto_server'));
});

it.each(toolSets.filter(({ steps }) => steps.some(isPython)).map(set => [set.name, set] as const))(
  'every requirement of %s has one exact version',
  (_, set) => {
    const lines = readFileSync(join(moduleFolder(set), 'requirements.txt'), 'utf8')
      .trim()
      .split('\n')
      .slice(1);
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(line).toMatch(/^[A-Za-z0-9._-]+==[0-9][^\s;]*$/);
  },
);
