import { createHash } from 'node:crypto';
import { isInForce } from '../../converge/freeze/freeze.ts';
import { type Hold, holding } from '../../converge/freeze/hold.ts';
import type { Holds } from '../../converge/freeze/holds-now.ts';
import { endWords, isOpen } from '../../converge/freeze/windows.ts';
import type { Sync } from '../../converge/sync.ts';
import type { FreezeWindow } from '../../declared/settings/freezes.ts';
import type { StoredReport, UnitState } from '../../incidents/drift-report.ts';
import type { Incident } from '../../incidents/incident.ts';

/** What the page shows: what is kept in the cluster, which every replica sees alike. */
export interface PageState {
  /** RFC 3339: when it was read. */
  readAt: string;
  branch: string;
  environment?: string;
  units: { name: string; state: UnitState; frozen?: Hold }[];
  /** What is held now, by hand or by a window of holdfast.yaml; `units` is absent where all are. */
  freezes: (Hold & { units?: readonly string[] })[];
  /** Why it is not known what is held by hand. */
  holdsUnknown?: string;
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
  /** The holds by hand that are in force. */
  holds(): Promise<Holds>;
  /** The freeze windows of the revision in use, open or not. */
  windows(): readonly FreezeWindow[];
  now(): Date;
}

/** Reads what is kept; asked by many readers at once it reads once, and again after a second at the soonest. */
export class PageReader {
  readonly #source: PageSource;
  readonly #freshMs: number;
  #last: { at: number; state: Promise<PageState>; version?: Promise<string> } | undefined;

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

  /** Differs when anything differs that a reader sees, apart from the age of what is shown. Made once of what was read, however many ask. */
  version(): Promise<string> {
    const state = this.read();
    const last = this.#last;
    if (last?.state !== state) return state.then(versionOf);
    last.version ??= state.then(versionOf);
    return last.version;
  }

  async #read(): Promise<PageState> {
    const { branch, environment, reports, syncs, holds: held, windows, now } = this.#source;
    const [stored, all, hands] = await Promise.all([reports(), syncs(), held()]);
    const at = now();
    const holds = { windows: windows(), freezes: 'unknown' in hands ? [] : hands, now: at };
    const newest = <T>(items: readonly T[], time: (item: T) => string) =>
      [...items].sort((a, b) => (time(a) < time(b) ? 1 : time(a) > time(b) ? -1 : 0));
    return {
      readAt: at.toISOString(),
      branch,
      ...(environment === undefined ? {} : { environment }),
      units: stored
        .flatMap(({ unit, state }) => {
          if (unit === undefined || state === undefined) return [];
          const frozen = holding(unit, holds);
          return [{ name: unit, state, ...(frozen === undefined ? {} : { frozen }) }];
        })
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
      freezes: holdsIn(holds),
      ...('unknown' in hands ? { holdsUnknown: hands.unknown } : {}),
      incidents: newest(
        stored.flatMap(({ incidents }) => incidents).filter(({ state }) => state !== 'suspected'),
        ({ openedAt }) => openedAt,
      ),
      syncs: newest(all, ({ metadata }) => metadata.creationTimestamp),
    };
  }
}

function versionOf({ readAt: _, units, ...rest }: PageState): string {
  const lasting = units.map(({ state: { comparedAt: __, ...state }, ...unit }) => ({ ...unit, state }));
  return createHash('sha256')
    .update(JSON.stringify([rest, lasting]))
    .digest('base64url')
    .slice(0, 22);
}

function holdsIn({ windows, freezes, now }: Parameters<typeof holding>[1]): PageState['freezes'] {
  const only = (units: readonly string[] | undefined) => (units === undefined ? {} : { units });
  return [
    ...freezes
      .filter(freeze => isInForce(freeze, now))
      .map(({ metadata, spec: { reason, by, until, units } }) => ({
        ...{ reason, by, name: metadata.name },
        ...(until === undefined ? {} : { until }),
        ...only(units),
      })),
    ...windows
      .filter(window => isOpen(window, now))
      .map(window => ({ reason: window.reason, until: endWords(window), ...only(window.units) })),
  ];
}
