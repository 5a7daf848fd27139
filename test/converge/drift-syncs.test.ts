import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DriftSyncs } from '../../src/converge/drift-syncs.ts';
import { modeOf } from '../../src/converge/mode.ts';
import type { Sync, SyncSpec } from '../../src/converge/sync.ts';
import type { Declaration } from '../../src/declared/declaration.ts';
import { settingsSchema } from '../../src/declared/settings.ts';
import type { Comparison, Finding } from '../../src/findings/finding.ts';

const revision = 'a'.repeat(40);
const declaration = (units: object[]): Declaration => ({
  revision,
  settings: settingsSchema.parse({ converge: { units } }),
  units: [],
});
const both = declaration([{ unit: 'shop', mode: 'on-merge-and-drift', graceMinutes: 2 }]);
const changed: Finding = {
  unit: 'shop',
  type: 'changed',
  resource: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'c' },
  changes: [{ path: '/data/a', op: 'changed' }],
};
const compared = (...findings: Finding[]): Comparison => ({
  unit: 'shop',
  driver: 'kubernetes',
  verdict: findings.length === 0 ? 'in-sync' : 'drifted',
  resources: { declared: 1, inSync: 0 },
  findings,
  elapsedMs: 0,
});
const minutes = (count: number) => vi.advanceTimersByTimeAsync(count * 60_000);

let asked: SyncSpec[];
let drift: DriftSyncs;

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  drift = new DriftSyncs({
    create: async spec => void asked.push(spec),
    now: () => Date.now(),
    onFailure: () => undefined,
  });
});

afterEach(() => {
  drift.close();
  vi.useRealTimers();
});

describe('a hand edit of a unit that is put right by itself', () => {
  it('is put right to the authorized revision when its grace time is over', async () => {
    drift.compared(compared(changed), both, false);
    await minutes(1.9);
    expect(asked).toEqual([]);

    await minutes(0.2);

    expect(asked).toEqual([{ unit: 'shop', revision, reason: 'drift' }]);
  });

  it('is left when somebody takes it back in time', async () => {
    drift.compared(compared(changed), both, false);
    await minutes(1);
    drift.compared(compared(), both, false);

    await minutes(5);

    expect(asked).toEqual([]);
  });

  it('waits while another sync is not over', async () => {
    const open = { metadata: { name: 's' }, spec: { unit: 'shop', revision, reason: 'merge' } } as Sync;
    drift.syncs([open]);
    drift.compared(compared(changed), both, false);

    await minutes(3);

    expect(asked).toEqual([]);
  });

  it('that comes back is put right ever more seldom', async () => {
    for (let minute = 0; minute < 40; minute += 1) {
      drift.compared(compared(changed), both, false);
      await minutes(1);
    }

    expect(asked.length).toBeGreaterThan(2);
    expect(asked.length).toBeLessThan(6);
  });

  it.each<[string, Finding, Declaration, boolean]>([
    ['of a unit that is only converged on a merge', changed, declaration([]), false],
    ['of a unit that is only told of', changed, declaration([{ unit: '*', mode: 'alert-only' }]), false],
    ['while a sync puts the unit right', changed, both, true],
    ['that cannot be compared', { ...changed, type: 'unknown', code: 'HF1301' }, both, false],
    ['that no file declares', { ...changed, type: 'unmanaged' }, both, false],
    [
      'of what a controller keeps below it',
      { ...changed, changes: [{ path: '/children/Pod', op: 'changed' }] },
      both,
      false,
    ],
  ])('is not asked for: %s', async (_what, finding, declared, converging) => {
    drift.compared(compared(finding), declared, converging);

    await minutes(60);

    expect(asked).toEqual([]);
  });
});

it('knows the mode of a unit by the first entry that says one', () => {
  const several = declaration([
    { unit: 'shop*', graceMinutes: 1 },
    { unit: 'shop-eu', mode: 'alert-only' },
    { unit: '*', mode: 'on-merge-and-drift' },
  ]);

  expect([modeOf('shop-eu', several), modeOf('shop', several)]).toEqual(['alert-only', 'on-merge-and-drift']);
  expect(modeOf('shop', declaration([]))).toBe('on-merge');
});
