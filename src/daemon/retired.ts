import type { Declaration, DeclaredUnit } from '../declared/declaration.ts';
import { retiredUnits } from '../declared/earlier.ts';
import type { Comparison } from '../findings/finding.ts';

/** Units that are declared no more, for as long as something that they declared still lives. */
export class Retired {
  #units = new Map<string, { revision: string }>();
  /** Units of which nothing lives any more, with the last revision that declared something of them. */
  readonly #over = new Map<string, string>();

  get names(): string[] {
    return [...this.#units.keys()];
  }

  /** The units that this declaration leaves behind, and that are still to be looked at. */
  declare(declaration: Declaration): DeclaredUnit[] {
    const last = new Map<string, string>();
    for (const { unit, revision } of declaration.earlier ?? []) if (!last.has(unit)) last.set(unit, revision);
    const units = retiredUnits(declaration).filter(
      ({ definition: { name } }) => this.#over.get(name) !== last.get(name),
    );
    this.#units = new Map(
      units.map(({ definition: { name } }) => [name, { revision: last.get(name) ?? '' }]),
    );
    return units;
  }

  /** Whether the comparison of such a unit shows that nothing of it lives. */
  isOver({ unit, findings, unsure }: Comparison): boolean {
    return this.#units.has(unit) && findings.length === 0 && unsure === undefined;
  }

  end(unit: string): void {
    const ended = this.#units.get(unit);
    if (ended === undefined) return;
    this.#over.set(unit, ended.revision);
    this.#units.delete(unit);
  }
}
