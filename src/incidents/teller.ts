import { type Outlet, TellFailure, type Telling } from '../alerts/outlet.ts';
import { type Failure, toFailure } from '../failure/failure.ts';
import { backoff, type Clock } from './clock.ts';
import type { Incident, Told } from './incident.ts';
import { toldHash, untold } from './story.ts';

export interface TellerOptions {
  outlet: Outlet;
  clock: Clock;
  /** The incident as it is now; undefined when it was forgotten. */
  current: (key: string) => Incident | undefined;
  telling: (incident: Incident) => Telling;
  onTold: (key: string, told: Told) => void;
  onFailure: (failure: Failure, key: string, retryMs: number) => void;
}

/**
 * Tells one outlet what it has not told yet, one at a time and in the order in which things happened. It looks at the newest
 * state right before telling, so that what came and went during an outage is told once, as it ended. What fails is tried
 * again for ever, with growing pauses, without holding up what can be told.
 */
export class Teller {
  readonly #options: TellerOptions;
  readonly #waiting = new Map<string, { attempts: number; notBefore: number }>();
  #outage = { attempts: 0, until: 0 };
  #running: Promise<void> | undefined;
  #cancel: (() => void) | undefined;
  #closed = false;

  constructor(options: TellerOptions) {
    this.#options = options;
  }

  /** This incident changed (or was loaded): it is told if people do not know its state. */
  wake(key: string): void {
    if (!this.#waiting.has(key)) this.#waiting.set(key, { attempts: 0, notBefore: 0 });
    this.#start();
  }

  /** Whether all is told that could be known. */
  get idle(): boolean {
    return this.#waiting.size === 0 && this.#running === undefined;
  }

  /** Stops; what is under way is finished. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancel?.();
    await this.#running;
    await this.#options.outlet.close();
  }

  #start(): void {
    if (this.#running !== undefined || this.#closed) return;
    this.#cancel?.();
    this.#running = this.#run().finally(() => {
      this.#running = undefined;
      this.#schedule();
    });
  }

  async #run(): Promise<void> {
    for (let key = this.#next(); key !== undefined && !this.#closed; key = this.#next())
      await this.#tell(key);
  }

  #next(): string | undefined {
    const now = this.#options.clock.now();
    if (now < this.#outage.until) return undefined;
    for (const [key, { notBefore }] of this.#waiting) if (notBefore <= now) return key;
    return undefined;
  }

  async #tell(key: string): Promise<void> {
    const { outlet, current, telling, onTold } = this.#options;
    const tries = this.#waiting.get(key)?.attempts ?? 0;
    // Taken out before it is told, so that a change while it is being told brings it back.
    this.#waiting.delete(key);
    const incident = current(key);
    const transition = incident === undefined ? undefined : untold(incident, incident.told[outlet.name]);
    if (transition === undefined) return;
    const { state, flaps } = transition.incident;
    try {
      const place = await outlet.tell(transition, telling(transition.incident));
      this.#outage = { attempts: 0, until: 0 };
      onTold(key, { hash: toldHash(transition.incident), state, flaps, place });
    } catch (error) {
      this.#failed(key, tries + 1, error);
    }
  }

  #failed(key: string, attempts: number, error: unknown): void {
    const { clock, onFailure } = this.#options;
    const failure = toFailure(error, 'HF1701');
    const { scope, retryAfterMs } =
      failure instanceof TellFailure ? failure : { scope: 'message', retryAfterMs: undefined };
    const outageAttempts = this.#outage.attempts + 1;
    const pause =
      retryAfterMs ??
      (scope === 'outlet' ? backoff(outageAttempts, 1_000, 60_000) : backoff(attempts, 2_000, 300_000));
    const until = clock.now() + pause;
    if (scope === 'outlet') this.#outage = { attempts: outageAttempts, until };
    const later = [...this.#waiting];
    this.#waiting.clear();
    // Back to its place at the front: the order in which things happened is kept.
    this.#waiting.set(key, { attempts, notBefore: scope === 'outlet' ? 0 : until });
    for (const [other, state] of later) if (other !== key) this.#waiting.set(other, state);
    onFailure(failure, key, pause);
  }

  #schedule(): void {
    if (this.#closed || this.#waiting.size === 0) return;
    const now = this.#options.clock.now();
    const first = Math.min(...[...this.#waiting.values()].map(({ notBefore }) => notBefore));
    const wait = Math.max(first, this.#outage.until) - now;
    if (wait <= 0) this.#start();
    else this.#cancel = this.#options.clock.after(wait, () => this.#start());
  }
}
