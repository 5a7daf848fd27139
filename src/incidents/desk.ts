import { type Clock, steadyClock, systemClock } from '../concurrency/clock.ts';
import { concealed } from '../findings/concealed.ts';
import type { Comparison } from '../findings/finding.ts';
import type { Act } from './acts.ts';
import type { Signal } from './advance.ts';
import type { Blindness } from './blindness.ts';
import { reportName, type UnitState } from './drift-report.ts';
import { kept } from './early.ts';
import { type Incident, isLive, type RefusedSubject, type Who } from './incident.ts';
import { defaultRules, type LifeRules } from './life.ts';
import { Remembered } from './remembered.ts';
import { type ComparedWith, Reports } from './reports.ts';
import type { Line } from './say.ts';
import { Term, type TermOptions } from './term.ts';
import type { Thread } from './threads.ts';

export interface DeskOptions
  extends Pick<TermOptions, 'outlets' | 'store' | 'telling' | 'onFailure' | 'onTransition'> {
  rules?: LifeRules;
  clock?: Clock;
  /** For pauses: not the time of day. `clock` where that is given alone. */
  steady?: Clock;
  /** How long changes gather between two saves. */
  gatherMs?: number;
}

/** What became of something that a person did: `unknown` incident, one that is `over`, or not this process’s to do (`standby`). */
export type Acted = { result: 'done'; incident: Incident } | { result: 'unknown' | 'over' | 'standby' };

/**
 * Where all that happens becomes incidents, messages and reports. Nothing is told before the earlier incidents are
 * loaded, since else a restart would repeat messages, nor while another process leads; what happens until then is kept. The rest is level-triggered: what
 * an outlet has told is stored with the incident, and whatever differs from it is told, also after a restart.
 */
export class IncidentDesk {
  readonly #options: DeskOptions;
  readonly #clock: Clock;
  readonly #reports = new Reports();
  /** The newest signal of each unit, source and branch: whoever leads next begins with what is so now. */
  #newest: Signal[] = [];
  readonly #remembered: Remembered;
  /** Absent while another process leads. */
  #term: Term | undefined;

