import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/findings/finding.ts';
import { IncidentDesk } from '../../src/incidents/desk.ts';
import { defaultRules } from '../../src/incidents/life.ts';
import { type Outlet, type Tell, TellFailure } from '../../src/incidents/outlet.ts';
import { toldHash } from '../../src/incidents/story.ts';
import { FakeClock } from '../fakes/clock/clock.ts';
import { MemoryStore } from '../fakes/incidents/parts.ts';
import { comparison, drift, unknown, wholeUnit } from './sample.ts';

/** A process after the other on one store, with one outlet that can be down; everything heard is written down. */
class World {
  readonly clock = new FakeClock();
  readonly store = new MemoryStore();
  readonly heard: { key: string; what: string; hash: string; openedAt: string }[] = [];
  down = false;
  desk = this.#start();

  #start(): IncidentDesk {
    const outlet: Outlet = {
      name: 'recorder',
      tell: async ({ transition: { what, incident } }: Tell) => {
        if (what === 'noted') return {};
        if (this.down) throw new TellFailure('HF1701', 'down', { scope: 'outlet' });
        this.heard.push({ key: incident.key, what, hash: toldHash(incident), openedAt: incident.openedAt });
        return {};
      },
      remind: async () => undefined,
      close: async () => {},
    };
    const desk = new IncidentDesk({
      outlets: [outlet],
      store: this.store,
      clock: this.clock,
      rules: { ...defaultRules, digestAbove: 2 },
      telling: () => ({
        environment: 'prod',
        repository: 'infra',
        revision: null,
        next: 'nothing',
        severity: 'info',
      }),
      onFailure: () => undefined,
    });
    desk.start();
    return desk;
  }

  async restart(): Promise<void> {
    await this.desk.close();
    this.desk = this.#start();
  }
}

type Step = (world: World) => Promise<void> | void;
const findings: fc.Arbitrary<Finding[]> = fc.array(
  fc.oneof(
    fc
      .tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.constantFrom('1', '2'))
      .map(([name, live]) => drift(name, live)),
    fc.constant(unknown('x', wholeUnit)),
  ),
  { maxLength: 4 },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: findings.map(
      found => (world: World) => world.desk.compared(comparison(found), { revision: null }),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(0, 300, 12_000, 600_000).map(ms => (world: World) => world.clock.pass(ms)),
  },
  { weight: 1, arbitrary: fc.boolean().map(down => (world: World) => void Object.assign(world, { down })) },
  {
    weight: 1,
    arbitrary: fc.boolean().map(broken => (world: World) => void Object.assign(world.store, { broken })),
  },
);

async function run(steps: Step[], restarts: readonly number[]): Promise<World> {
  const world = new World();
  await world.clock.pass(0);
  for (const [index, one] of steps.entries()) {
    await one(world);
    if (!restarts.includes(index)) continue;
    // A planned end: what is known is saved first. What an end without it may cost is the repeat of one message.
    world.store.broken = false;
    await world.clock.pass(60_000);
    await world.restart();
    await world.clock.pass(0);
  }
  Object.assign(world, { down: false });
  world.store.broken = false;
  await world.clock.pass(900_000);
  return world;
}

describe('the desk, whatever happens', () => {
  const script = fc.tuple(fc.array(step, { maxLength: 20 }), fc.array(fc.nat(19), { maxLength: 2 }));

  it('ends with everything told and saved, and nothing told twice', async () => {
    await fc.assert(
      fc.asyncProperty(script, async ([steps, restarts]) => {
        const world = await run(steps, restarts);
        expect(world.desk.idle).toBe(true);
        const last = new Map<string, string>();
        for (const { key, hash, openedAt } of world.heard) {
          expect(last.get(key)).not.toBe(`${hash} ${openedAt}`);
          last.set(key, `${hash} ${openedAt}`);
        }
        const saved = [...world.store.reports.keys()].flatMap(name => world.store.get(name)?.incidents ?? []);
        expect(saved.map(one => one.key).sort()).toEqual(world.desk.incidents.map(one => one.key).sort());
        for (const incident of world.desk.incidents) {
          if (incident.state === 'suspected') continue;
          expect(last.get(incident.key)).toBe(`${toldHash(incident)} ${incident.openedAt}`);
        }
      }),
      { numRuns: 60 },
    );
  });
});
