import { Failure } from '../../failure/failure.ts';

/**
 * Lets only a full commit SHA pass: the forges also take branch names and short SHAs at the same place, and then answer
 * about something else than what was asked.
 */
export function requireCommit(commit: string): void {
  if (/^[0-9a-f]{40}$/.test(commit)) return;
  throw new Failure('HF1206', 'a forge is asked about full commit SHAs only (40 lower-case hex digits)');
}
