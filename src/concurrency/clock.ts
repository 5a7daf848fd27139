/** Time and timers, passed in so that tests decide them. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls back once after `ms`; the returned function cancels it. */
  after(ms: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, callback) {
    // A clock that was set makes a wait as long as it was set wrong: whoever is called too early looks at the time and waits on.
    const timer = setTimeout(callback, Math.min(ms, 30_000));
    return () => clearTimeout(timer);
  },
};

/** As the clock of the system, of a time that is never set back and means nothing elsewhere. */
export const steadyClock: Clock = {
  now: () => performance.now(),
  after(ms, callback) {
    // no timer of Node.js is longer
    const timer = setTimeout(callback, Math.min(ms, 2 ** 31 - 1));
    return () => clearTimeout(timer);
  },
};

/** The pause before try number `attempt` (1 is the first repeat): doubling from `first`, never above `most`. */
export function backoff(attempt: number, first: number, most: number): number {
  return Math.min(most, first * 2 ** Math.min(attempt - 1, 30));
}
