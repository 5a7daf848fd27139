import { backoff, type Clock } from '../concurrency/clock.ts';
import { Failure, toFailure } from '../failure/failure.ts';
import { advance, nextDue, type Signal } from './advance.ts';
import { generalReport, type StoredReport } from './drift-report.ts';
import type { Incident, Transition } from './incident.ts';
import { Lanes } from './lanes.ts';
import type { Incidents, LifeRules } from './life.ts';
import type { Outlet, Telling } from './outlet.ts';
import type { Reports } from './reports.ts';
import { Saver } from './saver.ts';
import type { IncidentStore } from './store.ts';
import type { Thread } from './threads.ts';

export interface TermOptions {
  outlets: readonly Outlet[];
  store: IncidentStore;
  /** The facts of a message; asked right before it is told. */
  telling: (incident: Incident) => Telling;
  /** Hears of what does not work; it is tried again by itself. */
  onFailure: (failure: Failure, doing: string, retryMs: number) => void;
  /** For metrics and the log. */
  onTransition?: ((transition: Transition) => void) | undefined;
  rules: LifeRules;
  clock: Clock;
  /** For pauses: not the time of day. */
  steady: Clock;
  /** How long changes gather between two saves. */
  gatherMs: number;
  reports: Reports;
  /** What was loaded, with what this process knows besides. */
  restored: (loaded: readonly Incident[]) => readonly Incident[];
}

/** For how long a message waits for its incident to be stored. */
const storedWithinMs = 1_000;

/**
 * One time of leading: from loading what earlier processes knew until another one leads. It alone holds incidents, and what it began
 * to tell or save ends with it, so that nothing of an earlier time is mistaken for what is under way.
 */
export class Term {
  readonly #options: TermOptions;
  readonly #lanes: Lanes;
  readonly #saver: Saver;
  #incidents: Incidents = new Map();
  #threads: ReadonlyMap<string, Thread> = new Map();
  #state: 'loading' | 'leading' | 'over' = 'loading';
  #cancelLoad: (() => void) | undefined;
  #cancelDue: (() => void) | undefined;

