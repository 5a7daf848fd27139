import { backoff, type Clock } from '../concurrency/clock.ts';
import { type Failure, toFailure } from '../failure/failure.ts';
import type { Incident, Told, Transition } from './incident.ts';
import { type Outlet, TellFailure, type Telling } from './outlet.ts';
import { toldHash, untold } from './story.ts';

export interface TellerOptions {
  outlet: Outlet;
  /** The place of the outlet that this one tells in; what is told is remembered under its name. */
  lane: string;
  clock: Clock;
  /** For pauses: not the time of day. */
  steady: Clock;
  /** The incident as it is now; undefined when it was forgotten. */
  current: (key: string) => Incident | undefined;
  /** Resolves when the incident as it is now is stored, or cannot be: what was told must not be unknown after a crash. */
  stored: (key: string) => Promise<void>;
  /** Whether it may be told now; `look` is called when that changes. */
  allowed: (key: string) => boolean;
  telling: (incident: Incident) => Telling;
  onTold: (key: string, told: Told) => void;
  /** It was over when quiet hours ended, and is not told here. */
  onSpared: (key: string) => void;
  onFailure: (failure: Failure, key: string, retryMs: number) => void;
}

interface Waiting {
  attempts: number;
  /** After a failure: not tried again before. */
  retryAt: number;
  /** Quiet hours last until then, as was last said. */
  quietUntil: number;
  /** It may have been told before without our knowing. */
  doubtful: boolean;
  /** It waited for the end of quiet hours: nobody need hear of it then if it is over. */
  held: boolean;
}

const nothingWaits: Waiting = { attempts: 0, retryAt: 0, quietUntil: 0, doubtful: false, held: false };

/** After a call that was not answered, its message may still arrive for this long: it is not looked for before. */
const lateMs = 5_000;

/**
 * Tells in one lane what has not been told there yet, one at a time and in the order in which things happened. It looks at the
 * newest state right before telling, so that what came and went during an outage is told once, as it ended. What fails is
 * tried again for ever, with growing pauses, without holding up what can be told.
 */
export class Teller {
  readonly #options: TellerOptions;
  readonly #waiting = new Map<string, Waiting>();
  #outage = { attempts: 0, until: 0 };
  #running: Promise<void> | undefined;
  #cancel: (() => void) | undefined;
  #closed = false;

  constructor(options: TellerOptions) {
    this.#options = options;
  }

