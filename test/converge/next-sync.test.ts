import { describe, expect, it } from 'vitest';
import { nextSyncs, type Queue } from '../../src/converge/next-sync.ts';
import type { Sync, SyncPhase } from '../../src/converge/sync.ts';

const old = 'a'.repeat(40);
const newest = 'b'.repeat(40);
const unjudged = 'c'.repeat(40);
let count = 0;

function sync(
  name: string,
  spec: Partial<Sync['spec']> = {},
  phase?: SyncPhase,
  status: Partial<Sync['status']> = {},
): Sync {
  count += 1;
  return {
    metadata: {
      name,
      namespace: 'n',
      uid: name,
      resourceVersion: '1',
      creationTimestamp: new Date(count * 1000).toISOString(),
    },
    spec: { unit: 'shop', revision: newest, reason: 'merge', ...spec },
    ...(phase === undefined ? {} : { status: { phase, ...status } }),
  };
}

function decide(syncs: Sync[], more: Partial<Queue> = {}) {
  const queue: Queue = {
    syncs,
    authorized: [newest, old],
    working: new Map(),
    notBefore: new Map(),
    now: 1_000,
    room: 4,
    ...more,
  };
  const { start, superseded, wakeAt } = nextSyncs(queue);
  return {
    start: start.map(one => one.metadata.name),
    superseded: superseded.map(one => one.sync.metadata.name),
    wakeAt,
  };
}

describe('which Syncs to work on', () => {
  it('takes them in the order in which they were asked for, one of a unit', () => {
    const syncs = [sync('one'), sync('two'), sync('other', { unit: 'payments' })];

    expect(decide(syncs.reverse()).start).toEqual(['one', 'other']);
  });

  it('takes first what an earlier holder left unfinished', () => {
    expect(decide([sync('pending'), sync('begun', {}, 'Applying')]).start).toEqual(['begun']);
  });

  it.each<SyncPhase>(['Succeeded', 'Failed', 'Refused', 'Superseded'])('leaves what is %s', phase => {
    expect(decide([sync('done', {}, phase)])).toEqual({ start: [], superseded: [], wakeAt: undefined });
  });

  it('takes none of a unit that is being worked on', () => {
    expect(decide([sync('one'), sync('two')], { working: new Map([['one', 'shop']]) }).start).toEqual([]);
  });

  it('supersedes what is older than the newest authorized revision, also when it was interrupted', () => {
    const syncs = [sync('old', { revision: old }), sync('begun', { revision: old }, 'Applying'), sync('new')];

    expect(decide(syncs)).toMatchObject({ superseded: ['begun', 'old'], start: ['new'] });
  });

  it('never lets a revision that nobody authorized supersede another', () => {
    const syncs = [sync('new'), sync('later', { revision: unjudged })];

    expect(decide(syncs)).toMatchObject({ superseded: [], start: ['new'] });
  });

  it('supersedes nothing while the authorized revisions cannot be told', () => {
    expect(decide([sync('old', { revision: old })], { authorized: [] })).toMatchObject({
      superseded: [],
      start: ['old'],
    });
  });

  it('lets one that has to wait not hold up the others, and says when it is due', () => {
    const syncs = [sync('waits', { revision: unjudged }), sync('new')];

    expect(decide(syncs, { notBefore: new Map([['waits', 5_000]]) })).toEqual({
      start: ['new'],
      superseded: [],
      wakeAt: 5_000,
    });
  });

  it('begins none that a freeze holds, finishes what was applied in part, and begins the others', () => {
    const syncs = [
      sync('held'),
      sync('planned', { unit: 'cart' }, 'Planning'),
      sync('begun', { unit: 'payments' }, 'Applying'),
      sync('free', { unit: 'free' }),
    ];

    const { held, start } = nextSyncs({
      syncs,
      authorized: [newest, old],
      working: new Map(),
      notBefore: new Map(),
      now: 0,
      room: 4,
      holdOf: unit => (unit === 'free' ? undefined : 'frozen'),
    });

    expect(held.map(({ sync: { metadata }, message }) => `${metadata.name} ${message}`)).toEqual([
      'planned waits: frozen',
      'held waits: frozen',
    ]);
    expect(start.map(one => one.metadata.name)).toEqual(['begun', 'free']);
  });

  it('starts no more than there is room for', () => {
    const syncs = [sync('a', { unit: 'a' }), sync('b', { unit: 'b' }), sync('c', { unit: 'c' })];

    expect(decide(syncs, { room: 2 }).start).toEqual(['a', 'b']);
  });

  it('says what of an interrupted sync was applied when it is superseded', () => {
    const resultCounts = { applied: 3, failed: 0, skipped: 0 };
    const interrupted = sync('begun', { revision: old }, 'Applying', { resultCounts });

    const [superseded] = nextSyncs({
      syncs: [interrupted],
      authorized: [newest, old],
      working: new Map(),
      notBefore: new Map(),
      now: 0,
      room: 1,
    }).superseded;

    expect(superseded?.message).toBe(
      'bbbbbbb is authorized and newer than aaaaaaa; 3 of its resources were applied',
    );
  });
});
