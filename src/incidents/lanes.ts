import type { Clock } from '../concurrency/clock.ts';
import type { Failure } from '../failure/failure.ts';
import type { Incident, Told } from './incident.ts';
import type { Lane, Outlet, Telling } from './outlet.ts';
import { Teller } from './teller.ts';

export interface LanesOptions {
  outlets: readonly Outlet[];
  clock: Clock;
  /** For pauses: not the time of day. */
  steady: Clock;
  current: (key: string) => Incident | undefined;
  stored: (key: string) => Promise<void>;
  /** An incident is not told in this lane after all. */
  onSpared: (key: string, lane: string) => void;
  telling: (incident: Incident) => Telling;
  onTold: (key: string, lane: string, told: Told) => void;
  onFailure: (failure: Failure, doing: string, retryMs: number) => void;
}

/**
 * One teller for each place of each outlet, so that a channel that is slow, or does not exist, holds up no other. An incident stays
 * where it was told first; routes decide only where it begins.
 */
export class Lanes {
  readonly #options: LanesOptions;
  readonly #tellers = new Map<string, Teller>();
  #doubtful: Set<string> = new Set();
  #closed = false;
  #only: ((key: string) => boolean) | undefined;

  constructor(options: LanesOptions) {
    this.#options = options;
  }

  /** How many messages wait, over all places. */
  get waiting(): number {
    return [...this.#tellers.values()].reduce((sum, teller) => sum + teller.waiting, 0);
  }

  get idle(): boolean {
    return [...this.#tellers.values()].every(teller => teller.idle);
  }

  /** Of these incidents it is not known what an earlier process told. */
  doubt(keys: ReadonlySet<string>): void {
    this.#doubtful = new Set(keys);
  }

  /** Only incidents with such keys are told from now on; all of them without a condition. */
  only(condition: ((key: string) => boolean) | undefined): void {
    this.#only = condition;
    for (const teller of this.#tellers.values()) teller.look();
  }

  /** This incident changed: each lane tells what is not known there. */
  wake(incident: Incident): void {
    if (this.#closed) return;
    const doubtful = this.#doubtful.delete(incident.key);
    for (const outlet of this.#options.outlets) {
      for (const { name, notBefore } of lanesOf(outlet, incident)) {
        const quiet = isCalling(incident, name) ? notBefore : undefined;
        this.#teller(outlet, name).wake(incident.key, { notBefore: quiet, doubtful });
      }
    }
  }

  /** The incident with the lanes in which it is to be told, which must be known after a restart. */
  placed(incident: Incident): Incident {
    if (incident.state === 'suspected') return incident;
    const lanes = this.#options.outlets.flatMap(outlet => lanesOf(outlet, incident).map(({ name }) => name));
    return String(lanes) === String(incident.lanes ?? []) ? incident : { ...incident, lanes };
  }

  /** Stops; what is under way is finished. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#tellers.values()].map(teller => teller.close()));
  }

  #teller(outlet: Outlet, lane: string): Teller {
    const known = this.#tellers.get(lane);
    if (known !== undefined) return known;
    const { clock, steady, current, stored, telling, onTold, onFailure } = this.#options;
    const teller = new Teller({
      outlet,
      lane,
      clock,
      steady,
      current,
      allowed: key => this.#only?.(key) !== false,
      stored,
      telling,
      onTold: (key, told) => onTold(key, lane, told),
      onSpared: key => this.#options.onSpared(key, lane),
      onFailure: (failure, key, ms) => onFailure(failure, `tell ${lane} of ${key}`, ms),
    });
    this.#tellers.set(lane, teller);
    return teller;
  }
}

/**
 * Where an outlet tells an incident: where it was told or is to be told since it began, else, as long as nobody heard of it, where
 * the outlet says now. What is over is not told in places that were never meant to hear of it, such as those of a new outlet.
 */
function lanesOf(outlet: Outlet, incident: Incident): readonly Lane[] {
  const now = outlet.lanes?.(incident) ?? [{ name: outlet.name }];
  const told = toldIn(outlet, incident);
  const chosen = (incident.lanes ?? []).filter(name => isLaneOf(outlet, name));
  const undecided = told.length === 0 && incident.state !== 'resolved';
  if (undecided) return now;
  return [...new Set([...told, ...chosen])].map(name => now.find(lane => lane.name === name) ?? { name });
}

/**
 * Whether telling it there now might call somebody, which quiet hours are to spare them. What a person did, and that it is over, is
 * shown at once in a message that is there.
 */
function isCalling({ told, state, notes }: Incident, lane: string): boolean {
  return told[lane] === undefined || (state === 'open' && notes.at(-1)?.who === undefined);
}

/** The lanes of an outlet in which an incident was told. */
export function toldIn(outlet: Pick<Outlet, 'name'>, { told }: Incident): string[] {
  return Object.keys(told).filter(lane => isLaneOf(outlet, lane));
}

function isLaneOf({ name }: Pick<Outlet, 'name'>, lane: string): boolean {
  return lane === name || lane.startsWith(`${name}/`);
}
