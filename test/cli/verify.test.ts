import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { verify } from '../../src/cli/verify.ts';

beforeEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith('HOLDFAST_')) vi.stubEnv(name, undefined);
  vi.stubEnv('HOLDFAST_GIT_URL', 'https://git.example/infra.git');
  vi.stubEnv('HOLDFAST_FORGE', 'none');
});
afterEach(() => vi.unstubAllEnvs());

it('asks for a forge before it asks for a cluster, since no kubeconfig helps without one', async () => {
  const options = { namespace: 'holdfast', output: 'text', kubeconfig: '/nowhere/kubeconfig' } as const;

  await expect(verify('a'.repeat(40), options)).rejects.toMatchObject({
    code: 'HF1001',
    message: expect.stringContaining('HOLDFAST_FORGE is not set'),
  });
});
