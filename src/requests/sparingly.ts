/** Allows so many within a time, so that whoever asks in vain over and over pushes nothing else out of the records. */
export class Sparingly {
  readonly #most: number;
  readonly #withinMs: number;
  readonly #now: () => number;
  #used: number[] = [];

  constructor(most: number, withinMs: number, now: () => number = () => performance.now()) {
    this.#most = most;
    this.#withinMs = withinMs;
    this.#now = now;
  }

  may(): boolean {
    const now = this.#now();
    this.#used = this.#used.filter(time => now - time < this.#withinMs);
    if (this.#used.length >= this.#most) return false;
    this.#used.push(now);
    return true;
  }
}
