import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Failure } from '../../../src/failure/failure.ts';
import { createForge } from '../../../src/forge/create.ts';
import { sha } from '../../fakes/github/names.ts';
import { type FakeGithub, startFakeGithub } from '../../fakes/github/server.ts';
import { failureOf } from './support.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

let github: FakeGithub;
let now: Date;
beforeEach(async () => {
  github = await startFakeGithub();
  github.repository('acme/infra', { id: 4711 });
  now = new Date('2026-01-05T09:00:00Z');
  github.install({ id: 77, installation: 99, publicKey, now: () => now });
});
afterEach(() => github.close());

function forge(app: Partial<{ id: string; privateKey: string; installation: string }> = {}) {
  const key = { id: '77', privateKey, installation: '99', ...app };
  const fixed = { kind: 'github', url: github.url, repository: 'acme/infra', token: '' } as const;
  return createForge({ ...fixed, app: key, now: () => now });
}

describe('a GitHub App', () => {
  it('asks with a token of its installation, which it keeps until shortly before its end', async () => {
    const asked = forge();
    await Promise.all([asked.repositoryId(), asked.repositoryId()]);
    now = new Date('2026-01-05T09:54:00Z');
    await asked.repositoryId();
    expect(github.calls('access-token')).toBe(1);
    now = new Date('2026-01-05T09:56:00Z');
    await asked.repositoryId();
    expect(github.calls('access-token')).toBe(2);
  });

  it('takes a new token when the forge refuses the old one', async () => {
    const asked = forge();
    await asked.repositoryId();
    github.install({ id: 77, installation: 99, publicKey, now: () => now });
    expect((await failureOf(asked.repositoryId())).code).toBe('HF1402');
    expect(await asked.repositoryId()).toBe('4711');
  });

  it('names its key and every token as secret', async () => {
    const asked = forge();
    await asked.repositoryId();
    expect(asked.secrets).toEqual([privateKey, 'ghs_of_the_fake_1']);
  });

  it.each([
    ['another id', { id: '78' }],
    ['another installation', { installation: '98' }],
  ])('is refused with %s', async (_title, change) => {
    const failure = await failureOf(forge(change).repositoryId());
    expect(['HF1402', 'HF1403']).toContain(failure.code);
    expect(failure.line).not.toContain('PRIVATE KEY');
  });

  it('cannot be made from what is no key, and shows nothing of it', () => {
    const wrong = '-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----';
    const thrown = (() => {
      try {
        return forge({ privateKey: wrong });
      } catch (error) {
        return error;
      }
    })();
    expect(thrown).toBeInstanceOf(Failure);
    expect((thrown as Failure).line).toMatch(/HOLDFAST_FORGE_APP_KEY is no RSA private key/);
    expect(JSON.stringify((thrown as Failure).line)).not.toContain('c2VjcmV0');
  });

  it('shows a sync as a check run, which only an App may, and moves it on', async () => {
    const repository = github.repository('acme/shop');
    repository.push(sha('merge'));
    const app = { id: '77', privateKey, installation: '99' };
    const asked = createForge({
      ...{ kind: 'github', url: github.url, repository: 'acme/shop', token: '', app, now: () => now },
    });
    await asked.announce({ commit: sha('merge'), state: 'pending', description: 'applying' });
    await asked.announce({ commit: sha('merge'), state: 'failure', description: 'shop: it is broken' });
    expect(repository.state.checkRuns).toMatchObject([
      { name: 'holdfast/sync', status: 'completed', conclusion: 'failure', title: 'shop: it is broken' },
    ]);
    expect(repository.state.statuses).toEqual([]);
  });
});
