import { type Authorization, applicable } from './authorization.ts';

/** Without a forge nothing can be authorized: the branch's tip is compared with, and nothing is ever applied. */
export interface AlertOnly {
  mode: 'alert-only';
  tip: string;
}

export interface Gated {
  mode: 'gated';
  authorization: Authorization;
}

export type Standing = AlertOnly | Gated;

/** The revision that live is compared with. */
export function comparedWith(standing: Standing): string {
  return standing.mode === 'alert-only' ? standing.tip : applicable(standing.authorization);
}

/** The revision that may be applied; null where nothing may be. */
export function mayApply(standing: Standing): string | null {
  return standing.mode === 'alert-only' ? null : applicable(standing.authorization);
}
