import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { shuffled } from '../conformance/corpora/mutations/random.ts';
import type { Ledger } from './stories.ts';
import { fillDisk, type Replica, type World } from './world.ts';

/** Something that goes wrong, and is right again when it resolves. `pick` gives a number from one to the other. */
export interface Fault {
  name: string;
  run(world: World, ledger: Ledger, pick: (from: number, to: number) => number): Promise<void>;
}

const oneOf = ({ replicas }: World, pick: (from: number, to: number) => number): Replica => {
  const chosen = replicas[Math.floor(pick(0, replicas.length - 0.001))];
  if (chosen === undefined) throw new Error('there is no replica');
  return chosen;
};

async function killed({ child }: Replica, forMs: number): Promise<void> {
  await child.kill();
  await sleep(forMs);
  child.start();
}

export const faults: readonly Fault[] = [
  {
    name: 'API server killed',
    async run({ plane }, _ledger, pick) {
      await plane.killApiServer();
      await sleep(pick(500, 5_000));
      await plane.startApiServer();
    },
  },
  {
    name: 'daemon killed',
    run: (world, _ledger, pick) => killed(oneOf(world, pick), pick(200, 4_000)),
  },
  {
    name: 'watches cut',
    async run({ toApi }, _ledger, pick) {
      for (let times = 0; times < 3; times += 1) {
        toApi.connections();
        await sleep(pick(200, 1_500));
      }
    },
  },
  {
    name: 'Git remote and forge down',
    async run({ toForge }, _ledger, pick) {
      toForge.down = true;
      await sleep(pick(3_000, 15_000));
      toForge.down = false;
    },
  },
  {
    name: 'Slack answers 503',
    async run({ slack }, _ledger, pick) {
      slack.down = true;
      await sleep(pick(3_000, 15_000));
      slack.down = false;
    },
  },
  {
    name: 'Slack does it and breaks off',
    async run({ slack }, _ledger, pick) {
      slack.trouble({ late: true }, { status: 500 }, { late: true });
      await sleep(pick(2_000, 5_000));
      // what nobody ran into is over with it: else trouble gathers faster than calls are tried again
      slack.calm();
    },
  },
  {
    name: 'API server killed',
    async run({ plane }, _ledger, pick) {
      await plane.killApiServer();
      await sleep(pick(5_000, 14_000));
      await plane.startApiServer();
    },
  },
  {
    name: 'cluster out of reach',
    async run({ toApi }, _ledger, pick) {
      toApi.down = true;
      await sleep(pick(2_000, 14_000));
      toApi.down = false;
    },
  },
  {
    name: 'disk full',
    async run(world, _ledger, pick) {
      const room = fillDisk(oneOf(world, pick));
      await sleep(pick(4_000, 12_000));
      room();
    },
  },
  {
    name: 'clock jumps',
    async run(world, _ledger, pick) {
      const { clock } = oneOf(world, pick);
      writeFileSync(clock, String(Math.round(pick(-1, 1) * 3_600_000)));
      await sleep(pick(3_000, 10_000));
      writeFileSync(clock, '0');
    },
  },
  {
    name: 'both daemons killed',
    run: async ({ replicas }, _ledger, pick) =>
      void (await Promise.all(replicas.map(replica => killed(replica, pick(200, 3_000))))),
  },
  {
    name: 'store set back',
    async run({ plane }, ledger, pick) {
      const from = Date.now();
      await plane.etcd.save();
      await sleep(pick(5_000, 12_000));
      await plane.killApiServer();
      await plane.etcd.restore();
      await plane.startApiServer();
      ledger.rollbacks.push({ from, to: Date.now() });
    },
  },
];

/** Every fault once in random order, and again; the store is set back in every fourth round at most. */
export function* schedule(next: () => number): Generator<Fault> {
  for (let round = 0; ; round += 1)
    yield* shuffled(faults, next).filter(({ name }) => name !== 'store set back' || round % 4 === 0);
}
