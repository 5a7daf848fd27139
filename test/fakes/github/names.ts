import { createHash } from 'node:crypto';
import type { Universe, UserState } from './state.ts';

/** A SHA made of words, the same for the same words. */
export function sha(words: string): string {
  return createHash('sha1').update(words).digest('hex');
}

/** The account of that login, made at the first mention. */
export function userOf(universe: Universe, login: string, type?: UserState['type']): UserState {
  const known = universe.users.get(login);
  if (known !== undefined) return known;
  const user = {
    id: universe.nextId(),
    login,
    type: type ?? (login.endsWith('[bot]') ? 'Bot' : 'User'),
  } as const;
  universe.users.set(login, user);
  return user;
}
