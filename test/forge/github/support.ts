import { expect } from 'vitest';
import { Failure } from '../../../src/failure/failure.ts';
import { createForge } from '../../../src/forge/create.ts';
import type { Account, Forge } from '../../../src/forge/forge.ts';
import type { FakeGithub } from '../../fakes/github/server.ts';

/** The adapter under test, pointed at `acme/infra` of the fake. */
export function forgeOf(
  github: FakeGithub,
  options: { token?: string; repository?: string; now?: () => Date; timeoutMs?: number } = {},
): Forge {
  const fixed = { kind: 'github', url: github.url } as const;
  return createForge({ ...fixed, repository: 'acme/infra', token: github.token, ...options });
}

export async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  const thrown: unknown = await promise.then(
    () => undefined,
    error => error,
  );
  expect(thrown).toBeInstanceOf(Failure);
  return thrown as Failure;
}

export function accountOf(github: FakeGithub, login: string): Account {
  const { id, type } = github.user(login);
  return { id: String(id), login, bot: type !== 'User' };
}
