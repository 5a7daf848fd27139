import { describe, expect, it } from 'vitest';
import { dueSyncs } from '../../src/converge/due.ts';
import type { Sync } from '../../src/converge/sync.ts';
import type { Declaration } from '../../src/declared/declaration.ts';
import { defaultSettings } from '../../src/declared/settings.ts';

const [r1, r2, r3] = ['1', '2', '3'].map(digit => digit.repeat(40)) as [string, string, string];

const declares = (revision: string, hashes: Record<string, string>): Declaration => ({
  revision,
  settings: defaultSettings,
  units: Object.entries(hashes).map(([name, hash]) => ({
    definition: { name, driver: 'kubernetes', path: `manifests/${name}` },
    objects: [],
    findings: [],
    notObjects: [],
    hash,
  })),
});

const history = new Map(
  [
    declares(r1, { shop: 'h1', payments: 'p1' }),
    declares(r2, { shop: 'h2', payments: 'p1' }),
    declares(r3, { shop: 'h1', payments: 'p1' }),
  ].map(declaration => [declaration.revision ?? '', declaration]),
);

const at = async (revision: string): Promise<Declaration> => {
  const found = history.get(revision);
  if (found === undefined) throw new Error('not in the repository');
  return found;
};

let second = 0;
const merged = (unit: string, revision: string, reason: Sync['spec']['reason'] = 'merge'): Sync => {
  second += 1;
  return {
    metadata: {
      name: `${unit}-${second}`,
      namespace: 'holdfast',
      uid: String(second),
      resourceVersion: '1',
      creationTimestamp: new Date(second * 1000).toISOString(),
    },
    spec: { unit, revision, reason },
  };
};

const due = async (revision: string, syncs: Sync[]) =>
  (await dueSyncs(await at(revision), syncs, at)).map(spec => `${spec.unit} ${spec.reason}`);

describe('the syncs that are due', () => {
  it('are all units where nothing was ever synced', async () => {
    expect(await due(r1, [])).toEqual(['shop merge', 'payments merge']);
  });

  it('are those whose declaration has changed since their newest merge sync', async () => {
    expect(await due(r2, [merged('shop', r1), merged('payments', r1)])).toEqual(['shop merge']);
  });

  it('are none when every unit was synced to what is declared, whatever came of it', async () => {
    expect(await due(r2, [merged('shop', r2), merged('payments', r1)])).toEqual([]);
  });

  it('include a unit that goes back to an earlier declaration', async () => {
    expect(await due(r3, [merged('shop', r1), merged('payments', r1), merged('shop', r2)])).toEqual([
      'shop merge',
    ]);
  });

  it('include a unit whose newest merge sync was superseded by a revision that does not change it again', async () => {
    const superseded: Sync = { ...merged('shop', r1), status: { phase: 'Superseded' } };
    expect(await due(r3, [superseded, merged('payments', r1)])).toEqual(['shop merge']);
  });

  it('are none for a sync of this very revision that was superseded: a newer one is about to be seen', async () => {
    const superseded: Sync = { ...merged('shop', r3), status: { phase: 'Superseded' } };
    expect(await due(r3, [superseded, merged('payments', r1)])).toEqual([]);
  });

  it('are none when two were asked for in the same second, in whatever order they are listed', async () => {
    const [older, newer] = [merged('shop', r1), merged('shop', r2)];
    newer.metadata.creationTimestamp = older.metadata.creationTimestamp;
    const payments = merged('payments', r1);
    expect(await due(r2, [older, newer, payments])).toEqual([]);
    expect(await due(r2, [newer, older, payments])).toEqual([]);
  });

  it('do not count syncs that somebody asked for', async () => {
    expect(
      await due(r2, [merged('shop', r1), merged('payments', r1), merged('shop', r2, 'request')]),
    ).toEqual(['shop merge']);
  });

  it('include a unit whose last synced revision can no longer be read', async () => {
    expect(await due(r1, [merged('shop', 'f'.repeat(40)), merged('payments', r1)])).toEqual(['shop merge']);
  });
});
