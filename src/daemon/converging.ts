import { isInterrupted } from '../converge/next-sync.ts';
import { isFinal, phaseOf, type Sync } from '../converge/sync.ts';

/** What the observer sees lags behind what the converger did: for this long after its end a sync still counts. */
const SETTLE_MS = 1_000;
/** A sync that is due or asked for is waited for this long; where nobody begins it, the drift is told then. */
const EXPECTED_MS = 60_000;

interface Waiting {
  unit: string;
  until: number;
}

interface Begun extends Waiting {
  /** Changes with every step that is recorded. */
  version: string;
}

/**
 * Which units a sync is putting right, or is about to: until its end, what differs in them is pending and no drift. Only a
 * sync that was begun counts for as long as it goes on: else one that can never begin (no converger runs, nobody can tell
 * whether its revision is authorized), or whose converger is gone, would silence its unit for ever. A converger in another
 * process may know a revision first: until this one knows it too, what it synced is no drift either.
 */
export class Converging {
  readonly #now: () => number;
  readonly #standsMs: number;
  /** Syncs that are begun, by name. */
  #begun: ReadonlyMap<string, Begun> = new Map();
  /** Syncs that are not begun, by name. */
  #waiting: ReadonlyMap<string, Waiting> = new Map();
  readonly #until = new Map<string, number>();
  /** Revisions that were authorized as far as this process knows. */
  readonly #known = new Set<string>();
  /** Units that were synced to a revision that this process does not know yet: live is ahead of what it compares with. */
  readonly #ahead = new Map<string, { revision: string; until: number }>();
  /** Kept when the time is over, so that what stays due is not waited for anew. */
  readonly #expected = new Map<string, { revision: string; until: number }>();

  /** `standsMs`: the longest that a sync which goes on may take from one step that it records to the next. */
  constructor(now: () => number, standsMs: number) {
    this.#now = now;
    this.#standsMs = standsMs;
  }

  /** The Syncs as they are now. Returns whether a begun one is of a revision that this process did not hear of before. */
  seen(syncs: readonly Sync[]): boolean {
    const before = new Set([...unitsOf(this.#begun), ...unitsOf(this.#waiting)]);
    const begun = new Set(this.#begun.keys());
    const open = syncs.filter(sync => !isFinal(phaseOf(sync)));
    this.#begun = new Map(
      open.filter(isInterrupted).map(({ metadata: { name, resourceVersion: version }, spec: { unit } }) => {
        const known = this.#begun.get(name);
        const until = known?.version === version ? known.until : this.#now() + this.#standsMs;
        return [name, { unit, version, until }];
      }),
    );
    this.#waiting = new Map(
      open
        .filter(sync => !isInterrupted(sync))
        .map(({ metadata: { name }, spec: { unit } }) => [
          name,
          this.#waiting.get(name) ?? { unit, until: this.#now() + EXPECTED_MS },
        ]),
    );
    const after = new Set([...unitsOf(this.#begun), ...unitsOf(this.#waiting)]);
    for (const unit of before) if (!after.has(unit)) this.#settle(unit);
    for (const { spec } of syncs) {
      const expected = this.#expected.get(spec.unit);
      if (expected?.revision !== spec.revision) continue;
      this.#expected.delete(spec.unit);
      this.#settle(spec.unit);
    }
    const touched = syncs.filter(({ metadata: { name } }) => this.#begun.has(name) || begun.has(name));
    return touched.filter(sync => this.#isAhead(sync)).length > 0;
  }

  /** From now on live is compared with this revision, or with what is known of it. */
  knows(revision: string): void {
    this.#known.add(revision);
    for (const [unit, ahead] of this.#ahead) {
      if (ahead.revision !== revision) continue;
      this.#ahead.delete(unit);
      this.#settle(unit);
    }
  }

  /** These units will be synced to this revision as soon as the converger has seen it. Saying so again changes nothing. */
  expect(units: readonly string[], revision: string): void {
    for (const unit of units) {
      if (this.#expected.get(unit)?.revision === revision) continue;
      this.#expected.set(unit, { revision, until: this.#now() + EXPECTED_MS });
    }
  }

  /** The units at this moment, and after how many milliseconds to ask again because a time runs out. */
  units(): { units: ReadonlySet<string>; againMs: number | undefined } {
    const now = this.#now();
    const limited: Waiting[] = [
      ...[...this.#until].map(([unit, until]) => ({ unit, until })),
      ...[...this.#expected, ...this.#ahead].map(([unit, { until }]) => ({ unit, until })),
      ...this.#waiting.values(),
      ...this.#begun.values(),
    ];
    const open = limited.filter(({ until }) => until > now);
    for (const [unit, until] of this.#until) if (until <= now) this.#until.delete(unit);
    for (const [unit, { until }] of this.#ahead) if (until <= now) this.#ahead.delete(unit);
    return {
      units: new Set(open.map(({ unit }) => unit)),
      againMs: open.length === 0 ? undefined : Math.max(1, Math.min(...open.map(({ until }) => until - now))),
    };
  }

  /** Notes a Sync of a revision that this process does not know; true the first time. */
  #isAhead({ spec: { unit, revision } }: Sync): boolean {
    if (this.#known.size === 0 || this.#known.has(revision)) return false;
    const before = this.#ahead.get(unit);
    this.#ahead.set(unit, { revision, until: this.#now() + EXPECTED_MS });
    return before?.revision !== revision;
  }

  #settle(unit: string): void {
    this.#until.set(unit, this.#now() + SETTLE_MS);
  }
}

function unitsOf(waiting: ReadonlyMap<string, Waiting>): string[] {
  return [...waiting.values()].map(({ unit }) => unit);
}
