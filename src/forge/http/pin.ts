import { Failure } from '../../failure/failure.ts';

/**
 * Remembers the first id of the configured repository and refuses another one: a repository that was deleted and made anew
 * under the same name is not the one that was trusted.
 */
export function createPin(repository: string): (id: string) => string {
  let pinned: string | undefined;
  return id => {
    pinned ??= id;
    if (id === pinned) return id;
    throw new Failure('HF1403', `${repository} is another repository now: its id was ${pinned} and is ${id}`);
  };
}
