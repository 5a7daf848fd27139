import type { Comparison, Finding } from '../../src/findings/finding.ts';
import { advance, type Signal } from '../../src/incidents/advance.ts';
import type { Transition } from '../../src/incidents/incident.ts';
import type { Incidents, LifeRules } from '../../src/incidents/life.ts';
import { comparison, finding } from '../report/sample.ts';

export { comparison, finding, imageChange } from '../report/sample.ts';

/** A point in time, `seconds` after the tests' beginning. */
export function at(seconds: number): string {
  return new Date(Date.UTC(2026, 7, 3, 14, 0, 0) + seconds * 1000).toISOString();
}

/** A changed Deployment with this name and this live image. */
export function drift(name: string, live = 'cart:1.3', unit = 'shop'): Finding {
  return finding({
    unit,
    resource: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name },
    source: { file: `manifests/shop/${name}.yaml`, line: 1 },
    changes: [{ path: '/spec/image', op: 'changed', declared: 'cart:1.2', live, by: { manager: 'kubectl' } }],
  });
}

export function unknown(name: string, partial: Partial<Finding> = {}): Finding {
  const { source, ...rest } = drift(name);
  const base: Finding = {
    ...rest,
    type: 'unknown',
    origin: 'cluster',
    code: 'HF1301',
    message: 'HF1301 no answer',
  };
  return { ...base, ...(source === undefined ? {} : { source }), ...partial };
}

export const wholeUnit = { resource: { type: 'Unit', name: 'shop' } };

export function compared(findings: Finding[], partial: Partial<Comparison> = {}): Signal {
  return { kind: 'compared', comparison: comparison(findings, partial) };
}

/** A life that remembers all its transitions. */
export class Life {
  incidents: Incidents = new Map();
  readonly told: Transition[] = [];
  readonly #rules: LifeRules | undefined;

  constructor(rules?: LifeRules) {
    this.#rules = rules;
  }

  /** Gives the transitions of this signal as `opened drift/…`. */
  at(seconds: number, signal: Signal): string[] {
    const result = advance(this.incidents, signal, at(seconds), this.#rules);
    this.incidents = result.incidents;
    this.told.push(...result.transitions);
    return result.transitions.map(({ what, incident }) => `${what} ${incident.key}`);
  }

  get(key: string) {
    return this.incidents.get(key);
  }
}
