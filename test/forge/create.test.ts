import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/failure/failure.ts';
import { createForge } from '../../src/forge/create.ts';
import { apiRoot } from '../../src/forge/github/address.ts';

const good = {
  kind: 'github',
  url: 'https://github.com',
  repository: 'acme/infra',
  token: 'a-token',
} as const;

function failureOf(action: () => unknown): Failure {
  try {
    action();
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(Failure);
    return thrown as Failure;
  }
  throw new Error('nothing was thrown');
}

describe('createForge', () => {
  it.each(['github', 'gitea'] as const)('makes a %s without asking it anything', kind => {
    const forge = createForge({ ...good, kind, url: 'http://127.0.0.1:1' });
    expect(forge.kind).toBe(kind);
    expect(forge.secrets).toEqual(['a-token']);
  });

  it.each([
    'infra',
    'acme/',
    '/infra',
    'acme/infra/x',
    '../infra',
    'acme/..',
    'acme/in fra',
    'acme/infra?x',
    '',
  ])('refuses the repository %j', repository => {
    expect(failureOf(() => createForge({ ...good, repository })).code).toBe('HF1001');
  });

  it.each([
    'github.com',
    'ftp://github.com',
    'https://user:hidden-word@github.com',
    'https://github.com/?t=hidden-word',
    '',
  ])('refuses the URL %j without repeating it', url => {
    const failure = failureOf(() => createForge({ ...good, url }));
    expect(failure.code).toBe('HF1001');
    expect(failure.message).not.toContain('hidden-word');
  });

  it.each(['', 'hidden-word\n', 'hidden word', 'hidden-wörd'])(
    'refuses the token %j without repeating it',
    token => {
      const failure = failureOf(() => createForge({ ...good, token }));
      expect(failure.code).toBe('HF1001');
      expect(failure.message).not.toMatch(/hidden/);
    },
  );
});

describe('apiRoot', () => {
  it.each([
    ['https://github.com', 'https://api.github.com'],
    ['https://www.github.com', 'https://api.github.com'],
    ['https://api.github.com', 'https://api.github.com'],
    ['https://acme.ghe.com', 'https://api.acme.ghe.com'],
    ['https://api.acme.ghe.com', 'https://api.acme.ghe.com'],
    ['https://git.example.com', 'https://git.example.com/api/v3'],
    ['https://git.example.com/api/v3', 'https://git.example.com/api/v3'],
    ['https://github.com.example.com', 'https://github.com.example.com/api/v3'],
  ])('of %s is %s', (url, root) => {
    expect(apiRoot(url)).toBe(root);
  });
});
