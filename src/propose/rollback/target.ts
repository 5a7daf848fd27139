import { Failure } from '../../failure/failure.ts';

/** What a person asks to take back: a pull request by its number, or a commit by its SHA or the start of it. */
export type Target = { pull: number } | { commit: string };

/** Reads `#12`, `12`, or at least seven hex digits. Throws HF1453 for anything else, without repeating more than a little of it. */
export function targetOf(text: string): Target {
  const [, number] = /^#?(\d{1,6})$/.exec(text) ?? /^#(\d{1,9})$/.exec(text) ?? [];
  if (number !== undefined && Number(number) > 0) return { pull: Number(number) };
  const commit = text.toLowerCase();
  if (/^[0-9a-f]{7,40}$/.test(commit)) return { commit };
  throw new Failure(
    'HF1453',
    'what to take back is named by the number of a pull request (12 or #12) or by at least seven digits of a commit',
  );
}
