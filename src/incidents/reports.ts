import type { Comparison } from '../findings/finding.ts';
import { generalReport, reportName, type StoredReport, type UnitState } from './drift-report.ts';
import { type Incident, unitOf } from './incident.ts';

/** What is known when a unit was compared, besides the comparison. */
export interface ComparedWith {
  revision: string | null;
  /** The tip of the branch, where it is another revision. */
  tip?: string;
  /** While a newly authorized revision is converged, what differs is pending and opens no incident. */
  converging?: boolean;
}

/** Which report holds what: each unit that exists its state and its incidents, the general one all other incidents. */
export class Reports {
  readonly states = new Map<string, UnitState>();
  readonly #names = new Set<string>([generalReport]);
  #units: ReadonlySet<string> | undefined;

  /** All reports that were loaded or made. */
  get names(): ReadonlySet<string> {
    return this.#names;
  }

  know(name: string): void {
    this.#names.add(name);
  }

  compared(comparison: Comparison, seen: ComparedWith, comparedAt: string): void {
    const { unit, driver, verdict, resources, findings } = comparison;
    this.#names.add(reportName(unit));
    this.states.set(unit, {
      driver,
      verdict,
      revision: seen.revision,
      ...(seen.tip === undefined ? {} : { tip: seen.tip }),
      comparedAt,
      declared: resources.declared,
      inSync: resources.inSync,
      findingCount: findings.length,
      findings,
    });
  }

  keepSeen(isOurs: (unit: string) => boolean): void {
    for (const unit of this.states.keys()) if (!isOurs(unit)) this.states.delete(unit);
  }

  /** From now on only these units exist. */
  units(names: readonly string[]): void {
    this.#units = new Set(names);
    for (const name of names) this.#names.add(reportName(name));
    for (const unit of this.states.keys()) if (!this.#units.has(unit)) this.states.delete(unit);
  }

  /** The name of the report that holds an incident. */
  home(incident: Incident): string {
    const unit = unitOf(incident);
    return unit !== undefined && this.#exists(unit) ? reportName(unit) : generalReport;
  }

  /** The report of this name as it should be stored; undefined when its unit is no more. */
  report(name: string, all: Iterable<Incident>): StoredReport | undefined {
    const unit = [...(this.#units ?? []), ...this.states.keys()].find(one => reportName(one) === name);
    if (unit === undefined && this.#units !== undefined && name !== generalReport) return undefined;
    const state = unit === undefined ? undefined : this.states.get(unit);
    return {
      name,
      ...(unit === undefined ? {} : { unit }),
      ...(state === undefined ? {} : { state }),
      incidents: [...all].filter(incident => this.home(incident) === name),
    };
  }

  #exists(unit: string): boolean {
    return this.#units === undefined || this.#units.has(unit);
  }
}
