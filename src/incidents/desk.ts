import type { Outlet, Telling } from '../alerts/outlet.ts';
import type { Line } from '../alerts/say.ts';
import { type Failure, toFailure } from '../failure/failure.ts';
import type { Comparison } from '../findings/finding.ts';
import type { Act } from './acts.ts';
import { advance, nextDue, type Signal } from './advance.ts';
import type { Blindness } from './blindness.ts';
import { backoff, type Clock, systemClock } from './clock.ts';
import { concealed } from './concealed.ts';
import { reportName, type StoredReport, type UnitState } from './drift-report.ts';
import { kept } from './early.ts';
import { type Incident, isLive, type RefusedSubject, type Transition, type Who } from './incident.ts';
import { Lanes } from './lanes.ts';
import { defaultRules, type Incidents, type LifeRules } from './life.ts';
import { type ComparedWith, Reports } from './reports.ts';
import { Saver } from './saver.ts';
import type { IncidentStore } from './store.ts';

export interface DeskOptions {
  outlets: readonly Outlet[];
  store: IncidentStore;
  /** The facts of a message; asked right before it is told. */
  telling: (incident: Incident) => Telling;
  /** Hears of what does not work; it is tried again by itself. Messages hold no secret beyond what a log scrubs. */
  onFailure: (failure: Failure, doing: string, retryMs: number) => void;
  /** For metrics and the log. */
  onTransition?: (transition: Transition) => void;
  rules?: LifeRules;
  clock?: Clock;
  /** How long changes gather between two saves. */
  gatherMs?: number;
}

