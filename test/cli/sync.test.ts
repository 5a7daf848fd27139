import { describe, expect, it } from 'vitest';
import { requested } from '../../src/cli/sync.ts';
import type { StoredReport } from '../../src/incidents/drift-report.ts';

const revision = 'a'.repeat(40);

const report = (
  unit: string,
  verdict: 'in-sync' | 'drifted' | 'unknown',
  at: string | null = revision,
): StoredReport => ({
  name: unit,
  unit,
  state: {
    driver: 'kubernetes',
    verdict,
    revision: at,
    comparedAt: '2026-01-01T00:00:00Z',
    declared: 1,
    inSync: 0,
    findingCount: 1,
    findings: [],
  },
  incidents: [],
});

const units = [report('shop', 'drifted'), report('payments', 'in-sync'), report('audit', 'unknown')];

describe('the syncs that a person asks for', () => {
  it('are those of all units that have drifted, where none is named', () => {
    expect(requested(units, [])).toEqual([{ unit: 'shop', revision }]);
  });

  it('are those of the units that are named, whatever is known of them', () => {
    expect(requested(units, ['payments', 'audit']).map(({ unit }) => unit)).toEqual(['payments', 'audit']);
  });

  it.each([
    ['no daemon has compared a unit', [], []],
    ['no daemon has compared a unit', [{ name: 'holdfast', incidents: [] }], []],
    ['there is no unit web; known are shop, payments, audit', units, ['web']],
    ['the unit shop is compared with no revision', [report('shop', 'drifted', null)], ['shop']],
  ])('cannot be told: %s', (message, reports, named) => {
    expect(() => requested(reports, named)).toThrow(message);
  });
});
