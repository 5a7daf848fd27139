/** Runs a step again and again: after the time that it asks for, or at once when nudged. Steps never overlap. */
export class Pulse {
  #nudged = false;
  #wake: () => void = () => undefined;

  /** Something may have happened: look now, or right after the step that is running. */
  nudge(): void {
    this.#nudged = true;
    this.#wake();
  }

  /** Resolves after the signal, when the last step has ended. A step that throws ends it. */
  async run(step: () => Promise<number>, signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', () => this.#wake(), { once: true });
    while (!signal.aborted) {
      this.#nudged = false;
      const pauseMs = await step();
      if (signal.aborted || this.#nudged) continue;
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, pauseMs);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
}
