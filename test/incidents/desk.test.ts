import { describe, expect, it } from 'vitest';
import type { Comparison } from '../../src/findings/finding.ts';
import { IncidentDesk } from '../../src/incidents/desk.ts';
import { FakeClock } from '../fakes/clock/clock.ts';
import { MemoryStore, RecordingOutlet } from '../fakes/incidents/parts.ts';
import { comparison, drift, unknown, wholeUnit } from './sample.ts';

const cart = 'drift/shop/apps/v1/Deployment/shop/cart';
const web = 'drift/shop/apps/v1/Deployment/shop/web';
const seen = { revision: 'a'.repeat(40) };

function setUp(before: Partial<{ clock: FakeClock; store: MemoryStore; outlets: RecordingOutlet[] }> = {}) {
  const { clock = new FakeClock(), store = new MemoryStore() } = before;
  const outlets = before.outlets ?? [new RecordingOutlet()];
  const [outlet = new RecordingOutlet()] = outlets;
  const failures: string[] = [];
  const desk = new IncidentDesk({
    outlets,
    store,
    clock,
    telling: () => ({
      environment: 'prod',
      repository: 'infra',
      revision: seen.revision,
      next: 'nothing',
      severity: 'info',
    }),
    onFailure: (failure, doing) => failures.push(`${doing}: ${failure.code}`),
  });
  desk.start();
  const compare = (findings: Comparison['findings'], partial: Partial<Comparison> = {}) =>
    desk.compared(comparison(findings, partial), seen);
  return { clock, store, outlet, desk, failures, compare };
}

