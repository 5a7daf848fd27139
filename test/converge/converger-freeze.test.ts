import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Converger } from '../../src/converge/converger.ts';
import { holdOf } from '../../src/converge/freeze/hold.ts';
import { defaultTiming } from '../../src/converge/parts.ts';
import { isFinal, phaseOf } from '../../src/converge/sync.ts';
import { defaultSettings } from '../../src/declared/settings.ts';
import { FakeDriver, fakeUnit } from '../fakes/driver/driver.ts';
import { FakeFreezes } from '../fakes/freezes/freezes.ts';
import { FakeSyncs } from '../fakes/syncs/syncs.ts';

const revision = 'b'.repeat(40);
const timing = {
  ...defaultTiming,
  verifyMs: 30,
  verifyPauseMs: 5,
  recordPauseMs: 1,
  retryMs: 1,
  mostRetryMs: 5,
};

let syncs: FakeSyncs;
let freezes: FakeFreezes;
let driver: FakeDriver;
let stop: AbortController;
let running: Promise<void>;

beforeEach(() => {
  [syncs, freezes, driver, stop] = [
    new FakeSyncs(),
    new FakeFreezes(),
    new FakeDriver(),
    new AbortController(),
  ];
});

afterEach(async () => {
  stop.abort();
  await running;
});

function start(): void {
  const converger = new Converger({
    syncs,
    driverOf: () => driver,
    authorize: async () => ({ verdict: 'authorized', from: revision, revision, pulls: [], digest: '' }),
    authorizedRevisions: async () => [revision],
    declarationAt: async () => ({
      revision,
      settings: defaultSettings,
      units: [fakeUnit('shop', { one: '1' })],
    }),
    holds: async () => {
      const current = await freezes.current();
      return unit => holdOf(unit, { windows: [], freezes: current, now: new Date() });
    },
    holder: 'converger-1',
    timing,
    now: () => new Date(),
  });
  running = converger.run(stop.signal);
}

async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (const deadline = Date.now() + 10_000; Date.now() < deadline; ) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise(resolve => setTimeout(resolve, 2));
  }
  throw new Error('waited in vain');
}

const ask = () => syncs.create({ unit: 'shop', revision, reason: 'merge' });
const only = async () => (await syncs.list())[0];

describe('a sync while its unit is frozen', () => {
  it('waits, says why, and goes on when the freeze is lifted', async () => {
    await freezes.freeze({ reason: 'an incident', by: 'olga', units: ['shop'] });
    const { metadata } = await ask();
    start();
    const held = await until(async () =>
      (await only())?.status?.message === undefined ? undefined : only(),
    );

    expect(held?.status).toMatchObject({
      phase: 'Pending',
      message: 'waits: frozen by olga until it is lifted (freeze-1): an incident',
    });
    expect(driver.applied).toEqual([]);

    await freezes.unfreeze('all', 'olga');
    syncs.touch(metadata.name, { ...held?.status, phase: 'Pending' });
    const ended = await until(async () => {
      const sync = await only();
      return sync !== undefined && isFinal(phaseOf(sync)) ? sync : undefined;
    });

    expect(ended.status?.phase).toBe('Succeeded');
  });

  it('waits while nobody can tell whether it is frozen', async () => {
    freezes.down = true;
    await ask();
    start();

    const held = await until(async () =>
      (await only())?.status?.message === undefined ? undefined : only(),
    );

    expect(held?.status?.message).toMatch(/^waits: it cannot be told whether a freeze holds it: HF1301/);
    expect(driver.applied).toEqual([]);
  });
});
