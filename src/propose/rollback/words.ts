import { type Requester, requesterTrailer } from '../propose.ts';
import { markdownCode, oneLine } from '../text.ts';
import type { Revertible, RollbackPlan } from './rollback.ts';

const mostFiles = 50;

/** The same merges give the same topic, whatever else was asked. */
export function topicOf(reverted: readonly Revertible[]): string {
  const names = reverted.map(({ pull, last }) => (pull === undefined ? last.slice(0, 12) : `${pull.number}`));
  return `revert-${names.join('-')}`;
}

export function titleOf(reverted: readonly Revertible[]): string {
  const [only, second] = reverted;
  if (only === undefined || second !== undefined)
    return `Revert ${reverted.map(({ pull, last }) => (pull ? `#${pull.number}` : last.slice(0, 12))).join(', ')}`;
  const { pull, last } = only;
  return pull === undefined
    ? `Revert ${last.slice(0, 12)}`
    : `Revert #${pull.number} (${harmless(pull.title)})`;
}

/** Ends in words of our own, so that nothing of a title can pass for a trailer. */
export function messageOf(reverted: readonly Revertible[], by: Requester): string {
  const taken = reverted.map(({ pull, before, last }) => {
    const what = pull === undefined ? 'a commit' : `pull request #${pull.number} (${harmless(pull.title)})`;
    return `- ${what}: ${before}..${last}`;
  });
  return `${titleOf(reverted)}\n\nThis takes back, newest first:\n\n${taken.join('\n')}\n\nMade by Holdfast.${requesterTrailer(by)}`;
}

export function bodyOf({ reverted, changes }: RollbackPlan, by: Requester): string {
  const taken = reverted.map(({ pull, before, last }) => {
    const range = `\`${before.slice(0, 12)}..${last.slice(0, 12)}\``;
    return pull === undefined
      ? `- commit ${range}, which no pull request explains`
      : `- #${pull.number} ${markdownCode(pull.title)} (${range})`;
  });
  const verbs = { added: 'adds', changed: 'changes', deleted: 'deletes' } as const;
  const files = changes
    .slice(0, mostFiles)
    .map(({ path, change }) => `- ${verbs[change]} ${markdownCode(path)}`);
  const more = changes.length - files.length;
  return [
    `Takes back, newest first:\n\n${taken.join('\n')}`,
    `This\n\n${files.join('\n')}${more > 0 ? `\n- and ${more} more files` : ''}`,
    `Asked for by ${markdownCode(by.words)}. Nothing is applied before this is approved and merged like any other change.`,
  ].join('\n\n');
}

/** A title of somebody's without what a forge acts on: `Fixes #7` must not close anything again. */
function harmless(title: string): string {
  return oneLine(title.replace(/[#@]/g, ''), 100);
}
