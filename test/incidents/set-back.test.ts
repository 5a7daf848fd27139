import { describe, expect, it } from 'vitest';
import { messageOf } from '../../src/alerts/message.ts';
import { plain } from '../../src/alerts/slack/mrkdwn.ts';
import type { Comparison } from '../../src/findings/finding.ts';
import { IncidentDesk } from '../../src/incidents/desk.ts';
import type { Tell } from '../../src/incidents/outlet.ts';
import { FakeClock } from '../fakes/clock/clock.ts';
import { MemoryStore, RecordingOutlet } from '../fakes/incidents/parts.ts';
import { comparison, drift } from './sample.ts';

const cart = 'drift/shop/apps/v1/Deployment/shop/cart';
const telling = {
  environment: 'prod',
  repository: 'infra',
  revision: 'a'.repeat(40),
  next: 'nothing',
  severity: 'info',
} as const;

/** A channel in which messages are edited, and what stands there last. */
class EditedOutlet extends RecordingOutlet {
  readonly threads = true;
  headline = '';

  override async tell(tell: Tell): Promise<Record<string, string>> {
    this.headline = plain(messageOf(tell.transition.incident, telling).headline);
    return super.tell(tell);
  }
}

/** One that tells in two channels. */
class TwoChannels extends EditedOutlet {
  lanes = () => ['a', 'b'].map(channel => ({ name: `${this.name}/${channel}` }));
}

/** Two processes beside each other, of which the first leads and has told of a drift; the store forgets it. */
async function toldAndForgotten(outlet: RecordingOutlet = new EditedOutlet()) {
  const clock = new FakeClock();
  const store = new MemoryStore();
  const process = (told: RecordingOutlet) => {
    const desk = new IncidentDesk({
      outlets: [told],
      store,
      clock,
      telling: () => telling,
      onFailure: () => undefined,
    });
    const sees = (...findings: Comparison['findings']) =>
      desk.compared(comparison(findings), { revision: telling.revision });
    return { desk, sees };
  };
  const first = process(outlet);
  const second = process(new RecordingOutlet('second'));
  first.desk.start();
  await clock.pass(0);
  const before = new Map(store.reports);
  first.sees(drift('cart'));
  await clock.pass(500);
  const setBack = () => {
    store.reports.clear();
    for (const [name, report] of before) store.reports.set(name, report);
  };
  return { clock, store, outlet, first, second, setBack };
}

/** What was said of it, without what stands in the thread. */
const changes = ({ heard }: RecordingOutlet) => heard.filter(one => !one.startsWith('noted'));

describe('what was told, and forgotten by a store that was set back', () => {
  it('is told as over by who told it when another leads', async () => {
    const { clock, outlet, first, second, setBack } = await toldAndForgotten();
    const [{ id } = { id: '' }] = first.desk.incidents;
    setBack();
    await first.desk.rest();
    second.desk.start();
    second.sees();
    await clock.pass(30_000);
    expect(changes(outlet)).toEqual([`opened ${cart}`, `resolved ${id}`]);
    expect((outlet as EditedOutlet).headline).toContain('followed no more');
  });

  it('is told as over in every place where it stands', async () => {
    const { clock, outlet, first, second, setBack } = await toldAndForgotten(new TwoChannels());
    const [{ id } = { id: '' }] = first.desk.incidents;
    setBack();
    await first.desk.rest();
    second.desk.start();
    second.sees();
    await clock.pass(30_000);
    expect(changes(outlet)).toEqual([`opened ${cart}`, `opened ${cart}`, `resolved ${id}`, `resolved ${id}`]);
  });

  it('is told as over also while it comes and goes', async () => {
    const { clock, outlet, first, second, setBack } = await toldAndForgotten();
    for (let round = 0; round < 6; round += 1) {
      first.sees();
      await clock.pass(1_000);
      first.sees(drift('cart'));
      await clock.pass(1_000);
    }
    expect(first.desk.incidents[0]?.flapping).toBeDefined();
    setBack();
    await first.desk.rest();
    second.desk.start();
    second.sees();
    await clock.pass(30_000);
    expect((outlet as EditedOutlet).headline).toContain('followed no more');
  });

  it('goes on as it was told when the store knows an older state of it', async () => {
    const { clock, store, outlet, first } = await toldAndForgotten();
    const open = new Map(store.reports);
    first.sees();
    await clock.pass(1_000);
    store.reports.clear();
    for (const [name, report] of open) store.reports.set(name, report);
    await first.desk.rest();
    first.desk.start();
    await clock.pass(60_000);
    expect(changes(outlet)).toEqual([`opened ${cart}`, `resolved ${cart}`]);
  });

  it('goes on when its teller leads again soon', async () => {
    const { clock, outlet, first, setBack } = await toldAndForgotten();
    setBack();
    await first.desk.rest();
    await clock.pass(6_000);
    first.desk.start();
    await clock.pass(60_000);
    expect(changes(outlet)).toEqual([`opened ${cart}`]);
    first.sees();
    await clock.pass(1_000);
    expect(changes(outlet)).toEqual([`opened ${cart}`, `resolved ${cart}`]);
    expect((outlet as EditedOutlet).headline).toContain('as declared again');
  });

  it('is stored again when nobody else led in between', async () => {
    const { clock, store, first, setBack } = await toldAndForgotten();
    setBack();
    first.desk.unsure();
    first.desk.start();
    await clock.pass(1_000);
    expect(store.get('shop')?.incidents.map(({ key }) => key)).toEqual([cart]);
  });

  it('is waited for while nobody can say what is stored', async () => {
    const { clock, store, outlet, first, setBack } = await toldAndForgotten();
    const [{ id } = { id: '' }] = first.desk.incidents;
    setBack();
    await first.desk.rest();
    store.broken = true;
    await clock.pass(100_000);
    expect(changes(outlet)).toEqual([`opened ${cart}`]);
    store.broken = false;
    await clock.pass(30_000);
    expect(changes(outlet)).toEqual([`opened ${cart}`, `resolved ${id}`]);
  });

  it('is left alone where messages are not edited', async () => {
    const { clock, outlet, first, setBack } = await toldAndForgotten(new RecordingOutlet());
    setBack();
    await first.desk.rest();
    await clock.pass(60_000);
    expect(changes(outlet)).toEqual([`opened ${cart}`]);
  });
});

it('what is stored is left to who leads next', async () => {
  const { clock, outlet, first } = await toldAndForgotten();
  await first.desk.rest();
  await clock.pass(60_000);
  expect(changes(outlet)).toEqual([`opened ${cart}`]);
});
