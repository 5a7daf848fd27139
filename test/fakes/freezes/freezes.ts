import { type Freeze, isInForce } from '../../../src/converge/freeze/freeze.ts';
import type { FreezeRequest, Freezes } from '../../../src/converge/freeze/freezes.ts';
import { Failure } from '../../../src/failure/failure.ts';

/** Freezes in memory, and an outage at will. */
export class FakeFreezes implements Freezes {
  #all: Freeze[] = [];
  readonly #now: () => Date;
  down = false;

  constructor(now: () => Date = () => new Date()) {
    this.#now = now;
  }

  async freeze({ reason, by, until, units }: FreezeRequest): Promise<Freeze> {
    this.#answer();
    const name = `freeze-${this.#all.length + 1}`;
    const creationTimestamp = this.#now().toISOString();
    const made: Freeze = {
      metadata: { name, namespace: 'holdfast', resourceVersion: '1', creationTimestamp },
      spec: {
        reason,
        by,
        ...(until === undefined ? {} : { until }),
        ...(units === undefined ? {} : { units: [...units] }),
      },
    };
    this.#all.push(made);
    return structuredClone(made);
  }

  async unfreeze(which: Parameters<Freezes['unfreeze']>[0], by: string): Promise<Freeze[]> {
    const chosen = (await this.current()).filter(({ metadata, spec }) => {
      if (which === 'all') return true;
      if ('name' in which) return metadata.name === which.name;
      return spec.units?.every(unit => which.units.includes(unit)) ?? false;
    });
    const lifted = { by, at: this.#now().toISOString() };
    const names = new Set(chosen.map(({ metadata }) => metadata.name));
    this.#all = this.#all.map(each =>
      names.has(each.metadata.name) ? { ...each, spec: { ...each.spec, lifted } } : each,
    );
    return this.#all.filter(({ metadata }) => names.has(metadata.name));
  }

  async current(): Promise<Freeze[]> {
    return (await this.list()).filter(freeze => isInForce(freeze, this.#now()));
  }

  async list(): Promise<Freeze[]> {
    this.#answer();
    return structuredClone(this.#all);
  }

  #answer(): void {
    if (this.down) throw new Failure('HF1301', 'cannot reach the API server');
  }
}