/** For how long a message waits for its incident to be stored. */
const storedWithinMs = 1_000;

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
  readonly #rules: LifeRules;
  #lanes: Lanes;
  #saver: Saver;
  readonly #reports = new Reports();
  /** Which read each comparison is: the same one may be delivered often. */
  readonly #reads = new WeakMap<Comparison, { read: string; comparison: Comparison }>();
  #incidents: Incidents = new Map();
  /** The newest signal of each unit, source and branch: whoever leads next begins with what is so now. */
  #newest: Signal[] = [];
  #leading = false;
  /** Counts up whenever another process takes over, so that what was begun before is not mistaken for what is under way. */
  #term = 0;
  #loading: Promise<void> | undefined;
  #cancelLoad: (() => void) | undefined;
  #cancelDue: (() => void) | undefined;
  #closed = false;

  constructor(options: DeskOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#rules = options.rules ?? defaultRules;
    this.#lanes = this.#openLanes();
    this.#saver = this.#openSaver();
  }

  #openLanes(): Lanes {
    const options = this.#options;
    const term = this.#term;
    return new Lanes({
      outlets: options.outlets,
      clock: this.#clock,
      current: key => this.#incidents.get(key),
      stored: key => this.#stored(key),
      telling: options.telling,
      onTold: (key, lane, told) => {
        if (term !== this.#term) return;
        const incident = this.#incidents.get(key);
        if (incident === undefined) return;
        const remembered = { ...incident, told: { ...incident.told, [lane]: told } };
        this.#incidents = new Map(this.#incidents).set(key, remembered);
        this.#changed(remembered);
      },
      onFailure: options.onFailure,
    });
  }

  #openSaver(): Saver {
    const options = this.#options;
    return new Saver({
      store: options.store,
      clock: this.#clock,
      current: name => this.#reports.report(name, this.#incidents.values()),
      onFailure: (failure, retryMs) => options.onFailure(failure, 'save incidents', retryMs),
      gatherMs: options.gatherMs ?? 250,
    });
  }

  /** Leads from now on: loads what an earlier process knew, again and again until it can, and then tells. */
  start(): void {
    this.#loading ??= this.#load(1);
    if (this.#leading) this.#lanes.only(undefined);
  }

  /**
   * It is not certain that no other process leads by now: only what keeps us from knowing is told, until `start` or `rest`.
   * A cluster that cannot be reached must not silence that it cannot be reached.
   */
  unsure(): void {
    this.#lanes.only(key => key.startsWith('blind/'));
  }

  /** Another process leads: nothing is told or saved any more, and what happens is kept in mind until `start`. */
  async rest(): Promise<void> {
    if (this.#loading === undefined) return;
    this.#term += 1;
    this.#leading = false;
    this.#loading = undefined;
    this.#cancelLoad?.();
    this.#cancelDue?.();
    const [lanes, saver] = [this.#lanes, this.#saver];
    this.#incidents = new Map();
    this.#lanes = this.#openLanes();
    this.#saver = this.#openSaver();
    saver.abandon();
    await lanes.close();
  }

  /** Whether this process is the one that tells and takes what people do, and has loaded the earlier incidents. */
  get leading(): boolean {
    return this.#leading;
  }

  /** Whether it is to lead and cannot yet, because the earlier incidents are not loaded. */
  get loading(): boolean {
    return this.#loading !== undefined && !this.#leading;
  }

  /** Whether all is told and saved that is known. */
  get idle(): boolean {
    return this.#leading && this.#saver.idle && this.#lanes.idle;
  }

  get incidents(): readonly Incident[] {
    return [...this.#incidents.values()];
  }

  /** What was last seen of each unit, by its name. */
  get states(): ReadonlyMap<string, UnitState> {
    return this.#reports.states;
  }

  /** What a comparison found. Nothing of it that must not leave the process is kept. */
  compared(given: Comparison, seen: ComparedWith): void {
    const { read, comparison } = this.#reads.get(given) ?? {
      read: this.#time(),
      comparison: { ...given, findings: given.findings.map(concealed) },
    };
    this.#reads.set(given, { read, comparison });
    this.#reports.compared(comparison, seen, this.#time());
    this.signal({ kind: 'compared', comparison, converging: seen.converging === true, read });
    if (this.#leading) this.#saver.change(reportName(comparison.unit));
  }

  /** These units exist. The reports of all others are removed. */
  units(names: readonly string[]): void {
    this.#reports.units(names);
    this.signal({ kind: 'units', names });
    if (this.#leading) this.#saveAll();
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
    if (!this.#leading) return { result: 'standby' };
    const incident = this.#incidents.get(key);
    if (incident === undefined) return { result: 'unknown' };
    if (!isLive(incident)) return { result: 'over' };
    this.#advance({ kind: 'acted', key, act });
    return this.#acted(key);
  }

  /** Somebody looks after it. */
  acknowledge(key: string, who: Who): Acted {
    return this.act(key, { what: 'acknowledge', who });
  }

  /** Nobody is called for it until then (RFC 3339), unless another field differs. */
  snooze(key: string, until: string, who: Who): Acted {
    return this.act(key, { what: 'snooze', who, until });
  }

  unsnooze(key: string, who: Who): Acted {
    return this.act(key, { what: 'unsnooze', who });
  }

  /**
   * Tells lines in the thread of an incident, after all that was told of it before, and durably: once, also over a restart. With
   * the `id` of an earlier note that one is changed: edited, where it was told already.
   */
  note(key: string, note: { id?: string; lines: Line[]; who?: Who }): Acted {
    if (!this.#leading) return { result: 'standby' };
    if (!this.#incidents.has(key)) return { result: 'unknown' };
    this.#advance({ kind: 'noted', key, note });
    return this.#acted(key);
  }

  signal(signal: Signal): void {
    this.#newest = kept(this.#newest, signal);
    if (this.#leading) this.#advance(signal);
  }

  /** Finishes what is being told and saves what is left. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelLoad?.();
    this.#cancelDue?.();
    await this.#lanes.close();
    await Promise.all(this.#options.outlets.map(outlet => outlet.close()));
    if (this.#leading) await this.#saver.close();
  }

  #acted(key: string): Acted {
    const incident = this.#incidents.get(key);
    return incident === undefined ? { result: 'unknown' } : { result: 'done', incident };
  }

  /** Waits for the store, but not for long: what is wrong with it must not keep anybody from hearing so. */
  async #stored(key: string): Promise<void> {
    const incident = this.#incidents.get(key);
    if (incident === undefined) return;
    let cancel = () => {};
    const enough = new Promise<void>(resolve => {
      cancel = this.#clock.after(storedWithinMs, resolve);
    });
    await Promise.race([this.#saver.stored(this.#reports.home(incident)), enough]);
    cancel();
  }

  #advance(signal: Signal): void {
    const before = this.#incidents;
    const { incidents, transitions } = advance(before, signal, this.#time(), this.#rules);
    this.#incidents = incidents;
    for (const [key, incident] of incidents) {
      if (before.get(key) === incident) continue;
      this.#changed(incident);
      // Also without a transition: one that was suspected again and was not may still have to be told as resolved.
      this.#lanes.wake(incident);
    }
    for (const [key, incident] of before) if (!incidents.has(key)) this.#changed(incident);
    for (const transition of transitions) this.#options.onTransition?.(transition);
    this.#cancelDue?.();
    const due = nextDue(incidents, this.#rules);
    if (due === undefined || this.#closed) return;
    this.#cancelDue = this.#clock.after(Math.max(0, due - this.#clock.now()), () =>
      this.#advance({ kind: 'passed' }),
    );
  }

  #changed(incident: Incident): void {
    this.#saver.change(this.#reports.home(incident));
  }

  #saveAll(): void {
    for (const name of this.#reports.names) this.#saver.change(name);
  }

  async #load(attempt: number): Promise<void> {
    const term = this.#term;
    let reports: StoredReport[];
    try {
      reports = await this.#options.store.load();
    } catch (error) {
      if (term !== this.#term) return;
      const pause = backoff(attempt, 1_000, 30_000);
      this.#options.onFailure(toFailure(error, 'HF1308'), 'load incidents', pause);
      if (this.#closed) return;
      this.#cancelLoad = this.#clock.after(pause, () => {
        this.#loading = this.#load(attempt + 1);
      });
      return;
    }
    // Somebody else may lead by now.
    if (!this.#closed && term === this.#term) this.#begin(reports);
  }

  #begin(reports: readonly StoredReport[]): void {
    for (const report of reports) this.#reports.know(report.name);
    const loaded = reports.flatMap(report => report.incidents);
    this.#incidents = new Map(loaded.map(incident => [incident.key, incident]));
    const known = new Set(this.#incidents.keys());
    this.#leading = true;
    // An earlier process may have told these without living to remember it.
    this.#lanes.doubt(known);
    for (const signal of [...this.#newest, { kind: 'passed' } as const]) this.#advance(signal);
    for (const incident of this.#incidents.values()) this.#lanes.wake(incident);
    this.#saveAll();
  }

  #time(): string {
    return new Date(this.#clock.now()).toISOString();
  }
}
