import type { Permission } from './proposals.ts';

const lastsMs = 300_000;
const mostKept = 1_000;

/**
 * Remembers what the forge said of an account for five minutes, so that a burst of questions asks once. A failure is not an
 * answer and is not remembered. `now` gives milliseconds of a clock that never goes back.
 */
export function rememberedPermissions(
  ask: (login: string) => Promise<Permission>,
  now: () => number = () => performance.now(),
): (login: string) => Promise<Permission> {
  const kept = new Map<string, { until: number; answer: Promise<Permission> }>();
  return login => {
    const key = login.toLowerCase();
    const known = kept.get(key);
    if (known !== undefined && known.until > now()) return known.answer;
    const answer = ask(login);
    kept.delete(key);
    kept.set(key, { until: now() + lastsMs, answer });
    for (const oldest of kept.keys()) {
      if (kept.size <= mostKept) break;
      kept.delete(oldest);
    }
    answer.catch(() => {
      if (kept.get(key)?.answer === answer) kept.delete(key);
    });
    return answer;
  };
}
