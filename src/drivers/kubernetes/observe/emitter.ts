/**
 * Calls back soon after it was asked to, once for all that was asked for meanwhile, so that many changes at a time are told
 * together and a single one within milliseconds.
 */
export class Emitter {
  readonly #emit: () => void;
  readonly #delayMs: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(emit: () => void, delayMs = 10) {
    this.#emit = emit;
    this.#delayMs = delayMs;
  }

  ask(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#emit();
    }, this.#delayMs);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