  /** This incident changed (or was loaded): it is told if people do not know its state. */
  wake(key: string, how: { notBefore?: number | undefined; doubtful?: boolean } = {}): void {
    const before = this.#waiting.get(key) ?? nothingWaits;
    this.#waiting.set(key, {
      ...before,
      quietUntil: how.notBefore ?? 0,
      held: before.held || how.notBefore !== undefined,
      doubtful: before.doubtful || how.doubtful === true,
    });
    this.#start();
  }

  /** What may be told is otherwise now. */
  look(): void {
    this.#start();
  }

  /** How many incidents wait to be told here. */
  get waiting(): number {
    return this.#waiting.size;
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
    if (this.#options.steady.now() < this.#outage.until) return undefined;
    for (const [key, waiting] of this.#waiting)
      if (this.#untilDue(waiting) <= 0 && this.#options.allowed(key)) return key;
    return undefined;
  }

  async #tell(key: string): Promise<void> {
    const { outlet, lane, telling, onTold, onSpared } = this.#options;
    if (this.#isNew(this.#untold(key))) await this.#options.stored(key);
    const waiting = this.#waiting.get(key) ?? nothingWaits;
    const { doubtful, held } = waiting;
    if (this.#closed || this.#untilDue(waiting) > 0) return;
    // Taken out before it is told, so that a change while it is being told brings it back.
    this.#waiting.delete(key);
    const transition = this.#untold(key);
    if (transition === undefined) return;
    const { incident } = transition;
    const before = incident.told[lane];
    const isNew = this.#isNew(transition);
    if (held && before === undefined && incident.state === 'resolved') {
      onSpared(key);
      return;
    }
    try {
      const tell = { transition, telling: telling(incident), lane, place: before?.place ?? {}, doubtful };
      const place = await outlet.tell(tell);
      this.#outage = { attempts: 0, until: 0 };
      onTold(key, toldOf(transition, before, place));
      // One message at a time: what is left, its notes among it, comes next.
      const left = this.#untold(key) !== undefined;
      if (left && !this.#waiting.has(key))
        this.#first(key, { ...nothingWaits, doubtful: doubtful && !isNew });
    } catch (error) {
      this.#failed(key, waiting, isNew, error);
    }
  }

  #untold(key: string): Transition | undefined {
    const incident = this.#options.current(key);
    const { lane, outlet } = this.#options;
    const threads = outlet.threads === true ? 'threads' : 'none';
    return incident === undefined ? undefined : untold(incident, incident.told[lane], threads);
  }

  /** Whether a message would be made: only an edit may be made again without anybody's noticing. */
  #isNew(transition: Transition | undefined): boolean {
    if (transition === undefined) return false;
    return transition.what === 'noted' || transition.incident.told[this.#options.lane] === undefined;
  }

  #failed(key: string, waiting: Waiting, isNew: boolean, error: unknown): void {
    const { steady, onFailure } = this.#options;
    const attempts = waiting.attempts + 1;
    const failure = toFailure(error, 'HF1701');
    const { scope, retryAfterMs, ambiguous } =
      failure instanceof TellFailure
        ? failure
        : { scope: 'message', retryAfterMs: undefined, ambiguous: false };
    const outageAttempts = this.#outage.attempts + 1;
    const pause = Math.max(
      ambiguous && isNew ? lateMs : 0,
      retryAfterMs ??
        (scope === 'outlet' ? backoff(outageAttempts, 1_000, 60_000) : backoff(attempts, 2_000, 300_000)),
    );
    const until = steady.now() + pause;
    if (scope === 'outlet') this.#outage = { attempts: outageAttempts, until };
    const retryAt = scope === 'outlet' ? 0 : until;
    const doubtful = waiting.doubtful || (ambiguous && isNew);
    this.#first(key, { ...waiting, attempts, retryAt, doubtful });
    onFailure(failure, key, pause);
  }

  /** Back to its place at the front: the order in which things happened is kept. */
  #first(key: string, waiting: Waiting): void {
    const later = [...this.#waiting];
    this.#waiting.clear();
    this.#waiting.set(key, waiting);
    for (const [other, state] of later) if (other !== key) this.#waiting.set(other, state);
  }

  #schedule(): void {
    if (this.#closed || this.#waiting.size === 0) return;
    const { steady } = this.#options;
    const allowed = [...this.#waiting].filter(([key]) => this.#options.allowed(key));
    if (allowed.length === 0) return;
    const first = Math.min(...allowed.map(([, waiting]) => this.#untilDue(waiting)));
    const wait = Math.max(first, this.#outage.until - steady.now());
    if (wait <= 0) this.#start();
    else this.#cancel = this.#options.clock.after(wait, () => this.#start());
  }

  /** In milliseconds: quiet hours go by the clock on the wall, pauses by one that is never set. */
  #untilDue({ retryAt, quietUntil }: Waiting): number {
    const { clock, steady } = this.#options;
    return Math.max(retryAt - steady.now(), quietUntil - clock.now());
  }
}

/** What is remembered once a transition is told. */
function toldOf(
  { what, incident, notes = [] }: Transition,
  before: Told | undefined,
  place: Record<string, string>,
): Told {
  const { state, flaps, flapping } = incident;
  if (what === 'noted' && before !== undefined)
    return { ...before, seq: notes.at(-1)?.seq ?? before.seq, place };
  const window = flapping === undefined ? {} : { window: flapping.window };
  return {
    hash: toldHash(incident),
    state,
    flaps,
    seq: before?.seq ?? seqAtFirst(incident),
    ...window,
    place,
  };
}

/** The first message tells all that happened until then; only what it has no room for is left to the thread. */
function seqAtFirst({ notes }: Incident): number {
  const own = notes.findIndex(note => note.what === 'note');
  const told = own === -1 ? notes : notes.slice(0, own);
  const last = told.at(-1);
  if (last === undefined) return (notes[0]?.seq ?? 1) - 1;
  return last.what === 'opened' ? last.seq - 1 : last.seq;
}