  constructor(options: TermOptions) {
    const { outlets, store, clock, steady, telling, onFailure, gatherMs } = options;
    this.#options = options;
    this.#lanes = new Lanes({
      outlets,
      clock,
      steady,
      current: key => this.#incidents.get(key),
      stored: key => this.#stored(key),
      onSpared: (key, lane) =>
        this.#remember(key, incident => ({
          ...incident,
          lanes: (incident.lanes ?? []).filter(name => name !== lane),
        })),
      telling,
      onTold: (key, lane, told) =>
        this.#remember(key, incident => ({ ...incident, told: { ...incident.told, [lane]: told } })),
      onFailure,
    });
    this.#saver = new Saver({
      store,
      clock: steady,
      current: name => this.#report(name),
      onFailure: (failure, retryMs) => onFailure(failure, 'save incidents', retryMs),
      gatherMs,
    });
  }

  /** Whether the earlier incidents are loaded, and it is not over. */
  get leading(): boolean {
    return this.#state === 'leading';
  }

  /** How many messages wait to be told, and reports to be stored. */
  get waiting(): { messages: number; reports: number } {
    return { messages: this.#lanes.waiting, reports: this.#saver.waiting };
  }

  /** Whether all is told and saved that is known. */
  get idle(): boolean {
    return this.leading && this.#saver.idle && this.#lanes.idle;
  }

  get incidents(): Incidents {
    return this.#incidents;
  }

  get threads(): ReadonlyMap<string, Thread> {
    return this.#threads;
  }

  /** Loads what an earlier process knew, again and again until it can; then works in what is so now, and tells. */
  async begin(soFar: () => readonly Signal[], attempt = 1): Promise<void> {
    const { store, clock, onFailure } = this.#options;
    const stored = await store.load().catch(error => toFailure(error, 'HF1308'));
    // Somebody else may lead by now.
    if (this.#state !== 'loading') return;
    if (!(stored instanceof Failure)) {
      this.#lead(stored, soFar());
      return;
    }
    const pause = backoff(attempt, 1_000, 30_000);
    onFailure(stored, 'load incidents', pause);
    this.#cancelLoad = clock.after(pause, () => void this.begin(soFar, attempt + 1));
  }

  /** Only incidents with such keys are told from now on. */
  only(condition: (key: string) => boolean): void {
    this.#lanes.only(condition);
  }

  /** It is certain again that nobody else leads: all is told, and saved anew, since the store may have been set back meanwhile. */
  again(): void {
    this.#lanes.only(undefined);
    this.#options.store.anew();
    this.saveAll();
  }

  advance(signal: Signal): void {
    const { rules, clock, onTransition } = this.#options;
    const before = this.#incidents;
    const now = new Date(clock.now()).toISOString();
    const { incidents, transitions } = advance(before, signal, now, rules);
    this.#incidents = incidents;
    this.#tell([...incidents.values()].filter(incident => before.get(incident.key) !== incident));
    for (const [key, incident] of before) if (!incidents.has(key)) this.#changed(incident);
    for (const transition of transitions) onTransition?.(transition);
    this.#waitForDue();
  }

  /** Keeps a thread, or forgets it. */
  setThread(id: string, thread: Thread | undefined): void {
    const rest = [...this.#threads].filter(([other]) => other !== id);
    this.#threads = new Map(thread === undefined ? rest : [...rest, [id, thread]]);
    this.#saver.change(generalReport);
  }

  /** A report is to be written anew. */
  save(name: string): void {
    if (this.leading) this.#saver.change(name);
  }

  saveAll(): void {
    for (const name of this.#options.reports.names) this.save(name);
  }

  /** Ends at once, as another process leads: nothing more is begun or saved. Resolves when what is being told is through. */
  async abandon(): Promise<void> {
    this.#end();
    this.#saver.abandon();
    await this.#lanes.close();
  }

  /** Ends in peace: what is being told is finished, and what is left is saved. */
  async close(): Promise<void> {
    const wasLeading = this.leading;
    this.#cancelLoad?.();
    this.#cancelDue?.();
    await this.#lanes.close();
    if (wasLeading) await this.#saver.close();
    this.#end();
  }

  #end(): void {
    this.#state = 'over';
    this.#cancelLoad?.();
    this.#cancelDue?.();
  }

  #lead(stored: readonly StoredReport[], soFar: readonly Signal[]): void {
    for (const { name } of stored) this.#options.reports.know(name);
    const incidents = this.#options.restored(stored.flatMap(report => report.incidents));
    this.#incidents = new Map(incidents.map(incident => [incident.key, incident]));
    this.#threads = new Map(stored.flatMap(({ threads = [] }) => threads.map(one => [one.id, one])));
    this.#state = 'leading';
    // An earlier process may have told these without living to remember it.
    this.#lanes.doubt(new Set(this.#incidents.keys()));
    for (const signal of [...soFar, { kind: 'passed' } as const]) this.advance(signal);
    this.#tell([...this.#incidents.values()]);
    this.saveAll();
  }

  #report(name: string): StoredReport | undefined {
    const report = this.#options.reports.report(name, this.#incidents.values());
    if (report === undefined || name !== generalReport) return report;
    return { ...report, threads: [...this.#threads.values()] };
  }

  /** Also without a transition: one that was suspected again and was not may still have to be told as resolved. */
  #tell(incidents: readonly Incident[]): void {
    const placed = incidents.map(incident => this.#lanes.placed(incident));
    this.#incidents = new Map([...this.#incidents, ...placed.map(one => [one.key, one] as const)]);
    for (const incident of placed) {
      this.#changed(incident);
      this.#lanes.wake(incident);
    }
  }

  #remember(key: string, change: (incident: Incident) => Incident): void {
    const incident = this.#incidents.get(key);
    if (incident === undefined || this.#state === 'over') return;
    const remembered = change(incident);
    this.#incidents = new Map(this.#incidents).set(key, remembered);
    this.#changed(remembered);
  }

  #changed(incident: Incident): void {
    this.#saver.change(this.#options.reports.home(incident));
  }

  /** Waits for the store, but not for long: what is wrong with it must not keep anybody from hearing so. */
  async #stored(key: string): Promise<void> {
    const incident = this.#incidents.get(key);
    if (incident === undefined) return;
    let cancel = () => {};
    const enough = new Promise<void>(resolve => {
      cancel = this.#options.clock.after(storedWithinMs, resolve);
    });
    await Promise.race([this.#saver.stored(this.#options.reports.home(incident)), enough]);
    cancel();
  }

  #waitForDue(): void {
    const { clock, rules } = this.#options;
    this.#cancelDue?.();
    const due = nextDue(this.#incidents, rules);
    if (due === undefined || this.#state === 'over') return;
    this.#cancelDue = clock.after(Math.max(0, due - clock.now()), () => this.advance({ kind: 'passed' }));
  }
}
