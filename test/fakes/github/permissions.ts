import type { Permission, RepositoryState, UserState } from './state.ts';

/** The exact role of an account in a repository. */
export function permissionOf(place: RepositoryState, user: UserState | null): Permission {
  return user === null ? 'none' : (place.permissions.get(user.login) ?? 'none');
}
