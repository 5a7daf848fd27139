import { oneLine } from '../../../aws/failures.ts';
import type { Stack } from '../../../aws/stacks.ts';

/** What may be done with a stack in its state, and the words for it. */
export interface StackState {
  /** `later`: it is on its way to another state. */
  compare: 'yes' | 'later' | 'no';
  change: 'yes' | 'later' | 'person';
  words: string;
}

/**
 * The states of stacks. What failed half-way is for a person: `ContinueUpdateRollback` or deleting lose something either way, and a
 * stack is never made anew to get rid of its state. Source: CloudFormation User Guide, “Stack status codes”.
 */
export function stateOf({
  StackStatus: status,
  StackStatusReason: reason,
}: Pick<Stack, 'StackStatus' | 'StackStatusReason'>): StackState {
  const why = reason === undefined ? '' : ` (${oneLine(reason, 200)})`;
  if (status === 'REVIEW_IN_PROGRESS')
    return { compare: 'no', change: 'person', words: 'it waits for a first change set and has no resources' };
  if (status.endsWith('_IN_PROGRESS'))
    return {
      compare: 'later',
      change: 'later',
      words: `it is ${status}${why}: it is looked at again when that has ended`,
    };
  if (status === 'UPDATE_ROLLBACK_FAILED')
    return {
      compare: 'yes',
      change: 'person',
      words: `it is ${status}${why}: a person must continue the rollback; it is never made anew`,
    };
  if (
    [
      'ROLLBACK_COMPLETE',
      'ROLLBACK_FAILED',
      'CREATE_FAILED',
      'DELETE_FAILED',
      'DELETE_COMPLETE',
      'IMPORT_ROLLBACK_FAILED',
      'UPDATE_FAILED',
    ].includes(status)
  )
    return {
      compare: 'no',
      change: 'person',
      words: `it is ${status}${why}: a person must decide what becomes of it`,
    };
  return { compare: 'yes', change: 'yes', words: `it is ${status}` };
}
