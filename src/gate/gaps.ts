import { toFailure } from '../failure/failure.ts';
import { retryAtOf } from '../forge/http/slow-down.ts';
import type { Gap } from './authorization.ts';
import type { Line } from './runs.ts';

const waits: Record<string, number> = {
  HF1401: 5_000,
  HF1402: 60_000,
  HF1403: 60_000,
  HF1404: 60_000,
  HF1405: 15_000,
};
const otherWait = 5_000;

/** Codes after which asking the forge more questions now is of no use. */
const outages = new Set(['HF1401', 'HF1402', 'HF1403', 'HF1404']);

export function isOutage({ code }: Gap): boolean {
  return outages.has(code);
}

/** A thrown failure as a gap. Its words lose every secret of the forge; `now` is in milliseconds since 1970. */
export function gapOf(
  thrown: unknown,
  about: Pick<Gap, 'commits' | 'pull'>,
  secrets: readonly string[],
  now: number,
): Gap {
  const failure = toFailure(thrown, 'HF1405');
  const retryAt = retryAtOf(thrown);
  const asked = retryAt === undefined ? Number.NaN : Date.parse(retryAt) - now;
  const retryAfterMs = Number.isNaN(asked) ? (waits[failure.code] ?? otherWait) : Math.max(asked, 1_000);
  const message = withoutSecrets(failure.message, secrets);
  return { code: failure.code, message, retryAfterMs, ...about };
}

/** Text from a border without the values that must never leave the process. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets
    .filter(secret => secret !== '')
    .reduce((clean, secret) => clean.replaceAll(secret, '[secret]'), text);
}

/**
 * The commits whose verdict may change with what is not known of the one at `index`: that one, and those before it that may
 * have come with it in one rebase. A revision that was seen as the branch's tip came in an earlier push.
 */
export function touchedBy(line: Line, index: number, wasTip: (sha: string) => boolean): string[] {
  let first = index;
  for (; first > 0; first -= 1) {
    const earlier = line.range[first - 1];
    if (earlier === undefined || earlier.parents.length !== 1 || wasTip(earlier.sha)) break;
  }
  return line.range.slice(first, index + 1).map(({ sha }) => sha);
}
