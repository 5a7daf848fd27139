import type { Comparison } from '../findings/finding.ts';
import { partName, type Sighting, type SightingPart, sightingsOf } from './sighting.ts';

export interface ReceiverOptions {
  /** The hash of a unit as it is declared now; undefined where there is no such unit. */
  hashOf(unit: string): string | undefined;
  isMine(unit: string): boolean;
  /** The observer that compares a unit, as it names itself. */
  ownerOf(unit: string): string | undefined;
  deliver(comparison: Comparison, converging: boolean): void;
  onBad(unit: string, why: string): void;
  /** Has an object removed that says nothing any more. */
  remove(name: string, holder: string): void;
  /** Milliseconds of a clock that never goes back. */
  now(): number;
  /** Whether a unit is compared at set times: that may take minutes, in which nothing is heard of it. */
  isScheduled(unit: string): boolean;
}

/** A unit of which nothing was heard for so long is compared by whoever tells. More than three times the sign of life. */
const silentMs = 180_000;
const scheduledSilentMs = 20 * 60_000;
/** So long may pass until a unit that is watched, and that went from one of the others to another, is heard of. */
const handOverMs = 10_000;

interface Heard {
  set: string;
  sighting: Sighting;
  /** Whether it was seen after the last sync of the unit, as far as this process knows of syncs. */
  settled: boolean;
}

/**
 * What the one that tells makes of sightings: each counts only for a unit that is not its own, from the observer that has it in its share,
 * and only where it was compared with what this process knows to be declared; else the next one is waited for. While a sync puts the unit right, for either of the two processes, what differs
 * is pending.
 */
export class Receiver {
  readonly #options: ReceiverOptions;
  readonly #heard = new Map<string, Heard>();
  /** The set of each unit that was read last, readable or not. */
  readonly #sets = new Map<string, string>();
  /** When the unit was heard of last, or was first expected to be. */
  readonly #heardAt = new Map<string, number>();
  /** Objects that nobody needs, and since when, or when their removal was asked for last. */
  #useless: ReadonlyMap<string, number> = new Map();
  #converging: ReadonlySet<string> = new Set();

  constructor(options: ReceiverOptions) {
    this.#options = options;
  }

  /** Nothing is known any more: another process tells, or this one begins to. */
  reset(): void {
    for (const map of [this.#heard, this.#sets, this.#heardAt]) map.clear();
    this.#useless = new Map();
  }

  /** All parts that there are. */
  take(parts: readonly SightingPart[]): void {
    const { onBad, now } = this.#options;
    const bad = ({ unit, set, why }: { unit: string; set: string; why: string }) => {
      this.#sets.set(unit, set);
      onBad(unit, why);
    };
    for (const { set, sighting } of sightingsOf(parts, this.#sets, bad)) {
      const { unit, converging } = sighting;
      this.#sets.set(unit, set);
      this.#heard.set(unit, { set, sighting, settled: !converging });
      const { hashOf, ownerOf } = this.#options;
      // who compares with something else is as good as silent
      if (ownerOf(unit) === sighting.holder && hashOf(unit) === sighting.hash) this.#heardAt.set(unit, now());
      this.#pass(unit);
    }
    const there = new Set(parts.map(({ spec }) => spec.unit));
    for (const unit of this.#heard.keys()) if (!there.has(unit)) this.#heard.delete(unit);
    this.#sweep(parts);
  }

  /** The unit was ours until now: it counts as silent until it is heard of by the one that has it now, who may have been quicker. */
  expect(unit: string): void {
    const { hashOf, ownerOf, now } = this.#options;
    const { holder, hash } = this.#heard.get(unit)?.sighting ?? {};
    const heard = holder !== undefined && holder === ownerOf(unit) && hash === hashOf(unit);
    this.#heardAt.set(unit, heard ? now() : Number.NEGATIVE_INFINITY);
  }

  /** The unit goes from one of the others to another, who may have been quicker: it is not compared by nobody for long. */
  moved(unit: string): void {
    this.expect(unit);
    if (this.#heardAt.get(unit) !== Number.NEGATIVE_INFINITY) return;
    const { isScheduled, now } = this.#options;
    this.#heardAt.set(unit, isScheduled(unit) ? now() : now() - silentMs + handOverMs);
  }

  /** The unit is ours from now on: what others saw of it until then is old when it goes back to them. */
  drop(unit: string): void {
    this.#heard.delete(unit);
  }

  /** Delivers what was seen last again: what is declared, or who compares what, is otherwise now. */
  again(): void {
    for (const unit of this.#heard.keys()) this.#pass(unit);
  }

  /** Exactly these units are being put right by a sync, as far as this process knows. */
  converging(units: ReadonlySet<string>): void {
    const before = this.#converging;
    this.#converging = units;
    for (const [unit, heard] of this.#heard) {
      if (units.has(unit) && !before.has(unit)) heard.settled = false;
      if (before.has(unit) && !units.has(unit)) this.#pass(unit);
    }
  }

  /** Those of these units, which others compare, of which nothing was heard for too long. */
  silent(units: readonly string[]): string[] {
    const { now, isScheduled } = this.#options;
    const nowMs = now();
    return units.filter(unit => {
      const at = this.#heardAt.get(unit) ?? nowMs;
      this.#heardAt.set(unit, at);
      return nowMs - at > (isScheduled(unit) ? scheduledSilentMs : silentMs);
    });
  }

  #pass(unit: string): void {
    const { hashOf, isMine, ownerOf, deliver } = this.#options;
    const heard = this.#heard.get(unit);
    if (heard === undefined || isMine(unit)) return;
    const { holder, hash, converging, comparison } = heard.sighting;
    if (hashOf(unit) !== hash || ownerOf(unit) !== holder) return;
    const pending = converging || this.#converging.has(unit);
    if (pending || heard.settled) deliver(comparison, pending);
  }

  /** Removes what nobody needs for long: of units that are declared no more, or of an observer that does not compare them. */
  #sweep(parts: readonly SightingPart[]): void {
    const { hashOf, ownerOf, remove, now } = this.#options;
    const useless = new Map<string, number>();
    for (const { metadata, spec } of parts) {
      const named = metadata.name === partName(spec.unit, spec.part);
      if (named && hashOf(spec.unit) !== undefined && ownerOf(spec.unit) === spec.holder) continue;
      const since = this.#useless.get(metadata.name) ?? now();
      const isDue = now() - since > silentMs;
      useless.set(metadata.name, isDue ? now() : since);
      if (isDue) remove(metadata.name, spec.holder);
    }
    this.#useless = useless;
  }
}
