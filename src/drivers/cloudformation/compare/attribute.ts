import type { Stack } from '../../../aws/stacks.ts';
import type { Trail } from '../../../aws/trail.ts';
import { toFailure } from '../../../failure/failure.ts';
import type { Finding, Note } from '../../../findings/finding.ts';

/** CloudTrail takes two requests a second: so many findings of one comparison are asked about, the others name nobody. */
const mostAsked = 10;

/**
 * Names who changed what was found, as CloudTrail tells: the last one since the stack was last updated who was not CloudFormation.
 * A trail that may not be read is a note; nobody is named then, and nobody is guessed.
 */
export async function attribute(
  trail: Trail,
  physicalIds: ReadonlyMap<Finding, string>,
  stack: Stack,
  notes: Note[],
): Promise<void> {
  const since = stack.LastUpdatedTime ?? stack.CreationTime;
  const asked = [...physicalIds].filter(([{ type }]) => type !== 'unknown').slice(0, mostAsked);
  for (const [finding, physicalId] of asked) {
    try {
      const by = await trail.lastChange(physicalId, since);
      if (by === undefined) continue;
      for (const change of finding.changes ?? []) change.by ??= by;
      if (finding.type === 'missing')
        finding.message = `${finding.message ?? ''}; ${by.operation} by ${by.manager}`;
    } catch (error) {
      const { message } = toFailure(error, 'HF1911');
      const resource = { type: 'Unit', name: finding.unit };
      notes.push({ unit: finding.unit, resource, message: `who made changes is not known: ${message}` });
      return;
    }
  }
}
