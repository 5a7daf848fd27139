import { describe, expect, it } from 'vitest';
import { expiredFreezes, expiredRecords, expiredSyncs } from '../../../src/converge/audit/retention.ts';
import type { Freeze } from '../../../src/converge/freeze/freeze.ts';
import type { Sync, SyncPhase } from '../../../src/converge/sync.ts';

const now = new Date('2026-11-21T12:00:00Z');
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000).toISOString();
const metadata = (name: string, days: number) => ({
  name,
  namespace: 'n',
  uid: name,
  resourceVersion: '1',
  creationTimestamp: daysAgo(days),
});
const sync = (name: string, days: number, phase: SyncPhase, spec: Partial<Sync['spec']> = {}): Sync => ({
  metadata: metadata(name, days),
  spec: { unit: 'shop', revision: 'a'.repeat(40), reason: 'merge', ...spec },
  status: { phase },
});

describe('what of the records goes', () => {
  it('is what is too old, but never the newest merge of a unit, the newest success, or what goes on', () => {
    const syncs = [
      sync('old', 300, 'Succeeded'),
      sync('older-success', 200, 'Succeeded'),
      sync('newest-success', 150, 'Succeeded'),
      sync('newest-merge', 120, 'Failed'),
      sync('waits', 300, 'Pending', { unit: 'other' }),
      sync('request', 100, 'Failed', { reason: 'request' }),
      sync('recent', 1, 'Failed', { reason: 'request' }),
    ];

    expect(expiredSyncs(syncs, { days: 90, count: 1_000 }, now)).toEqual(['request', 'older-success', 'old']);
  });

  it('is what is too many, the oldest first', () => {
    const records = Array.from({ length: 5 }, (_, index) => ({
      metadata: metadata(`r${index}`, 10 - index),
      spec: { action: 'sync', outcome: 'refused' as const, by: 'u', via: 'slack', reason: 'r' },
    }));

    expect(expiredRecords(records, { days: 90, count: 3 }, now)).toEqual(['r1', 'r0']);
  });

  it('is no freeze that still holds', () => {
    const freeze = (name: string, spec: Partial<Freeze['spec']>): Freeze => ({
      metadata: metadata(name, 200),
      spec: { reason: 'r', by: 'u', ...spec },
    });
    const freezes = [
      freeze('holds', {}),
      freeze('lifted', { lifted: { by: 'u', at: daysAgo(199) } }),
      freeze('over', { until: daysAgo(100) }),
    ];

    expect(expiredFreezes(freezes, { days: 90, count: 1_000 }, now).sort()).toEqual(['lifted', 'over']);
  });
});
