import type { Declaration, DeclaredUnit } from '../declared/declaration.ts';
import type { Driver, Observation } from '../drivers/driver.ts';
import type { Comparison, DriverName } from '../findings/finding.ts';

/** Compares a unit whose driver is not there: it is unknown, never in sync. */
export type Undriven = (unit: DeclaredUnit) => Comparison;

interface Watched {
  unit: DeclaredUnit;
  observation: Observation | undefined;
  /** What is compared with: what the observation was last given. */
  declaration: Declaration;
  latest: Comparison | undefined;
  /** Whether `latest` was made against another declaration of the unit than the present one. */
  stale: boolean;
}

/** A comparison with the revision that it was made against, and whether a sync is putting the unit right at present. */
export type Delivery = (
  comparison: Comparison,
  seen: { revision: string | null; converging: boolean },
) => void;

/**
 * Keeps one observation per unit. While a sync is putting a unit right it is compared all the same, and so marked; when the
 * sync has ended, what was seen last is delivered again without the mark.
 */
export class Watcher {
  readonly #drivers: ReadonlyMap<DriverName, Driver>;
  readonly #undriven: Undriven;
  readonly #deliver: Delivery;
  readonly #watched = new Map<string, Watched>();
  #converging: ReadonlySet<string> = new Set();

  constructor(drivers: ReadonlyMap<DriverName, Driver>, undriven: Undriven, deliver: Delivery) {
    this.#drivers = drivers;
    this.#undriven = undriven;
    this.#deliver = deliver;
  }

  /** Compares these units with this declaration from now on. Returns the names of units that are no longer watched. */
  declare(declaration: Declaration, units: readonly DeclaredUnit[] = declaration.units): string[] {
    const wanted = new Set(units.map(unit => unit.definition.name));
    const gone = [...this.#watched.keys()].filter(name => !wanted.has(name));
    for (const name of gone) this.forget(name);
    for (const unit of units) this.#watch(unit, declaration);
    return gone;
  }

  /** Whether it is known how a unit is now. */
  sees(name: string): boolean {
    const watched = this.#watched.get(name);
    return watched?.latest !== undefined && !watched.stale;
  }

  /** Watches a unit no more. */
  forget(name: string): void {
    void this.#watched.get(name)?.observation?.close();
    this.#watched.delete(name);
  }

  /** Exactly these units are being put right by a sync from now on. */
  converging(units: ReadonlySet<string>): void {
    const ended = [...this.#converging].filter(name => !units.has(name));
    this.#converging = units;
    for (const name of ended) this.#sync(name);
  }

  /** Delivers what was seen last of every unit again: something besides it is otherwise now. */
  again(): void {
    for (const name of this.#watched.keys()) this.#pass(name);
  }

  /** Units that have not been compared yet. */
  uncompared(): string[] {
    return [...this.#watched].filter(([, watched]) => watched.latest === undefined).map(([name]) => name);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#watched.values()].map(watched => watched.observation?.close()));
    this.#watched.clear();
  }

  /** A sync has ended: what a driver that cannot watch saw before is not how it is now. */
  #sync(name: string): void {
    const watched = this.#watched.get(name);
    if (watched?.observation?.look === undefined) this.#pass(name);
    else {
      watched.stale = true;
      watched.observation.look();
    }
  }

  #watch(unit: DeclaredUnit, declaration: Declaration): void {
    const { name } = unit.definition;
    const before = this.#watched.get(name);
    const driver = this.#drivers.get(unit.definition.driver);
    if (
      before !== undefined &&
      before.observation !== undefined &&
      before.unit.definition.driver === driver?.name
    ) {
      const same = before.unit.hash === unit.hash;
      // when only the share is another one, nothing of the unit is
      if (before.unit !== unit || before.declaration !== declaration)
        before.observation.declare(unit, declaration);
      before.unit = unit;
      before.declaration = declaration;
      // What was seen of a unit that is left as it is holds for the new revision as well.
      if (same) this.#pass(name);
      else before.stale = true;
      return;
    }
    void before?.observation?.close();
    const watched: Watched = {
      unit,
      declaration,
      observation: undefined,
      latest: undefined,
      stale: false,
    };
    this.#watched.set(name, watched);
    const see = (comparison: Comparison) => {
      if (this.#watched.get(name) !== watched) return;
      watched.latest = comparison;
      watched.stale = false;
      this.#pass(name);
    };
    if (driver === undefined) see(this.#undriven(unit));
    else watched.observation = driver.observe(unit, declaration, see);
  }

  #pass(name: string): void {
    const watched = this.#watched.get(name);
    if (watched?.latest === undefined || watched.stale) return;
    const { revision } = watched.declaration;
    this.#deliver(watched.latest, { revision, converging: this.#converging.has(name) });
  }
}
