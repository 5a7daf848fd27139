import { describe, expect, it } from 'vitest';
import { endOf, type Freeze, type FreezeSpec } from '../../../src/converge/freeze/freeze.ts';
import { holdOf, holdsOf } from '../../../src/converge/freeze/hold.ts';
import { settingsSchema } from '../../../src/declared/settings.ts';
import { Failure } from '../../../src/failure/failure.ts';

const now = new Date('2026-11-21T12:00:00Z');
const freeze = (spec: Partial<FreezeSpec> = {}): Freeze => ({
  metadata: {
    name: 'freeze-1',
    namespace: 'n',
    resourceVersion: '1',
    creationTimestamp: '2026-11-20T00:00:00Z',
  },
  spec: { reason: 'an incident', by: 'olga', ...spec },
});
const windows = settingsSchema.parse({
  freezes: [{ reason: 'weekend', units: ['shop-*'], weekly: { from: 'Fri 17:00', to: 'Mon 08:00' } }],
}).freezes;

describe('what holds a unit', () => {
  it.each<[string, Partial<FreezeSpec>, string | undefined]>([
    ['a freeze of all units', {}, 'frozen by olga until it is lifted (freeze-1): an incident'],
    [
      'a freeze that names it',
      { units: ['other', 'shop'] },
      'frozen by olga until it is lifted (freeze-1): an incident',
    ],
    ['no freeze of others', { units: ['other'] }, undefined],
    [
      'a freeze whose time is not over',
      { until: '2026-11-21T12:00:01Z' },
      'frozen by olga until 2026-11-21T12:00:01Z (freeze-1): an incident',
    ],
    ['no freeze whose time is over', { until: '2026-11-21T12:00:00Z' }, undefined],
    ['none that was lifted', { lifted: { by: 'olga', at: '2026-11-21T11:00:00Z' } }, undefined],
  ])('%s', (_what, spec, hold) => {
    expect(holdOf('shop', { windows: [], freezes: [freeze(spec)], now })).toBe(hold);
  });

  it('an open window of units like it, and not one of others', () => {
    expect(holdOf('shop-eu', { windows, freezes: [], now })).toBe('frozen until Mon 08:00 UTC: weekend');
    expect(holdOf('payments', { windows, freezes: [], now })).toBeUndefined();
  });

  it('everything, where it cannot be told', async () => {
    const holds = async () => {
      throw new Failure('HF1301', 'nobody answers');
    };

    expect((await holdsOf({ holds }))('shop')).toMatch(
      /^it cannot be told whether a freeze holds it: HF1301/,
    );
  });

  it('nothing, where there are no freezes at all', async () => {
    expect((await holdsOf({}))('shop')).toBeUndefined();
  });
});

describe('the end of a span', () => {
  it.each([
    ['90m', '2026-11-21T13:30:00.000Z'],
    ['2h', '2026-11-21T14:00:00.000Z'],
    ['3d', '2026-11-24T12:00:00.000Z'],
    ['0h', undefined],
    ['2 h', undefined],
    ['h', undefined],
    ['99999d', undefined],
  ])('%s', (text, end) => {
    expect(endOf(text, now)).toBe(end);
  });
});
