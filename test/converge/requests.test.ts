import { describe, expect, it } from 'vitest';
import { syncsForNewRevision } from '../../src/converge/requests.ts';
import { parseSync, phaseOf } from '../../src/converge/sync.ts';
import { syncName } from '../../src/converge/sync-store.ts';
import { defaultSettings } from '../../src/declared/settings.ts';
import { fakeUnit } from '../fakes/driver/driver.ts';

const revision = 'b'.repeat(40);
const declaration = (units: Record<string, Record<string, string>>, at: string | null = revision) => ({
  revision: at,
  settings: defaultSettings,
  units: Object.entries(units).map(([name, objects]) => fakeUnit(name, objects)),
});

describe('the syncs that a new revision asks for', () => {
  it('are one for each unit that it changes or adds', () => {
    const old = declaration({ same: { a: '1' }, changed: { a: '1' }, gone: { a: '1' } });
    const next = declaration({ same: { a: '1' }, changed: { a: '2' }, added: { a: '1' } });

    expect(syncsForNewRevision(old, next)).toEqual([
      { unit: 'changed', revision, reason: 'merge' },
      { unit: 'added', revision, reason: 'merge' },
    ]);
  });

  it('are one for each unit when there was none before', () => {
    expect(syncsForNewRevision(null, declaration({ a: {}, b: {} })).map(({ unit }) => unit)).toEqual([
      'a',
      'b',
    ]);
  });

  it('are none for a plain folder', () => {
    expect(syncsForNewRevision(null, declaration({ a: {} }, null))).toEqual([]);
  });

  it('get names that tell unit and revision, each another one', () => {
    const spec = { unit: 'shop', revision, reason: 'merge' as const };

    expect(syncName(spec)).toMatch(/^shop-bbbbbbbb-[0-9a-f]{8}$/);
    expect(syncName(spec)).not.toBe(syncName(spec));
  });
});

describe('a Sync from the server', () => {
  const metadata = {
    name: 's',
    namespace: 'n',
    uid: 'u',
    resourceVersion: '1',
    creationTimestamp: '2026-01-01T00:00:00Z',
  };
  const spec = { unit: 'shop', revision, reason: 'merge' };

  it.each([
    ['without status is pending', { metadata, spec }, 'Pending'],
    [
      'with a status that cannot be read keeps its phase',
      { metadata, spec, status: { phase: 'Succeeded', results: 7 } },
      'Succeeded',
    ],
    ['with a phase of no sense is pending', { metadata, spec, status: { phase: 'Dancing' } }, 'Pending'],
  ])('%s', (_what, object, phase) => {
    const sync = parseSync(object);
    expect(sync && phaseOf(sync)).toBe(phase);
  });

  it.each([
    ['another object', { kind: 'ConfigMap' }],
    ['a revision that is no full SHA', { metadata, spec: { ...spec, revision: 'main' } }],
    ['nothing', null],
  ])('is none for %s', (_what, object) => {
    expect(parseSync(object)).toBeUndefined();
  });
});
