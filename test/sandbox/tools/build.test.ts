import { afterEach, expect, it, vi } from 'vitest';
import { buildArgs, requireCompilers } from '../../../sandbox/tools/build.ts';
import { isPython, setOf } from '../../../sandbox/tools/catalogue.ts';
import { writeProgram } from '../support/programs.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

afterEach(() => void vi.unstubAllEnvs());

it('a build never changes go.mod or go.sum, and has no path of this machine in it', () => {
  const [step] = setOf('gitea').steps;
  if (step === undefined || isPython(step)) throw new Error('no step');

  const args = buildArgs(step, '/out/gitea');

  expect(args.slice(0, 5)).toEqual([
    'build',
    '-mod=readonly',
    '-trimpath',
    '-tags',
    'sqlite sqlite_unlock_notify',
  ]);
  expect(args.slice(-3)).toEqual(['-o', '/out/gitea', 'code.gitea.io/gitea']);
});

it('without a Go compiler the error says how to get one', async () => {
  vi.stubEnv('PATH', temporaryFolder());

  await expect(requireCompilers(setOf('helm'))).rejects.toThrow(
    /helm 3\.19\.4 is built from source.*install Go 1\.26/,
  );
});

it.each([
  ['gitea', /holds C code.*install gcc or clang/],
  ['helm', undefined],
] as const)('without a C compiler, %s', async (tool, message) => {
  const folder = temporaryFolder();
  writeProgram(folder, 'go', 'exit 0');
  vi.stubEnv('PATH', folder);
  vi.stubEnv('CC', undefined);

  const required = requireCompilers(setOf(tool));

  if (message === undefined) await expect(required).resolves.toBeUndefined();
  else await expect(required).rejects.toThrow(message);
});