  constructor(options: DeskOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#remembered = new Remembered({
      ...options,
      clock: this.#clock,
      steady: this.#steady,
      known: () => this.#known(),
    });
  }

  /** Forgets what was seen of all units but these: others compare them, and know better by now. */
  keepSeen(isOurs: (unit: string) => boolean): void {
    this.#newest = this.#newest.filter(one => one.kind !== 'compared' || isOurs(one.comparison.unit));
    this.#reports.keepSeen(isOurs);
  }

  /** Leads from now on: loads what an earlier process knew, again and again until it can, and then tells. */
  start(): void {
    if (this.#term === undefined) {
      const { rules = defaultRules, gatherMs = 250 } = this.#options;
      this.#term = new Term({
        ...this.#options,
        ...{ rules, gatherMs, clock: this.#clock, reports: this.#reports },
        steady: this.#steady,
        restored: loaded => this.#remembered.restored(loaded),
      });
      void this.#term.begin(() => this.#newest);
    } else this.#term.again();
  }

  /**
   * It is not certain that no other process leads by now: only what keeps us from knowing is told, until `start` or `rest`.
   * A cluster that cannot be reached must not silence that it cannot be reached.
   */
  unsure(): void {
    this.#term?.only(key => key.startsWith('blind/'));
  }

  /** Another process leads: nothing is told or saved any more, and what happens is kept in mind until `start`. */
  async rest(): Promise<void> {
    const term = this.#term;
    this.#term = undefined;
    this.#remembered.keep(term?.incidents.values() ?? []);
    await term?.abandon();
  }

  /** Whether this process is the one that tells and takes what people do, and has loaded the earlier incidents. */
  get leading(): boolean {
    return this.#term?.leading === true;
  }

  /** Whether it is to lead and cannot yet, because the earlier incidents are not loaded. */
  get loading(): boolean {
    return this.#term !== undefined && !this.#term.leading;
  }

  /** Whether all is told and saved that is known. */
  get idle(): boolean {
    return this.#term?.idle === true;
  }

  /** How many messages wait to be told, and reports to be stored. */
  get waiting(): { messages: number; reports: number } {
    return this.#term?.waiting ?? { messages: 0, reports: 0 };
  }

  get incidents(): readonly Incident[] {
    return [...(this.#term?.incidents.values() ?? [])];
  }

  /** What was last seen of each unit, by its name. */
  get states(): ReadonlyMap<string, UnitState> {
    return this.#reports.states;
  }

  /** What channels are still to be told of syncs that were asked for there. */
  get threads(): readonly Thread[] {
    return [...(this.#term?.threads.values() ?? [])];
  }

  /** What a comparison found. Nothing of it that must not leave the process is kept. */
  compared(given: Comparison, seen: ComparedWith): void {
    const comparison = { ...given, findings: given.findings.map(concealed) };
    this.#reports.compared(comparison, seen, this.#time());
    this.signal({ kind: 'compared', comparison, converging: seen.converging === true });
    this.#term?.save(reportName(comparison.unit));
  }

  /** These units exist. The reports of all others are removed. */
  units(names: readonly string[]): void {
    this.#reports.units(names);
    this.signal({ kind: 'units', names });
    this.#term?.saveAll();
  }

  refused(refusal: Omit<RefusedSubject, 'kind'>): void {
    this.signal({ kind: 'refused', refusal });
  }

  healed(branch: string): void {
    this.signal({ kind: 'healed', branch });
  }

  blinded(blindness: Blindness): void {
    this.signal({ kind: 'blinded', blindness });
  }

  sees(origin: string): void {
    this.signal({ kind: 'sees', origin });
  }

  /** What a person does with an incident; it is told and stored like all else. */
  act(key: string, act: Act): Acted {
    return this.#done(key, { kind: 'acted', key, act }, isLive);
  }

  /** Somebody looks after it. */
  acknowledge(key: string, who: Who): Acted {
    return this.act(key, { what: 'acknowledge', who });
  }

  /** Nobody is called for it until then (RFC 3339), unless another field differs. */
  snooze(key: string, until: string, who: Who): Acted {
    return this.act(key, { what: 'snooze', who, until });
  }

  /**
   * Tells lines in the thread of an incident, after all that was told of it before, and durably: once, also over a restart. With
   * the `id` of an earlier note that one is changed: edited, where it was told already. `over`: what it tells of has ended.
   */
  note(key: string, note: { id?: string; lines: Line[]; who?: Who; over?: true }): Acted {
    return this.#done(key, { kind: 'noted', key, note }, () => true);
  }

  /** Remembers what a channel is to be told, over restarts; undefined once it was. False where another process leads. */
  setThread(id: string, thread: Thread | undefined): boolean {
    if (this.#term?.leading !== true) return false;
    this.#term.setThread(id, thread);
    return true;
  }

  signal(signal: Signal): void {
    this.#newest = kept(this.#newest, signal);
    if (this.#term?.leading === true) this.#term.advance(signal);
  }

  /** Finishes what is being told and saves what is left. */
  async close(): Promise<void> {
    await this.#remembered.close();
    await this.#term?.close();
    await Promise.all(this.#options.outlets.map(outlet => outlet.close()));
  }

  #done(key: string, signal: Signal, possible: (incident: Incident) => boolean): Acted {
    const term = this.#term;
    if (term?.leading !== true) return { result: 'standby' };
    const before = term.incidents.get(key);
    if (before === undefined) return { result: 'unknown' };
    if (!possible(before)) return { result: 'over' };
    term.advance(signal);
    const incident = term.incidents.get(key);
    return incident === undefined ? { result: 'unknown' } : { result: 'done', incident };
  }

  /** Which incidents whoever leads knows. */
  async #known(): Promise<ReadonlySet<string> | undefined> {
    if (this.loading) return undefined;
    const incidents =
      this.#term === undefined
        ? (await this.#options.store.load()).flatMap(report => report.incidents)
        : this.incidents;
    return new Set(incidents.map(({ id }) => id));
  }

  get #steady(): Clock {
    return this.#options.steady ?? this.#options.clock ?? steadyClock;
  }

  #time(): string {
    return new Date(this.#clock.now()).toISOString();
  }
}
