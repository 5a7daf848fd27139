import { createForge } from '../forge/create.ts';
import { createProposals } from '../forge/create-proposals.ts';
import type { Mirror } from '../git/mirror.ts';
import type { RollbackParts } from '../propose/rollback/rollback.ts';
import type { Configuration } from './configuration.ts';

/** What bringing a change as a pull request needs. Asks nothing yet. */
export function proposingWith(forge: NonNullable<Configuration['forge']>, repository: Mirror): RollbackParts {
  return {
    repository,
    forge: createForge(forge),
    proposals: createProposals(forge),
    writer: repository.writer(forge.writeToken),
    base: repository.branch,
    now: () => new Date(),
  };
}
