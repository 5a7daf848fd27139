import { Failure } from '../../failure/failure.ts';

const second = 1000;
const shortest = second;
const unasked = 60 * second;
const longest = 3600 * second;

/** HF1404 with the time (RFC 3339) from which the forge may be asked again. */
export class SlowDown extends Failure {
  readonly retryAt: string;

  constructor(what: string, retryAt: Date) {
    super('HF1404', `${what}; it is asked again from ${retryAt.toISOString()}`);
    this.name = 'SlowDown';
    this.retryAt = retryAt.toISOString();
  }
}

/** When a thrown value says that the forge may be asked again; undefined where it does not say. */
export function retryAtOf(thrown: unknown): string | undefined {
  return thrown instanceof SlowDown ? thrown.retryAt : undefined;
}

/**
 * Reads from a 403 or 429 until when the forge wants to be left alone; null when the 403 is a plain refusal.
 *
 * The order is GitHub's own: `retry-after`, then `x-ratelimit-reset` if nothing remains, else at least a minute, doubled
 * each time in a row (`strikes`). Clocks differ and headers lie, so the wait is at least a second, at most an hour.
 */
export function pauseOf(
  status: number,
  headers: Headers,
  message: string,
  now: Date,
  strikes: number,
): Date | null {
  const wait = askedWait(headers, now);
  const limited = status === 429 || wait !== null || /rate limit|abuse detection/i.test(message);
  if (!limited) return null;
  const grown = Math.min(unasked * 2 ** Math.min(strikes, 6), longest);
  const bounded = Math.min(Math.max(wait ?? grown, shortest), longest);
  return new Date(now.getTime() + bounded);
}

/** The wait in milliseconds that the headers ask for; null when they do not. */
function askedWait(headers: Headers, now: Date): number | null {
  const after = headers.get('retry-after');
  if (after !== null) {
    if (/^\d{1,9}$/.test(after)) return Number(after) * second;
    const date = Date.parse(after);
    if (!Number.isNaN(date)) return date - now.getTime();
  }
  const reset = headers.get('x-ratelimit-reset') ?? '';
  if (headers.get('x-ratelimit-remaining') === '0' && /^\d{1,12}$/.test(reset)) {
    return Number(reset) * second - now.getTime();
  }
  return null;
}
