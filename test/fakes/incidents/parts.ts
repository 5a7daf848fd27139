import { Failure } from '../../../src/failure/failure.ts';
import type { StoredReport } from '../../../src/incidents/drift-report.ts';
import {
  type Outlet,
  type Reminder,
  type Tell,
  TellFailure,
  type Telling,
} from '../../../src/incidents/outlet.ts';
import type { IncidentStore } from '../../../src/incidents/store.ts';

/** Keeps reports as a cluster would: as JSON. `broken` makes every call fail. */
export class MemoryStore implements IncidentStore {
  readonly reports = new Map<string, string>();
  saves = 0;
  broken = false;

  async load(): Promise<StoredReport[]> {
    this.#check();
    return [...this.reports.values()].map(text => JSON.parse(text) as StoredReport);
  }

  async save(report: StoredReport): Promise<void> {
    this.#check();
    this.saves += 1;
    this.reports.set(report.name, JSON.stringify(report));
  }

  async remove(name: string): Promise<void> {
    this.#check();
    this.reports.delete(name);
  }

  anew(): void {}

  get(name: string): StoredReport | undefined {
    const text = this.reports.get(name);
    return text === undefined ? undefined : (JSON.parse(text) as StoredReport);
  }

  #check(): void {
    if (this.broken) throw new Failure('HF1301', 'cannot reach the API server');
  }
}

/** Writes down what it is told. `down` fails all, `refusing` one key. */
export class RecordingOutlet implements Outlet {
  readonly name: string;
  readonly heard: string[] = [];
  readonly tellings: Telling[] = [];
  readonly reminders: Reminder[] = [];
  down = false;
  refusing: string | undefined;
  retryAfterMs: number | undefined;
  #messages = 0;

  constructor(name = 'recorder') {
    this.name = name;
  }

  async tell({ transition, telling, place }: Tell): Promise<Record<string, string>> {
    const { what, incident } = transition;
    const wait = this.retryAfterMs === undefined ? {} : { retryAfterMs: this.retryAfterMs };
    if (this.down) throw new TellFailure('HF1701', 'down', { scope: 'outlet', ...wait });
    if (this.refusing === incident.key) throw new TellFailure('HF1702', 'no channel', { scope: 'message' });
    this.tellings.push(telling);
    this.heard.push(`${what} ${incident.key}`);
    return place['message'] === undefined ? { message: String(++this.#messages) } : place;
  }

  async remind(reminder: Reminder): Promise<void> {
    const { message } = reminder;
    this.reminders.push(reminder);
    if (this.down) throw new TellFailure('HF1701', 'down', { scope: 'outlet' });
    this.heard.push(`${message.verdict} ${message.lines.length}`);
  }

  async close(): Promise<void> {}
}
