import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findKustomize } from '../../../src/declared/kustomize/program.ts';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'holdfast-program-'));
  for (const [path, mode] of [
    ['both/kustomize', 0o700],
    ['both/kubectl', 0o700],
    ['one/kubectl', 0o700],
    ['none/kustomize', 0o600],
    ['named/kubectl-1.34', 0o700],
  ] as const) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), '');
    chmodSync(join(root, path), mode);
  }
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const at = (...paths: string[]) => paths.map(path => join(root, path)).join(':');

describe('the program that renders kustomizations', () => {
  it('is kustomize on PATH, else kubectl, wherever they stand', async () => {
    const kustomize = { path: at('both/kustomize'), args: ['build'] };
    expect(await findKustomize({ PATH: at('none', 'one', 'both') })).toEqual(kustomize);
    expect(await findKustomize({ PATH: at('none', 'one') })).toEqual({
      path: at('one/kubectl'),
      args: ['kustomize'],
    });
  });

  it('is the one that is named, before all', async () => {
    const environment = { PATH: at('both'), HOLDFAST_KUSTOMIZE: at('named/kubectl-1.34') };
    expect(await findKustomize(environment)).toEqual({ path: at('named/kubectl-1.34'), args: ['kustomize'] });
  });

  it.each([
    [{}],
    [{ PATH: '.:bin' }],
    [{ PATH: '/nowhere' }],
    [{ HOLDFAST_KUSTOMIZE: 'kustomize' }],
    [{ HOLDFAST_KUSTOMIZE: '/nowhere/kustomize' }],
    [{ HOLDFAST_KUSTOMIZE: '/tmp' }],
  ])('is missed with a code and what to do: %j', async environment => {
    const failure = await findKustomize(environment).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'HF1005', line: expect.stringContaining('HOLDFAST_KUSTOMIZE') });
  });
});
