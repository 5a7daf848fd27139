import { describe, expect, it } from 'vitest';
import { phases, type Sync, type SyncPhase } from '../../src/converge/sync.ts';
import { Converging } from '../../src/daemon/converging.ts';

const sync = (
  unit: string,
  phase: SyncPhase | undefined,
  revision = 'a'.repeat(40),
  resourceVersion = '1',
): Sync => ({
  metadata: {
    name: `${unit}-1`,
    namespace: 'holdfast',
    uid: '1',
    resourceVersion,
    creationTimestamp: '2026-01-01T00:00:00Z',
  },
  spec: { unit, revision, reason: 'merge' },
  ...(phase === undefined ? {} : { status: { phase } }),
});

const standsMs = 360_000;

function converging() {
  const clock = { now: 0 };
  return { clock, units: new Converging(() => clock.now, standsMs) };
}

const names = (of: Converging) => [...of.units().units];

describe('which units are converging', () => {
  it.each(
    phases.map(phase => [phase, !['Succeeded', 'Failed', 'Refused', 'Superseded'].includes(phase)] as const),
  )('a unit whose sync is %s: %s', (phase, expected) => {
    const { units } = converging();
    units.seen([sync('shop', phase)]);
    expect(names(units)).toEqual(expected ? ['shop'] : []);
  });

  it('a unit whose sync nobody has taken yet', () => {
    const { units } = converging();
    units.seen([sync('shop', undefined)]);
    expect(names(units)).toEqual(['shop']);
  });

  it('a unit whose sync has just ended, for a moment: the observer lags behind', () => {
    const { units, clock } = converging();
    units.seen([sync('shop', 'Applying')]);
    units.seen([sync('shop', 'Succeeded')]);
    expect(units.units()).toEqual({ units: new Set(['shop']), againMs: 1_000 });
    clock.now = 1_001;
    expect(units.units()).toEqual({ units: new Set(), againMs: undefined });
  });

  it('a unit whose sync is due, until it was seen or a minute has passed', () => {
    const { units, clock } = converging();
    units.expect(['shop', 'payments'], 'b'.repeat(40));
    units.seen([sync('shop', 'Succeeded', 'a'.repeat(40))]);
    expect(names(units).sort()).toEqual(['payments', 'shop']);
    units.seen([sync('shop', 'Succeeded', 'b'.repeat(40))]);
    clock.now = 2_000;
    expect(names(units)).toEqual(['payments']);
    clock.now = 60_001;
    expect(names(units)).toEqual([]);
  });

  it('a unit whose sync nobody begins, for a minute and no longer', () => {
    const { units, clock } = converging();
    units.seen([sync('shop', 'Authorizing'), sync('payments', undefined), sync('audit', 'Applying')]);
    clock.now = 59_999;
    units.seen([sync('shop', 'Authorizing'), sync('payments', undefined), sync('audit', 'Applying')]);
    expect(units.units()).toEqual({ units: new Set(['audit', 'shop', 'payments']), againMs: 1 });
    clock.now = 60_000;
    expect(names(units)).toEqual(['audit']);
  });

  it('a unit whose sync was begun, for as long as it goes on, and no longer than that when its converger is gone', () => {
    const { units, clock } = converging();
    units.seen([sync('shop', 'Applying')]);
    clock.now = standsMs - 1;
    units.seen([sync('shop', 'Applying', undefined, '2')]);
    clock.now = 2 * standsMs - 2;
    units.seen([sync('shop', 'Applying', undefined, '2')]);
    expect(units.units()).toEqual({ units: new Set(['shop']), againMs: 1 });
    clock.now = 2 * standsMs - 1;
    expect(names(units)).toEqual([]);
  });

  it('a unit whose sync stays due although nobody asks for it, for a minute and no longer', () => {
    const { units, clock } = converging();
    for (clock.now = 0; clock.now <= 60_000; clock.now += 30_000) units.expect(['shop'], 'b'.repeat(40));
    expect(names(units)).toEqual([]);
    units.expect(['shop'], 'c'.repeat(40));
    expect(names(units)).toEqual(['shop']);
  });

  it('a unit that was synced to a revision that is not known here, until it is', () => {
    const { units, clock } = converging();
    units.knows('a'.repeat(40));
    expect(units.seen([sync('shop', 'Applying', 'b'.repeat(40))])).toBe(true);
    expect(units.seen([sync('shop', 'Succeeded', 'b'.repeat(40))])).toBe(false);
    clock.now = 30_000;
    expect(names(units)).toEqual(['shop']);
    units.knows('b'.repeat(40));
    expect(units.units()).toEqual({ units: new Set(['shop']), againMs: 1_000 });
    clock.now = 31_000;
    expect(names(units)).toEqual([]);
  });

  it('a unit that was synced to a revision that is never known here, for a minute and no longer', () => {
    const { units, clock } = converging();
    units.knows('a'.repeat(40));
    units.seen([sync('shop', 'Applying', 'b'.repeat(40))]);
    units.seen([sync('shop', 'Succeeded', 'b'.repeat(40))]);
    clock.now = 60_000;
    expect(units.units()).toEqual({ units: new Set(), againMs: undefined });
  });
});
