import { createHash } from 'node:crypto';
import type { Evidence } from './authorization.ts';

/**
 * SHA-256 over the evidence as hex: equal for equal evidence, in whatever order its keys stand. Gaps are left out, and moves where
 * they decide nothing: a forge that tells only who moved the branch may do so late.
 */
export function digestOf(evidence: Evidence): string {
  const { gaps: _gaps, moves, ...known } = evidence;
  const decide = evidence.tellsHow || evidence.policy.breakGlass.actors.length > 0;
  const weighed = decide ? { ...known, moves } : known;
  return createHash('sha256').update(canonical(weighed)).digest('hex');
}

/** JSON with sorted keys and without what is undefined. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => (isObject(inner) ? sorted(inner) : inner));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Pairs instead of an object, so that no key has a meaning of its own (`__proto__`, numbers). */
function sorted(object: Record<string, unknown>): [string, unknown][] {
  return Object.entries(object)
    .filter(([, inner]) => inner !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
