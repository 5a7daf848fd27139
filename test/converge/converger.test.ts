import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Converger } from '../../src/converge/converger.ts';
import { type ConvergerParts, defaultTiming } from '../../src/converge/parts.ts';
import { isFinal, phaseOf, type Sync, type SyncSpec } from '../../src/converge/sync.ts';
import type { Declaration } from '../../src/declared/declaration.ts';
import { defaultSettings } from '../../src/declared/settings.ts';
import { Failure } from '../../src/failure/failure.ts';
import type { Authorization } from '../../src/gate/authorization.ts';
import { FakeDriver, fakeUnit } from '../fakes/driver/driver.ts';
import { FakeSyncs } from '../fakes/syncs/syncs.ts';

const root = 'a'.repeat(40);
const merged = 'b'.repeat(40);
const newer = 'c'.repeat(40);
const pull = { number: 7, url: 'u', title: 't', author: 'ann', approvers: ['bob'], mergeCommit: merged };
const timing = {
  ...defaultTiming,
  verifyMs: 30,
  verifyPauseMs: 5,
  recordPauseMs: 1,
  retryMs: 1,
  mostRetryMs: 5,
};

let syncs: FakeSyncs;
let driver: FakeDriver;
let chain: string[];
let verdict: () => Promise<Authorization>;
let stop: AbortController;
let running: Promise<void>[];
let waits: string[];

const authorized = async (): Promise<Authorization> => ({
  verdict: 'authorized',
  from: root,
  revision: chain[0] ?? root,
  pulls: [pull],
  digest: 'd',
});

function parts(more: Partial<ConvergerParts> = {}): ConvergerParts {
  const declarationAt = async (revision: string): Promise<Declaration> => ({
    revision,
    settings: defaultSettings,
    units: [fakeUnit('shop', { one: '1', two: '1', three: '1' }), fakeUnit('payments', { pay: '1' })],
  });
  return {
    syncs,
    driverOf: name => (name === 'kubernetes' ? driver : undefined),
    authorize: async revision => {
      const answer = await verdict();
      return { ...answer, revision };
    },
    authorizedRevisions: async () => chain,
    declarationAt,
    holder: 'converger-1',
    timing,
    now: () => new Date('2026-01-01T12:00:00Z'),
    onEvent: event => {
      if (event.what === 'waits') waits.push(event.message);
    },
    ...more,
  };
}

function start(more: Partial<ConvergerParts> = {}): AbortController {
  const own = new AbortController();
  stop.signal.addEventListener('abort', () => own.abort(), { once: true });
  running.push(new Converger(parts(more)).run(own.signal));
  return own;
}

async function until(what: string, test: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 10_000; !(await test()); ) {
    if (Date.now() > deadline) throw new Error(`waited in vain: ${what}`);
    await new Promise(resolve => setTimeout(resolve, 2));
  }
}

async function ended(sync: Sync): Promise<Sync> {
  let found: Sync | undefined;
  await until('the sync to end', async () => {
    const all = await syncs.list().catch((): Sync[] => []);
    found = all.find(one => one.metadata.name === sync.metadata.name);
    return found !== undefined && isFinal(phaseOf(found));
  });
  if (found === undefined) throw new Error('it is gone');
  return found;
}

const ask = (more: Partial<SyncSpec> = {}) =>
  syncs.create({ unit: 'shop', revision: merged, reason: 'merge', ...more });

beforeEach(() => {
  syncs = new FakeSyncs();
  driver = new FakeDriver();
  chain = [merged, root];
  verdict = authorized;
  stop = new AbortController();
  running = [];
  waits = [];
});

afterEach(async () => {
  stop.abort();
  await Promise.all(running);
});

