import { createHash } from 'node:crypto';
import type { Sync } from '../../converge/sync.ts';
import type { StoredReport, UnitState } from '../../incidents/drift-report.ts';
import type { Incident } from '../../incidents/incident.ts';

/** What the page shows: what is kept in the cluster, which every replica sees alike. */
export interface PageState {
  /** RFC 3339: when it was read. */
  readAt: string;
  branch: string;
  environment?: string;
  units: { name: string; state: UnitState }[];
  /** Newest first. */
  incidents: Incident[];
  /** Newest first. */
  syncs: Sync[];
}

export interface PageSource {
  branch: string;
  environment?: string | undefined;
  reports(): Promise<StoredReport[]>;
  syncs(): Promise<Sync[]>;
  now(): Date;
}

/** Reads what is kept; asked by many readers at once it reads once, and again after a second at the soonest. */
export class PageReader {
  readonly #source: PageSource;
  readonly #freshMs: number;
  #last: { at: number; state: Promise<PageState> } | undefined;

  constructor(source: PageSource, freshMs = 1_000) {
    this.#source = source;
    this.#freshMs = freshMs;
  }

  /** Throws HF13xx when the cluster does not tell. */
  read(): Promise<PageState> {
    const now = this.#source.now().getTime();
    if (this.#last !== undefined && now - this.#last.at < this.#freshMs) return this.#last.state;
    const state = this.#read();
    const reading = { at: now, state };
    this.#last = reading;
    state.catch(() => {
      if (this.#last === reading) this.#last = undefined;
    });
    return state;
  }

  /** Differs when anything differs that a reader sees, apart from the age of what is shown. */
  async version(): Promise<string> {
    const { readAt: _, units, ...rest } = await this.read();
    const lasting = units.map(({ name, state: { comparedAt: __, ...state } }) => ({ name, state }));
    return createHash('sha256')
      .update(JSON.stringify([rest, lasting]))
      .digest('base64url')
      .slice(0, 22);
  }

  async #read(): Promise<PageState> {
    const { branch, environment, reports, syncs, now } = this.#source;
    const [stored, all] = await Promise.all([reports(), syncs()]);
    const newest = <T>(items: readonly T[], time: (item: T) => string) =>
      [...items].sort((a, b) => (time(a) < time(b) ? 1 : time(a) > time(b) ? -1 : 0));
    return {
      readAt: now().toISOString(),
      branch,
      ...(environment === undefined ? {} : { environment }),
      units: stored
        .flatMap(({ unit, state }) =>
          unit === undefined || state === undefined ? [] : [{ name: unit, state }],
        )
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
      incidents: newest(
        stored.flatMap(({ incidents }) => incidents).filter(({ state }) => state !== 'suspected'),
        ({ openedAt }) => openedAt,
      ),
      syncs: newest(all, ({ metadata }) => metadata.creationTimestamp),
    };
  }
}
