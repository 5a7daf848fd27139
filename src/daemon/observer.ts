import type { DriftSyncs } from '../converge/drift-syncs.ts';
import type { Sync } from '../converge/sync.ts';
import type { Declaration, DeclaredUnit } from '../declared/declaration.ts';
import type { Driver } from '../drivers/driver.ts';
import { undriven } from '../drivers/undriven.ts';
import type { Comparison, DriverName, Origin } from '../findings/finding.ts';
import type { IncidentDesk } from '../incidents/desk.ts';
import type { Converging } from './converging.ts';
import type { Metrics } from './metrics.ts';
import { Retired } from './retired.ts';
import type { Revisions } from './revisions.ts';
import type { Sharing } from './sharing.ts';
import { Watcher } from './watcher.ts';

export interface ObserverParts {
  desk: IncidentDesk;
  drivers: ReadonlyMap<DriverName, Driver>;
  converging: Converging;
  metrics: Metrics;
  branch: string;
  /** What a refused tip would change, in words. */
  changesOf(from: string, to: string): Promise<string[]>;
  /** Asks for syncs of units whose hand edits are put right; absent where nothing is ever applied. */
  drift?: DriftSyncs | undefined;
  /** Which units are ours to compare, and where goes what we see of them where another observer tells. */
  sharing: Pick<Sharing, 'declare' | 'mine' | 'isMine' | 'saw' | 'left' | 'over' | 'converging'>;
  /** Has the branch looked at soon: the converger knows a revision that we do not. */
  look(): void;
}

/** What still holds is delivered again this often, so that the reports show that somebody goes on looking. */
const deliverEveryMs = 60_000;

/** The role that reads and tells: revisions and Syncs go in, comparisons and what is wrong go to the desk. */
export class Observer {
  readonly #parts: ObserverParts;
  readonly #watcher: Watcher;
  readonly #retired = new Retired();
  /** At first all: an earlier process may have told of any of them. */
  readonly #blind = new Set<Origin>(['git', 'cluster', 'declaration', 'forge']);
  #revisions: Revisions | undefined;
  #refused: string | null | undefined;
  #again: NodeJS.Timeout | undefined;
  readonly #alive: NodeJS.Timeout;
  /** Comparisons that the metrics have counted: the same one may be delivered often. */
  readonly #counted = new WeakSet<Comparison>();

