import type { Clock } from '../../concurrency/clock.ts';

/** How often a thing may be done: `burst` at once, and one more each `everyMs`. */
export interface Rate {
  everyMs: number;
  burst: number;
}

/**
 * Slack's limits, kept by us before Slack has to say so: about one message a second in a channel, and 50 edits a minute
 * (Tier 3; conversations.history is Tier 3 as well).
 */
export const slackRates = {
  post: { everyMs: 1_000, burst: 1 },
  tier3: { everyMs: 1_200, burst: 5 },
} as const satisfies Record<string, Rate>;

/** Lets things happen no more often than their rate allows, and not at all for as long as the other side asked to wait. */
export class Pace {
  readonly #clock: Clock;
  readonly #next = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves when one more of this name may happen; it is then reckoned as done. */
  async turn(name: string, { everyMs, burst }: Rate): Promise<void> {
    const now = this.#clock.now();
    const free = Math.max(this.#next.get(name) ?? 0, now - (burst - 1) * everyMs);
    this.#next.set(name, free + everyMs);
    if (free > now) await new Promise<void>(resolve => void this.#clock.after(free - now, resolve));
  }

  /** Nothing of this name happens before so many milliseconds have passed. */
  hold(name: string, ms: number): void {
    this.#next.set(name, Math.max(this.#next.get(name) ?? 0, this.#clock.now() + ms));
  }
}