describe('a sync of an authorized revision', () => {
  it('is planned, applied, verified and recorded with its evidence', async () => {
    const sync = await ask();
    start();

    const { status } = await ended(sync);

    expect(syncs.phases.get(sync.metadata.name)).toEqual([
      'Authorizing',
      'Planning',
      'Applying',
      'Verifying',
      'Succeeded',
    ]);
    expect(driver.applied).toEqual(['one', 'two', 'three']);
    expect(status).toMatchObject({
      message: '3 applied, all as declared',
      attempts: 1,
      holder: 'converger-1',
      finishedAt: '2026-01-01T12:00:00.000Z',
      authorization: { verdict: 'authorized', pulls: [{ number: 7, approvers: ['bob'] }] },
      plan: { creates: 3, changes: 0, digest: expect.stringMatching(/^sha256:/) },
      resultCounts: { applied: 3, failed: 0, skipped: 0 },
    });
  });

  it('has its plan recorded before anything is applied', async () => {
    const sync = await ask();
    let recorded: unknown;
    driver.beforeApply = async name => {
      if (name === 'one') recorded = (await syncs.get(sync.metadata.name))?.status?.plan?.creates;
    };
    start();
    await ended(sync);

    expect(recorded).toBe(3);
  });

  it('says so when everything is already as declared', async () => {
    for (const name of ['one', 'two', 'three']) driver.world.set(name, '1');
    start();

    const { status } = await ended(await ask({ reason: 'request' }));

    expect(status).toMatchObject({
      phase: 'Succeeded',
      message: 'already as declared',
      plan: { actions: [] },
    });
    expect(driver.applied).toEqual([]);
  });

  it('fails with the truth about each resource when one fails', async () => {
    driver.failing.set('two', 'HF1306');
    start();

    const { status } = await ended(await ask());

    expect(status?.phase).toBe('Failed');
    expect(status?.message).toBe(
      'HF1601 1 of 3 resources failed; the first is ConfigMap two: HF1306 it failed',
    );
    expect(status?.resultCounts).toEqual({ applied: 2, failed: 1, skipped: 0 });
  });

  it('fails for what the server would refuse, and applies the rest', async () => {
    driver.refused = [{ resource: { type: 'File', name: 'bad.yaml' }, message: 'HF1101 no YAML' }];
    start();

    const { status } = await ended(await ask());

    expect(driver.applied).toHaveLength(3);
    expect(status).toMatchObject({
      phase: 'Failed',
      results: [{ resource: { name: 'bad.yaml' }, result: 'failed' }, {}, {}, {}],
    });
  });

  it('fails when somebody changes it back again and again', async () => {
    driver.beforeApply = () => undefined;
    const compare = driver.compare.bind(driver);
    driver.compare = async unit => {
      driver.world.set('one', 'other');
      return compare(unit);
    };
    start();

    const { status } = await ended(await ask());

    expect(status?.phase).toBe('Failed');
    expect(status?.message).toContain(
      'applied 3 times and still not as declared: ConfigMap shop/one is changed',
    );
  });

  it.each<[string, Partial<SyncSpec>, Partial<ConvergerParts>, string]>([
    ['a unit that the revision does not declare', { unit: 'nowhere' }, {}, 'HF1604'],
    ['a driver that is not there', {}, { driverOf: () => undefined }, 'HF1108'],
    [
      'a declaration that cannot be read',
      {},
      { declarationAt: () => Promise.reject(new Failure('HF1105', 'no file')) },
      'HF1105',
    ],
  ])('fails for %s', async (_what, spec, more, code) => {
    start(more);

    const { status } = await ended(await ask(spec));

    expect(status?.phase).toBe('Failed');
    expect(status?.message).toContain(code);
  });

  it('runs several units, each by itself', async () => {
    const [shop, payments] = [await ask(), await ask({ unit: 'payments' })];
    start();

    expect((await ended(shop)).status?.phase).toBe('Succeeded');
    expect((await ended(payments)).status?.phase).toBe('Succeeded');
  });
});

