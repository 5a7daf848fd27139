import type { Rule } from './routes.ts';

/** What goes wrong with an answer. */
export type Fault =
  /** An error answer of the service. */
  | { kind: 'status'; status: number; message?: string; headers?: Record<string, string> }
  /** A page of a proxy or of the service's own front, with any status. */
  | { kind: 'html'; status?: number }
  /** No answer until the fake is closed. */
  | { kind: 'hang' }
  /** The connection ends in the middle of the body. */
  | { kind: 'cut' }
  /** The JSON ends in the middle, and the answer says that this was all. */
  | { kind: 'truncated' }
  /** The first page only, without a link to the next one. */
  | { kind: 'first-page-only' }
  /** A link to the next page, somewhere else. */
  | { kind: 'next'; url: string }
  /** The last page leads to itself, for ever. */
  | { kind: 'endless' }
  /** A body of that many bytes. */
  | { kind: 'huge'; bytes: number }
  /** Another body: a contradiction, or what a lagging replica says. It is not checked against the schema. */
  | { kind: 'edit'; edit: (body: unknown) => unknown };

/** GitHub's answer to a token that has used up its hour; `reset` in seconds since 1970. */
export function primaryLimit(reset: number): Fault {
  const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(reset) };
  return { kind: 'status', status: 403, message: 'API rate limit exceeded for user ID 1.', headers };
}

/** GitHub's answer to too much at once; without `retryAfter` (seconds) it does not say how long to wait. */
export function secondaryLimit(retryAfter?: number, status: 403 | 429 = 403): Fault {
  const headers = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
  const message = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.';
  return { kind: 'status', status, message, headers };
}

/** The faults that are switched on, by rule. */
export interface Faults {
  /** For the next `times` requests of a rule (`any`: of every rule), or until cleared. */
  inject(rule: Rule | 'any', fault: Fault, times?: number): void;
  clear(): void;
  take(rule: Rule): Fault | undefined;
}

export function createFaults(): Faults {
  let active: { rule: Rule | 'any'; fault: Fault; times: number }[] = [];
  return {
    inject: (rule, fault, times = Number.POSITIVE_INFINITY) => {
      active.push({ rule, fault, times });
    },
    clear: () => {
      active = [];
    },
    take(rule) {
      const found = active.find(each => each.rule === rule || each.rule === 'any');
      if (found === undefined) return undefined;
      found.times -= 1;
      if (found.times <= 0) active = active.filter(each => each !== found);
      return found.fault;
    },
  };
}