describe('the desk', () => {
  it('tells a drift at once and saves it with what was told', async () => {
    const { clock, store, outlet, desk, compare } = setUp();
    await clock.pass(0);

    compare([drift('cart')]);
    await clock.pass(500);

    expect(outlet.heard).toEqual([`opened ${cart}`]);
    expect(store.get('shop')).toMatchObject({
      unit: 'shop',
      state: { verdict: 'drifted', findingCount: 1 },
      incidents: [{ key: cart, told: { recorder: { state: 'open', place: { message: '1' } } } }],
    });
    expect(desk.idle).toBe(true);
  });

  it('repeats nothing after a restart and forgets nothing', async () => {
    const first = setUp();
    await first.clock.pass(0);
    first.compare([drift('cart'), drift('web')]);
    await first.clock.pass(500);
    await first.desk.close();

    const outlet = new RecordingOutlet();
    const second = setUp({ clock: first.clock, store: first.store, outlets: [outlet] });
    await second.clock.pass(0);
    second.compare([drift('cart')]);
    await second.clock.pass(500);

    expect(outlet.heard).toEqual([`resolved ${web}`]);
  });

  it('tells after a restart what an earlier process could not', async () => {
    const first = setUp();
    await first.clock.pass(0);
    first.outlet.down = true;
    first.compare([drift('cart')]);
    await first.clock.pass(2_000);
    await first.desk.close();

    const second = setUp({ clock: first.clock, store: first.store });
    await second.clock.pass(0);

    expect(second.outlet.heard).toEqual([`opened ${cart}`]);
  });

  it('tells the newest state, in order and once, when an outlet comes back', async () => {
    const { clock, outlet, compare } = setUp();
    await clock.pass(0);
    compare([drift('web')]);
    await clock.pass(10);
    outlet.down = true;
    compare([drift('cart'), drift('web', 'x')]);
    compare([drift('cart', 'other'), drift('web', 'y')]);
    compare([drift('web', 'z')]);
    await clock.pass(20 * 60_000);
    outlet.down = false;

    await clock.pass(60_000);

    expect(outlet.heard).toEqual([`opened ${web}`, `updated ${web}`, `resolved ${cart}`]);
  });

  it('waits as long as the other side asks', async () => {
    const { clock, outlet, compare } = setUp();
    await clock.pass(0);
    Object.assign(outlet, { down: true, retryAfterMs: 30_000 });
    compare([drift('cart')]);
    await clock.pass(1);
    outlet.down = false;

    await clock.pass(29_000);
    expect(outlet.heard).toEqual([]);
    await clock.pass(2_000);
    expect(outlet.heard).toEqual([`opened ${cart}`]);
  });

  it('does not let one message that is refused hold up the others', async () => {
    const { clock, outlet, compare, failures } = setUp();
    await clock.pass(0);
    outlet.refusing = cart;

    compare([drift('cart'), drift('web')]);
    await clock.pass(10);

    expect(outlet.heard).toEqual([`opened ${web}`]);
    expect(failures).toEqual([`tell recorder of ${cart}: HF1702`]);
  });

  it('tells each outlet on its own', async () => {
    const outlets = [new RecordingOutlet('one'), new RecordingOutlet('two')];
    const { clock, compare } = setUp({ outlets });
    await clock.pass(0);
    const [one, two] = outlets;
    if (two !== undefined) two.down = true;
    compare([drift('cart')]);
    await clock.pass(5_000);
    if (two !== undefined) two.down = false;
    await clock.pass(60_000);

    expect(one?.heard).toEqual([`opened ${cart}`]);
    expect(two?.heard).toEqual([`opened ${cart}`]);
  });

  it('tells nothing before the earlier incidents are loaded, and then all', async () => {
    const store = new MemoryStore();
    store.broken = true;
    const { clock, outlet, desk, compare, failures } = setUp({ store });
    compare([drift('cart')]);
    compare([drift('web')]);
    await clock.pass(2_500);
    expect([outlet.heard, desk.leading, failures[0]]).toEqual([[], false, 'load incidents: HF1301']);

    store.broken = false;
    await clock.pass(60_000);

    expect(outlet.heard).toEqual([`opened ${web}`]);
  });

  it('opens a blind incident by itself when it lasted', async () => {
    const { clock, outlet, compare } = setUp();
    await clock.pass(0);
    compare([unknown('x', wholeUnit)]);

    await clock.pass(9_999);
    expect(outlet.heard).toEqual([]);
    await clock.pass(1);
    expect(outlet.heard).toEqual(['opened blind/cluster']);
  });

  it('tells that a source can be asked again, although it flickered while nobody could be told', async () => {
    const { clock, outlet, compare } = setUp();
    await clock.pass(0);
    compare([unknown('x', wholeUnit)]);
    await clock.pass(10_000);
    outlet.down = true;
    compare([]);
    await clock.pass(100);
    compare([unknown('x', wholeUnit)]);
    outlet.down = false;
    await clock.pass(5_000);
    compare([]);
    await clock.pass(100);

    expect(outlet.heard).toEqual(['opened blind/cluster', 'resolved blind/cluster']);
  });

  it('keeps the incidents of no unit in the general report', async () => {
    const { clock, store, desk } = setUp();
    await clock.pass(0);

    desk.refused({
      branch: 'main',
      revision: 'd'.repeat(40),
      authorized: 'a'.repeat(40),
      reasons: [],
      changes: [],
    });
    await clock.pass(500);

    expect(store.get('holdfast')?.incidents).toMatchObject([{ key: 'refused/main' }]);
  });

  it('saves again what could not be saved', async () => {
    const { clock, store, compare, failures } = setUp();
    await clock.pass(0);
    store.broken = true;
    compare([drift('cart')]);
    await clock.pass(3_000);
    expect(failures).toContain('save incidents: HF1301');

    store.broken = false;
    await clock.pass(60_000);

    expect(store.get('shop')?.incidents).toHaveLength(1);
  });

  it('gathers what changes quickly into few saves', async () => {
    const { clock, store, compare } = setUp();
    await clock.pass(1_000);
    const before = store.saves;

    for (let index = 0; index < 100; index += 1) compare([drift('cart', `v${index}`)]);
    await clock.pass(1_000);

    expect(store.saves - before).toBeLessThanOrEqual(3);
    expect(JSON.stringify(store.get('shop'))).toContain('v99');
  });

  it('removes the report of a unit that is no more, and tells that its incidents are over', async () => {
    const { clock, store, outlet, desk, compare } = setUp();
    await clock.pass(0);
    desk.units(['shop', 'base']);
    compare([drift('cart')]);
    await clock.pass(500);

    desk.units(['base']);
    await clock.pass(1_000);

    expect(outlet.heard).toEqual([`opened ${cart}`, `resolved ${cart}`]);
    expect(store.get('shop')).toBeUndefined();
    expect(store.get('holdfast')?.incidents).toMatchObject([{ key: cart, state: 'resolved' }]);
  });

  it('lets a unit named as the general report share it', async () => {
    const { clock, store, desk, compare } = setUp();
    await clock.pass(0);
    desk.units(['holdfast']);
    desk.refused({
      branch: 'main',
      revision: 'd'.repeat(40),
      authorized: 'a'.repeat(40),
      reasons: [],
      changes: [],
    });
    compare([drift('cart', 'x', 'holdfast')], { unit: 'holdfast' });
    await clock.pass(1_000);

    expect(
      store
        .get('holdfast')
        ?.incidents.map(incident => incident.key)
        .sort(),
    ).toEqual(['drift/holdfast/apps/v1/Deployment/shop/cart', 'refused/main']);
    expect(store.get('holdfast')?.unit).toBe('holdfast');
  });
});