describe('what is not authorized', () => {
  it('is refused with the reasons, and nothing is applied', async () => {
    verdict = async () => ({
      verdict: 'denied',
      from: root,
      revision: merged,
      reasons: [{ code: 'no-pr', message: 'bbbbbbb came without a pull request', commits: [merged] }],
      pulls: [],
      digest: 'd',
      upTo: root,
    });
    start();

    const { status } = await ended(await ask());

    expect(status).toMatchObject({
      phase: 'Refused',
      message: 'HF1501 the revision is not authorized: bbbbbbb came without a pull request',
    });
    expect(driver.applied).toEqual([]);
  });

  it.each<[string, () => Promise<Authorization>]>([
    [
      'the gate cannot tell',
      async () => ({
        verdict: 'unknown',
        from: root,
        revision: merged,
        reasons: [{ code: 'HF1401', message: 'the forge is down', commits: [] }],
        upTo: root,
        retryAfterMs: 1,
      }),
    ],
    ['asking fails', () => Promise.reject(new Failure('HF1401', 'the forge is down'))],
  ])('is waited for while %s: nothing is applied, and it goes on by itself', async (_what, unknown) => {
    verdict = unknown;
    const sync = await ask();
    start();
    await until('three tries', () => waits.length >= 3);
    const meanwhile = await syncs.get(sync.metadata.name);

    verdict = authorized;
    const { status } = await ended(sync);

    expect(meanwhile?.status).toMatchObject({ phase: 'Authorizing' });
    expect(waits[0]).toContain('the forge is down');
    expect(status).toMatchObject({ phase: 'Succeeded', attempts: 1 });
  });

  it('is waited for while the ledger does not name it, and nothing is applied', async () => {
    chain = [root];
    const sync = await ask();
    start();
    await until('two tries', () => waits.length >= 2);
    const before = [...driver.applied];

    chain = [merged, root];

    expect((await ended(sync)).status?.phase).toBe('Succeeded');
    expect(before).toEqual([]);
    expect(waits[0]).toContain('the ledger does not name the revision');
  });

  it('is superseded when a newer revision is authorized before it is begun', async () => {
    chain = [newer, merged, root];
    start();

    const { status } = await ended(await ask());

    expect(status).toMatchObject({
      phase: 'Superseded',
      message: expect.stringContaining('ccccccc is authorized and newer'),
    });
    expect(driver.applied).toEqual([]);
  });

  it('is superseded when a newer revision is authorized while it is being judged', async () => {
    verdict = async () => {
      chain = [newer, merged, root];
      return authorized();
    };
    start();

    expect((await ended(await ask())).status?.phase).toBe('Superseded');
    expect(driver.applied).toEqual([]);
  });

  it('is superseded when a newer revision is authorized while it is being planned', async () => {
    driver.beforePlan = () => {
      chain = [newer, merged, root];
    };
    start();

    expect((await ended(await ask())).status?.phase).toBe('Superseded');
    expect(driver.applied).toEqual([]);
  });
});

describe('live that moves between the recorded plan and applying', () => {
  const moveOnSecondPlan = () => {
    let plans = 0;
    driver.beforePlan = () => {
      plans += 1;
      if (plans === 2) driver.world.set('other', 'x').set('one', 'moved');
    };
  };

  it('has the plan recorded anew and is put right', async () => {
    moveOnSecondPlan();
    start();

    const { status } = await ended(await ask({ reason: 'drift' }));

    expect(status).toMatchObject({ phase: 'Succeeded', plan: { creates: 2, changes: 1 } });
  });

  it('stops a sync that somebody asked for when the new plan touches more than the one that was recorded', async () => {
    for (const name of ['one', 'two']) driver.world.set(name, '1');
    moveOnSecondPlan();
    start();

    const { status } = await ended(await ask({ reason: 'request' }));

    expect(status?.phase).toBe('Failed');
    expect(status?.message).toContain('HF1602');
    expect(driver.applied).toEqual([]);
  });
});

describe('a converger that dies in the middle', () => {
  it('leaves a record from which the next one finishes, with all that was applied', async () => {
    const sync = await ask();
    let reached: () => void = () => undefined;
    const inTheMiddle = new Promise<void>(resolve => {
      reached = resolve;
    });
    driver.beforeApply = async name => {
      if (name !== 'two') return;
      reached();
      await new Promise(() => undefined);
    };
    const dead = new Converger(parts({ holder: 'dead' }));
    void dead.run(new AbortController().signal);
    await inTheMiddle;
    await until('its phase', async () => (await syncs.get(sync.metadata.name))?.status?.phase === 'Applying');
    driver.beforeApply = () => undefined;

    start({ holder: 'converger-2' });
    const { status } = await ended(sync);

    expect(status).toMatchObject({
      phase: 'Succeeded',
      holder: 'converger-2',
      attempts: 2,
      message: '3 applied, all as declared',
      resultCounts: { applied: 3, failed: 0, skipped: 0 },
    });
    expect(driver.applied).toEqual(['one', 'two', 'three']);
    expect(driver.alsoWaitedFor).toEqual(['one']);
  });

  it('leaves nothing said twice or untrue when it died after applying and before recording it', async () => {
    const sync = await ask();
    const planned = ['one', 'two', 'three'].map(name => ({
      action: 'create' as const,
      resource: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name },
    }));
    syncs.touch(sync.metadata.name, {
      phase: 'Applying',
      holder: 'dead',
      attempts: 1,
      plan: { digest: 'old', creates: 3, changes: 0, recreates: 0, prunes: 0, actions: planned },
    });
    driver.world.set('one', '1');

    start();
    const { status } = await ended(sync);

    expect(status?.phase).toBe('Succeeded');
    expect(status?.results?.find(({ resource }) => resource.name === 'one')).toMatchObject({
      result: 'applied',
      message: 'found as declared when the sync was taken up again',
    });
    expect(status?.resultCounts?.applied).toBe(3);
  });

  it('stops when told to, without claiming an end', async () => {
    const sync = await ask();
    const own = start();
    driver.beforeApply = name => {
      if (name === 'two') own.abort();
    };
    await running[0];

    const left = await syncs.get(sync.metadata.name);

    expect(left?.status).toMatchObject({
      phase: 'Applying',
      resultCounts: { applied: 1, failed: 0, skipped: 0 },
    });
    expect(driver.applied).toEqual(['one']);
  });

  it('stops when another holder has taken the Sync over', async () => {
    const sync = await ask();
    driver.beforeApply = name => {
      if (name === 'two') syncs.touch(sync.metadata.name, { phase: 'Succeeded', holder: 'other' });
    };
    start();
    await until('the end of applying', () => driver.applied.length >= 2);
    stop.abort();
    await Promise.all(running);

    expect((await syncs.get(sync.metadata.name))?.status).toEqual({ phase: 'Succeeded', holder: 'other' });
  });
});

