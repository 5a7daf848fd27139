import { beforeEach, describe, expect, it } from 'vitest';
import type { Sync, SyncPhase } from '../../src/converge/sync.ts';
import { Failure } from '../../src/failure/failure.ts';
import { IncidentDesk } from '../../src/incidents/desk.ts';
import { ChannelThreads } from '../../src/requests/channel-threads.ts';
import type { Channel, World } from '../../src/requests/world.ts';
import { FakeClock } from '../fakes/clock/clock.ts';
import { MemoryStore } from '../fakes/incidents/parts.ts';

const alice = { slack: 'U0ALICE', login: 'alice', channel: 'C0OPS' };
const day = 24 * 3_600_000;

interface Posted {
  id: string;
  channel: string;
  thread: string | undefined;
  text: string;
}

/** A channel that may be away, or may lose its answer after it took a message. */
class FakeChannel implements Channel {
  readonly posted: Posted[] = [];
  down = false;
  losesAnswers = false;

  async post({ id, channel, thread, perhapsSinceMs }: Parameters<Channel['post']>[0], lines: unknown) {
    if (this.down) throw new Failure('HF1701', 'down');
    const known = perhapsSinceMs === undefined ? -1 : this.posted.findIndex(one => one.id === id);
    if (known === -1) this.posted.push({ id, channel, thread, text: JSON.stringify(lines) });
    if (this.losesAnswers) throw new Failure('HF1701', 'no answer');
    return { channel, ts: `${known === -1 ? this.posted.length : known + 1}.0` };
  }
}

let clock: FakeClock;
let store: MemoryStore;
let channel: FakeChannel;
let desk: IncidentDesk;
let threads: ChannelThreads;

function sync(name: string, phase: SyncPhase): Sync {
  const metadata = { name, namespace: 'x', uid: name, resourceVersion: '1', creationTimestamp: '' };
  const spec = { unit: 'shop', revision: 'a'.repeat(40), reason: 'request' as const };
  return { metadata, spec, status: { phase } };
}

/** A process of its own, as after a restart. */
async function start(): Promise<void> {
  desk = new IncidentDesk({
    ...{ clock, store, outlets: [], onFailure: () => undefined },
    telling: () => ({ repository: 'infra', revision: null, next: 'nothing', severity: 'info' }),
  });
  desk.start();
  await clock.pass(0);
  const world = { desk, channel, now: () => new Date(clock.now()) } as unknown as World;
  threads = new ChannelThreads(world, () => undefined);
}

beforeEach(async () => {
  [clock, store, channel] = [new FakeClock(), new MemoryStore(), new FakeChannel()];
  await start();
});

async function see(...syncs: Sync[]): Promise<void> {
  threads.seen(syncs);
  await threads.look();
  await clock.pass(1_000);
}

const told = () => channel.posted.map(({ thread, text }) => `${thread ?? 'top'} ${text}`);

describe('a channel in which a sync was asked for', () => {
  it('is told that it was, and below it how it ended, each once', async () => {
    threads.open([sync('one', 'Pending')], alice);
    await see(sync('one', 'Applying'));
    await see(sync('one', 'Succeeded'));
    await see(sync('one', 'Succeeded'));
    expect(told()).toEqual([
      expect.stringMatching(/^top .*alice.*asked for.*shop at aaaaaaa/),
      expect.stringMatching(/^1\.0 .*converged/),
    ]);
    expect(desk.threads).toEqual([]);
  });

  it('is told the end by the process that leads then', async () => {
    threads.open([sync('one', 'Pending')], alice);
    await see(sync('one', 'Applying'));
    await desk.close();
    await start();
    await see(sync('one', 'Failed'));
    expect(told()).toHaveLength(2);
    expect(told()[1]).toMatch(/^1\.0 .*FAILED/);
    expect(store.get('holdfast')?.threads).toEqual([]);
  });

  it('is told nothing twice where a process was killed before it knew that it had told', async () => {
    threads.open([sync('one', 'Pending')], alice);
    await clock.pass(1_000);
    channel.losesAnswers = true;
    await see(sync('one', 'Applying'));
    channel.losesAnswers = false;
    await start();
    await see(sync('one', 'Succeeded'));
    expect(told()).toHaveLength(2);
    expect(told()[1]).toMatch(/^1\.0 /);
  });

  it('is told all of it after an outage, in order', async () => {
    channel.down = true;
    threads.open([sync('one', 'Pending')], alice);
    await see(sync('one', 'Succeeded'));
    expect(told()).toEqual([]);
    channel.down = false;
    await clock.pass(3_600_000);
    await threads.look();
    expect(told().map(text => text.split(' ')[0])).toEqual(['top', '1.0']);
  });

  it('waits for the last of several', async () => {
    threads.open([sync('one', 'Pending'), sync('two', 'Pending')], alice);
    await see(sync('one', 'Succeeded'), sync('two', 'Applying'));
    expect(told()).toHaveLength(1);
    await see(sync('one', 'Succeeded'), sync('two', 'Refused'));
    expect(told()[1]).toMatch(/converged.*REFUSED/);
  });

  it('is told after a day that nobody knows any more, where the Sync is gone', async () => {
    threads.open([sync('one', 'Pending')], alice);
    await see();
    await clock.pass(day + 1_000);
    await see();
    expect(told()[1]).toMatch(/not known any more/);
    expect(desk.threads).toEqual([]);
  });

  it('is told nothing by a process that does not lead', async () => {
    threads.open([sync('one', 'Pending')], alice);
    await see(sync('one', 'Applying'));
    await desk.rest();
    await see(sync('one', 'Succeeded'));
    expect(told()).toHaveLength(1);
  });
});
