import type { Schemas } from '../../../cluster/openapi.ts';

/**
 * Asks for the OpenAPI index every few seconds while somebody observes: one small request tells of every kind that came, went
 * or changed, which no watch of its objects does (a new default changes how they read without writing them).
 */
export class SchemaPoll {
  readonly #schemas: Schemas;
  readonly #everyMs: number;
  #holders = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(schemas: Schemas, everyMs = 3_000) {
    this.#schemas = schemas;
    this.#everyMs = everyMs;
  }

  /** Polls until the returned function is called. */
  hold(): () => void {
    this.#holders += 1;
    this.#schedule();
    let held = true;
    return () => {
      if (held) this.#holders -= 1;
      held = false;
      if (this.#holders === 0) clearTimeout(this.#timer);
    };
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(async () => {
      // an outage is told by the watches
      await this.#schemas.refresh().catch(() => undefined);
      if (this.#holders > 0) this.#schedule();
    }, this.#everyMs);
  }
}
