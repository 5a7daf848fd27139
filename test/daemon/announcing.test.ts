import { describe, expect, it } from 'vitest';
import type { Sync } from '../../src/converge/sync.ts';
import { Announcer, announcementOf } from '../../src/daemon/announcing.ts';
import { createMemoryForge } from '../fakes/forge/memory-forge.ts';

const commit = 'a'.repeat(40);

function sync(
  unit: string,
  status: Partial<NonNullable<Sync['status']>>,
  change: Partial<Sync['spec']> = {},
): Sync {
  const metadata = {
    ...{
      name: `${unit}-${change.revision ?? commit}`,
      namespace: 'holdfast',
      uid: 'u',
      resourceVersion: '1',
    },
    creationTimestamp: change.revision === undefined ? '2026-01-05T09:00:00Z' : '2026-01-05T08:00:00Z',
  };
  const spec = { unit, revision: commit, reason: 'merge' as const, ...change };
  return { metadata, spec, status: { phase: 'Pending', holder: 'me', ...status } };
}

const plan = { digest: 'd', creates: 2, changes: 1, recreates: 0, prunes: 0, actions: [] };

describe('what is told of a merged commit', () => {
  it.each([
    ['pending', 'pay is planning; 1 of 2 units done', [{ phase: 'Succeeded' }, { phase: 'Planning' }]],
    ['failure', 'pay: it is broken', [{ phase: 'Succeeded' }, { phase: 'Failed', message: 'it is broken' }]],
    [
      'success',
      'live is as merged: 2 created, 1 changed',
      [{ phase: 'Succeeded', plan }, { phase: 'Succeeded' }],
    ],
    ['success', 'live is as merged: nothing had to change', [{ phase: 'Succeeded' }, { phase: 'Succeeded' }]],
    [
      'success',
      'superseded: a newer merge is synced instead',
      [{ phase: 'Superseded' }, { phase: 'Succeeded' }],
    ],
  ] as const)('%s: %s', (state, description, [shop, pay]) => {
    const syncs = [sync('shop', shop), sync('pay', pay)];
    expect(announcementOf(syncs, 'me')).toEqual({ commit, state, description });
  });

  it('is of the newest merge alone, and of none that somebody else works on or asked for', () => {
    const older = sync('shop', { phase: 'Failed' }, { revision: 'b'.repeat(40) });
    expect(announcementOf([older, sync('shop', { phase: 'Succeeded' })], 'me')).toMatchObject({ commit });
    expect(announcementOf([sync('shop', { holder: 'other' })], 'me')).toBeUndefined();
    expect(announcementOf([sync('shop', {}, { reason: 'request' })], 'me')).toBeUndefined();
  });
});

it('tells the forge what is new, once, and tries again what it did not take', async () => {
  const forge = createMemoryForge();
  const warnings: unknown[] = [];
  const log = { warn: (...args: unknown[]) => void warnings.push(args) };
  const announcer = new Announcer({ forge, holder: 'me', environment: 'test', log });
  const see = async (phase: 'Applying' | 'Succeeded') => {
    announcer.seen([sync('shop', { phase })]);
    await announcer.settled();
  };
  await see('Applying');
  await see('Applying');
  forge.fail('announce', '*', new Error('down'));
  await see('Succeeded');
  forge.failures.clear();
  await see('Succeeded');

  expect(forge.announced.map(({ state, environment }) => [state, environment])).toEqual([
    ['pending', 'test'],
    ['success', 'test'],
  ]);
  expect(warnings).toHaveLength(1);
});
