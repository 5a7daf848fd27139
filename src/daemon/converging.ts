import { isFinal, type Sync } from '../converge/sync.ts';

/** What the observer sees lags behind what the converger did: for this long after its end a sync still counts. */
const SETTLE_MS = 1_000;
/** A sync that is due is waited for this long; where no converger runs, the drift is told then. */
const EXPECTED_MS = 60_000;

/** Which units a sync is putting right, or is about to: until its end, what differs in them is pending and no drift. */
export class Converging {
  readonly #now: () => number;
  #active: ReadonlySet<string> = new Set();
  readonly #until = new Map<string, number>();
  readonly #expected = new Map<string, { revision: string; until: number }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The Syncs as they are now. */
  seen(syncs: readonly Sync[]): void {
    const active = new Set(
      syncs.filter(({ status }) => !isFinal(status?.phase ?? 'Pending')).map(({ spec }) => spec.unit),
    );
    for (const unit of this.#active) if (!active.has(unit)) this.#until.set(unit, this.#now() + SETTLE_MS);
    this.#active = active;
    for (const { spec } of syncs) {
      const expected = this.#expected.get(spec.unit);
      if (expected?.revision !== spec.revision) continue;
      this.#expected.delete(spec.unit);
      this.#until.set(spec.unit, this.#now() + SETTLE_MS);
    }
  }

  /** These units will be synced to this revision as soon as the converger has seen it. */
  expect(units: readonly string[], revision: string): void {
    for (const unit of units) this.#expected.set(unit, { revision, until: this.#now() + EXPECTED_MS });
  }

  /** The units at this moment, and after how many milliseconds to ask again because a time runs out. */
  units(): { units: ReadonlySet<string>; againMs: number | undefined } {
    const now = this.#now();
    const ends: [string, number][] = [
      ...this.#until,
      ...[...this.#expected].map(([unit, { until }]) => [unit, until] as [string, number]),
    ];
    const open = ends.filter(([, until]) => until > now);
    for (const [unit, until] of this.#until) if (until <= now) this.#until.delete(unit);
    for (const [unit, { until }] of this.#expected) if (until <= now) this.#expected.delete(unit);
    return {
      units: new Set([...this.#active, ...open.map(([unit]) => unit)]),
      againMs: open.length === 0 ? undefined : Math.max(1, Math.min(...open.map(([, until]) => until - now))),
    };
  }
}
