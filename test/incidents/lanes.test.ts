import { describe, expect, it } from 'vitest';
import type { Clock } from '../../src/concurrency/clock.ts';
import { IncidentDesk } from '../../src/incidents/desk.ts';
import type { Incident } from '../../src/incidents/incident.ts';
import type { Lane } from '../../src/incidents/outlet.ts';
import { FakeClock } from '../fakes/clock/clock.ts';
import { MemoryStore, RecordingOutlet } from '../fakes/incidents/parts.ts';
import { comparison, drift } from './sample.ts';

const cart = 'drift/shop/apps/v1/Deployment/shop/cart';
const seen = { revision: 'a'.repeat(40) };
const alice = { name: 'alice' };
const hour = 3_600_000;

/** Tells in several channels; one may be away, or in its quiet hours. */
class Channels extends RecordingOutlet {
  channels: string[] = ['A', 'B'];
  readonly away = new Set<string>();
  readonly quiet = new Map<string, number>();

  lanes(_incident: Incident): readonly Lane[] {
    return this.channels.map(channel => {
      const notBefore = this.quiet.get(channel);
      return { name: `${this.name}/${channel}`, ...(notBefore === undefined ? {} : { notBefore }) };
    });
  }

  override async tell(tell: Parameters<RecordingOutlet['tell']>[0]) {
    const channel = tell.lane.split('/')[1] ?? '';
    this.down = this.away.has(channel);
    const place = await super.tell(tell);
    this.heard.push(`${channel} ${this.heard.pop()}`);
    return place;
  }
}

function process(world: { clock: Clock; steady?: Clock; store: MemoryStore }, outlets: RecordingOutlet[]) {
  const telling = {
    repository: 'infra',
    revision: seen.revision,
    next: 'nothing',
    severity: 'info',
  } as const;
  const desk = new IncidentDesk({ ...world, outlets, telling: () => telling, onFailure: () => undefined });
  desk.start();
  const compare = (...names: string[]) => desk.compared(comparison(names.map(name => drift(name))), seen);
  return { desk, compare };
}

function setUp() {
  const world = { clock: new FakeClock(), store: new MemoryStore() };
  const channels = new Channels('chat');
  return { ...world, world, channels };
}

describe('an incident that goes to several places', () => {
  it('is told after a restart in the one that was away, though the other has heard', async () => {
    const { clock, world, channels } = setUp();
    channels.away.add('B');
    const first = process(world, [channels]);
    await clock.pass(0);
    first.compare('cart');
    await clock.pass(2_000);
    await first.desk.close();
    expect(channels.heard).toEqual([`A opened ${cart}`]);

    const again = new Channels('chat');
    process(world, [again]);
    await clock.pass(1_000);
    expect(again.heard).toEqual([`B opened ${cart}`]);
  });

  it('stays where it was told first, and begins where routes say now', async () => {
    const { clock, world, channels } = setUp();
    const { compare } = process(world, [channels]);
    await clock.pass(0);
    channels.channels = ['A'];
    compare('cart');
    await clock.pass(1_000);
    channels.channels = ['C'];
    compare();
    await clock.pass(1_000);
    expect(channels.heard).toEqual([`A opened ${cart}`, `A resolved ${cart}`]);
  });

  it('that is over is not told to a receiver that was set up later', async () => {
    const { clock, world, channels } = setUp();
    const first = process(world, [channels]);
    await clock.pass(0);
    first.compare('cart');
    await clock.pass(1_000);
    first.compare();
    await clock.pass(1_000);
    await first.desk.close();

    const later = new RecordingOutlet('later');
    process(world, [new Channels('chat'), later]);
    await clock.pass(1_000);
    expect(later.heard).toEqual([]);
  });
});

describe('quiet hours', () => {
  it('hold back what begins, until they end', async () => {
    const { clock, world, channels } = setUp();
    channels.quiet.set('B', clock.now() + hour);
    const { compare } = process(world, [channels]);
    await clock.pass(0);
    compare('cart');
    await clock.pass(hour - 1);
    expect(channels.heard).toEqual([`A opened ${cart}`]);
    await clock.pass(1_000);
    expect(channels.heard).toEqual([`A opened ${cart}`, `B opened ${cart}`]);
  });

  it('keep what came and went in them from being told at all, also after a restart', async () => {
    const { clock, world, channels } = setUp();
    channels.quiet.set('B', clock.now() + hour);
    const first = process(world, [channels]);
    await clock.pass(0);
    first.compare('cart');
    await clock.pass(1_000);
    first.compare();
    await clock.pass(2 * hour);
    await first.desk.close();

    const again = new Channels('chat');
    process(world, [again]);
    await clock.pass(1_000);
    expect([...channels.heard, ...again.heard].filter(line => line.startsWith('B'))).toEqual([]);
  });

  it('hold back no more what has become grave enough', async () => {
    const { clock, world, channels } = setUp();
    channels.channels = ['B'];
    channels.quiet.set('B', clock.now() + hour);
    const { desk, compare } = process(world, [channels]);
    await clock.pass(0);
    compare('cart');
    await clock.pass(1_000);
    channels.quiet.clear();
    desk.compared(comparison([drift('cart', 'other')]), seen);
    await clock.pass(1_000);
    expect(channels.heard).toEqual([`B opened ${cart}`]);
  });

  it('show at once what a person did and what is over, and call nobody for a change', async () => {
    const { clock, world, channels } = setUp();
    channels.channels = ['B'];
    const { desk, compare } = process(world, [channels]);
    await clock.pass(0);
    compare('cart');
    await clock.pass(1_000);
    channels.quiet.set('B', clock.now() + hour);
    desk.compared(comparison([drift('cart', 'other')]), seen);
    await clock.pass(1_000);
    expect(channels.heard).toEqual([`B opened ${cart}`]);
    desk.acknowledge(cart, alice);
    await clock.pass(1_000);
    expect(channels.heard).toHaveLength(2);
    compare();
    await clock.pass(1_000);
    expect(channels.heard.at(-1)).toBe(`B resolved ${cart}`);
  });
});

it.each([-1, 1])(
  'what failed while the clock was wrong by %i h is tried again when it is right',
  async hours => {
    const steady = new FakeClock();
    const store = new MemoryStore();
    let wrongMs = 0;
    const clock: Clock = {
      now: () => steady.now() + wrongMs,
      after: (ms, callback) => steady.after(ms, callback),
    };
    const channels = new Channels('chat');
    channels.channels = ['A'];
    const { compare } = process({ clock, steady, store }, [channels]);
    await steady.pass(0);
    for (const [wrong, away, passMs] of [
      [0, true, 1_000],
      [hours * hour, true, 5_000],
      [0, false, 60_000],
    ] as const) {
      wrongMs = wrong;
      if (away) channels.away.add('A');
      else channels.away.delete('A');
      compare('cart');
      await steady.pass(passMs);
    }
    expect(channels.heard.length).toBeGreaterThan(0);
  },
);
