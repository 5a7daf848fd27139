/** Longer than a signature is good for, whichever way the clocks differ. */
const rememberMs = 600_000;
const mostRemembered = 20_000;

/**
 * Lets each request pass once. It is known by its signature and by its trigger, so that neither the same bytes nor the same use
 * signed anew pass a second time. Only what is signed comes here, so nobody else can fill it.
 */
export class Once {
  readonly #seen = new Map<string, number>();
  readonly #now: () => number;

  /** `now` gives milliseconds. */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Whether none of these was seen in the last ten minutes; from now on all of them were. */
  first(keys: readonly string[]): boolean {
    const now = this.#now();
    for (const [key, until] of this.#seen) {
      if (until > now && this.#seen.size <= mostRemembered) break;
      this.#seen.delete(key);
    }
    const isNew = keys.length > 0 && keys.every(key => !this.#seen.has(key));
    for (const key of keys) if (!this.#seen.has(key)) this.#seen.set(key, now + rememberMs);
    return isNew;
  }
}