describe('an outage', () => {
  it('in the middle of applying is waited out, and the sync ends well', async () => {
    const sync = await ask();
    driver.beforeApply = name => {
      if (name === 'two') driver.down = true;
    };
    start();
    await until('three tries', () => waits.length >= 3);
    driver.beforeApply = () => undefined;
    driver.down = false;

    const { status } = await ended(sync);

    expect(status).toMatchObject({ phase: 'Succeeded', resultCounts: { applied: 3, failed: 0, skipped: 0 } });
    expect(waits[0]).toContain('HF1301');
  });

  it('of the record is waited out: nothing is applied that is not recorded', async () => {
    const sync = await ask();
    driver.beforePlan = () => {
      syncs.down = true;
    };
    start();
    await until('a try', () => driver.world.size === 0 && syncs.down);
    const before = [...driver.applied];
    driver.beforePlan = () => undefined;
    syncs.down = false;

    const { status } = await ended(sync);

    expect(before).toEqual([]);
    expect(status?.phase).toBe('Succeeded');
  });

  it('that is an error of the server each time fails in the end', async () => {
    driver.failing.set('two', 'HF1308');
    start();

    const { status } = await ended(await ask());

    expect(status?.phase).toBe('Failed');
    expect(status?.message).toContain('given up after 6 tries');
    expect(status?.resultCounts).toEqual({ applied: 2, failed: 1, skipped: 0 });
  });

  it('of live in the end claims nothing until it can be compared again', async () => {
    const sync = await ask();
    const compare = driver.compare.bind(driver);
    driver.compare = async unit => {
      driver.down = waits.length < 2;
      const comparison = await compare(unit);
      driver.down = false;
      return comparison;
    };
    start();

    const { status } = await ended(sync);

    expect(waits[0]).toContain('cannot be compared');
    expect(status?.phase).toBe('Succeeded');
  });
});

describe('a unit that needs another one first', () => {
  it('waits for it', async () => {
    driver.waitsFor = ['crds'];
    const sync = await ask();
    start();
    await until('a wait', () => waits.length > 0);
    const before = [...driver.applied];
    driver.waitsFor = undefined;

    expect((await ended(sync)).status?.phase).toBe('Succeeded');
    expect(before).toEqual([]);
    expect(waits[0]).toBe('waits for crds, which declares what it needs');
  });

  it('fails when it does not come', async () => {
    driver.waitsFor = ['crds'];
    let hours = 0;
    start({
      now: () => {
        hours += 1;
        return new Date(Date.UTC(2026, 0, 1, hours));
      },
    });

    expect((await ended(await ask())).status?.message).toContain('what it needs of crds did not come');
  });

  it('has all its time to wait after an outage, however long that was', async () => {
    driver.waitsFor = ['crds'];
    driver.down = true;
    let now = Date.UTC(2026, 0, 1);
    const sync = await ask();
    start({ now: () => new Date(now) });
    await until('an outage', () => waits.some(message => message.includes('HF1301')));
    now += 3_600_000;
    driver.down = false;
    await until('a wait', () => waits.filter(message => message.includes('crds')).length > 2);
    now += 299_000;
    const so = waits.length;
    await until('another wait', () => waits.length > so + 2);
    driver.waitsFor = undefined;

    expect((await ended(sync)).status?.phase).toBe('Succeeded');
  });
});
