/** A bucket of tokens that fills at a rate: how AWS throttles. */
export interface Rate {
  /** Requests a second that go on for ever. */
  perSecond: number;
  burst: number;
}

/**
 * Rates per action and region. AWS publishes few of them: 5 a second for DescribeStacks and 2 for LookupEvents are reported by its
 * users and documentation, the others are assumed to be no better than those of like actions.
 */
export const realRates: Readonly<Record<string, Rate>> = {
  DescribeStacks: { perSecond: 5, burst: 10 },
  GetTemplate: { perSecond: 5, burst: 10 },
  ListStackResources: { perSecond: 5, burst: 10 },
  DetectStackDrift: { perSecond: 2, burst: 5 },
  DescribeStackDriftDetectionStatus: { perSecond: 5, burst: 10 },
  DescribeStackResourceDrifts: { perSecond: 5, burst: 10 },
  DescribeType: { perSecond: 5, burst: 10 },
  GetResource: { perSecond: 10, burst: 20 },
  LookupEvents: { perSecond: 2, burst: 2 },
};

export class Throttle {
  readonly #rates: Readonly<Record<string, Rate>>;
  readonly #now: () => number;
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  /** `now` in milliseconds. */
  constructor(rates: Readonly<Record<string, Rate>>, now: () => number) {
    this.#rates = rates;
    this.#now = now;
  }

  /** Whether a request may pass. */
  admits(action: string): boolean {
    const rate = this.#rates[action];
    if (rate === undefined) return true;
    const now = this.#now();
    const bucket = this.#buckets.get(action) ?? { tokens: rate.burst, at: now };
    bucket.tokens = Math.min(rate.burst, bucket.tokens + ((now - bucket.at) / 1000) * rate.perSecond);
    bucket.at = now;
    this.#buckets.set(action, bucket);
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }
}