  constructor(parts: ObserverParts) {
    this.#parts = parts;
    this.#watcher = new Watcher(parts.drivers, undriven, (comparison, { revision, converging }) => {
      if (!this.#counted.has(comparison)) parts.metrics.compared(comparison);
      this.#counted.add(comparison);
      const declaration = this.#revisions?.declaration ?? null;
      // only against what is authorized by now is a difference a hand edit
      const current = declaration?.revision === revision && revision === this.#revisions?.authorized;
      parts.drift?.compared(comparison, current ? declaration : null, converging);
      parts.sharing.saw({ comparison, converging });
      this.#seen(comparison, revision, converging);
    });
    this.#alive = setInterval(() => this.#watcher.again(), deliverEveryMs);
  }

  /** Units that have not been compared yet; undefined when it is not known which there are. */
  uncompared(): string[] | undefined {
    return this.#revisions?.declaration == null ? undefined : this.#watcher.uncompared();
  }

  /** Whether this process knows by itself how a unit is now. */
  sees(unit: string): boolean {
    return this.#watcher.sees(unit);
  }

  /** What another observer saw of one of its units. */
  heard(comparison: Comparison, converging: boolean): void {
    this.#seen(comparison, this.#revisions?.declaration?.revision ?? null, converging);
  }

  /** Which units are ours is otherwise now. */
  reshared(): void {
    const declaration = this.#revisions?.declaration;
    if (declaration != null) this.#watch(declaration, this.#parts.sharing.mine());
  }

  async revisions(next: Revisions): Promise<void> {
    const before = this.#revisions;
    this.#revisions = next;
    this.#blindness(next);
    if (next.authorized !== null) this.#parts.converging.knows(next.authorized);
    this.#declare(next, before);
    await this.#refusal(next);
  }

  #declare({ declaration, tip }: Revisions, before: Revisions | undefined): void {
    if (declaration === null) return;
    if (declaration === before?.declaration) {
      if (tip !== before.tip) this.#watcher.again();
      return;
    }
    this.#converge();
    const retired = this.#retired.declare(declaration);
    this.#tellUnits();
    this.#watch(declaration, this.#parts.sharing.declare(declaration, retired));
  }

  syncs(syncs: readonly Sync[]): void {
    this.#parts.drift?.syncs(syncs);
    if (this.#parts.converging.seen(syncs)) this.#parts.look();
    this.#converge();
  }

  async close(): Promise<void> {
    clearTimeout(this.#again);
    clearInterval(this.#alive);
    this.#parts.drift?.close();
    await this.#watcher.close();
  }

  #watch(declaration: Declaration, units: readonly DeclaredUnit[]): void {
    const { metrics, sharing, drift } = this.#parts;
    for (const gone of this.#watcher.declare(declaration, units)) {
      metrics.forgotten(gone);
      sharing.left(gone);
      drift?.left(gone);
    }
    metrics.watching(units.length);
  }

  /** A comparison of ours, or of another observer. */
  #seen(comparison: Comparison, revision: string | null, converging: boolean): void {
    const tip = this.#revisions?.tip;
    const pending = typeof tip === 'string' && tip !== revision ? { tip } : {};
    this.#parts.desk.compared(comparison, { revision, converging, ...pending });
    if (this.#retired.isOver(comparison)) this.#forget(comparison.unit);
  }

  /** Until it is known what was declared earlier, units that are declared no more may still have objects. */
  #tellUnits(): void {
    const declaration = this.#revisions?.declaration;
    if (declaration?.earlier === undefined) return;
    const declared = declaration.units.map(unit => unit.definition.name);
    this.#parts.desk.units([...declared, ...this.#retired.names]);
  }

  #forget(unit: string): void {
    this.#retired.end(unit);
    this.#parts.sharing.over(unit);
    this.#watcher.forget(unit);
    this.#parts.metrics.forgotten(unit);
    this.#tellUnits();
  }

  #converge(): void {
    clearTimeout(this.#again);
    const { units, againMs } = this.#parts.converging.units();
    this.#parts.sharing.converging(units);
    this.#watcher.converging(units);
    if (againMs !== undefined) this.#again = setTimeout(() => this.#converge(), againMs);
  }

  #blindness(next: Revisions): void {
    const { desk } = this.#parts;
    const { problems } = next;
    for (const { origin, failure } of problems) {
      desk.blinded({ origin, code: failure.code, message: failure.line });
      this.#blind.add(origin);
    }
    for (const origin of this.#blind) {
      if (problems.some(problem => problem.origin === origin) || !hasAnswered(origin, next)) continue;
      desk.sees(origin);
      this.#blind.delete(origin);
    }
  }

  async #refusal({ denial, tip, tipState, authorized }: Revisions): Promise<void> {
    const { desk, branch } = this.#parts;
    if (tipState === 'authorized' && this.#refused !== null) {
      desk.healed(branch);
      this.#refused = null;
    }
    if (
      tipState !== 'refused' ||
      denial === null ||
      authorized === null ||
      this.#refused === `${authorized} ${tip}`
    )
      return;
    this.#refused = `${authorized} ${tip}`;
    desk.refused({
      branch,
      revision: denial.revision,
      authorized,
      reasons: denial.reasons.map(reason => `${reason.code}: ${reason.message}`),
      changes: await this.#parts.changesOf(authorized, denial.revision).catch(() => []),
    });
  }
}

/** Whether what is known could only be known because this origin was asked. */
function hasAnswered(origin: Origin, { tip, authorized, declaration, forgeAnswers }: Revisions): boolean {
  if (origin === 'git') return tip !== null;
  if (origin === 'cluster') return authorized !== null;
  if (origin === 'declaration') return declaration !== null;
  return forgeAnswers;
}
