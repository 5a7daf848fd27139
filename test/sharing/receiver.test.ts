import { describe, expect, it } from 'vitest';
import type { Comparison } from '../../src/findings/finding.ts';
import { Receiver } from '../../src/sharing/receiver.ts';
import { packed, partsOf, sightingSchema } from '../../src/sharing/sighting.ts';

const comparison: Comparison = {
  unit: 'shop',
  driver: 'kubernetes',
  verdict: 'in-sync',
  resources: { declared: 1, inSync: 1 },
  findings: [],
  elapsedMs: 0,
};

let sets = 0;
function sighting(more: { holder?: string; hash?: string; converging?: boolean } = {}) {
  const seen = {
    unit: 'shop',
    holder: 'b',
    hash: 'h',
    converging: false,
    ...more,
    packed: packed(comparison),
  };
  return [...partsOf(seen, `set ${sets++}`)].map(([name, spec]) =>
    sightingSchema.parse({ metadata: { name }, spec }),
  );
}

function receiving() {
  const world = {
    hash: 'h' as string | undefined,
    mine: false,
    owner: 'b',
    scheduled: false,
    nowMs: 0,
    /** What was passed on: whether a sync was putting the unit right. */
    told: [] as boolean[],
    removed: [] as string[],
  };
  const receiver = new Receiver({
    hashOf: () => world.hash,
    isMine: () => world.mine,
    ownerOf: () => world.owner,
    isScheduled: () => world.scheduled,
    deliver: (_, converging) => void world.told.push(converging),
    onBad: () => undefined,
    remove: name => void world.removed.push(name),
    now: () => world.nowMs,
  });
  return { receiver, world };
}

describe('what another observer saw', () => {
  it('is passed on, once', () => {
    const { receiver, world } = receiving();
    const parts = sighting();
    receiver.take(parts);
    receiver.take(parts);
    expect(world.told).toEqual([false]);
  });

  it.each<
    [string, Parameters<typeof sighting>[0], (world: ReturnType<typeof receiving>['world']) => unknown]
  >([
    ['the unit is our own', {}, world => Object.assign(world, { mine: true })],
    ['it was compared with another declaration', { hash: 'older' }, () => undefined],
    ['the unit is declared no more', {}, world => Object.assign(world, { hash: undefined })],
    ['the observer has the unit in its share no more', { holder: 'killed' }, () => undefined],
  ])('does not count where %s', (_, more, change) => {
    const { receiver, world } = receiving();
    change(world);
    receiver.take(sighting(more));
    expect(world.told).toEqual([]);
  });

  it('counts as soon as what it was compared with is known here too', () => {
    const { receiver, world } = receiving();
    receiver.take(sighting({ hash: 'newer' }));
    world.hash = 'newer';
    receiver.again();
    expect(world.told).toEqual([false]);
  });

  it.each([
    ['the other knows of a sync', true, false],
    ['only we know of a sync', false, true],
  ])('is pending while %s', (_, theirs, ours) => {
    const { receiver, world } = receiving();
    receiver.converging(new Set(ours ? ['shop'] : []));
    receiver.take(sighting({ converging: theirs }));
    expect(world.told).toEqual([true]);
  });

  it('from before a sync is no verdict after it: the next one is waited for', () => {
    const { receiver, world } = receiving();
    receiver.take(sighting());
    receiver.converging(new Set(['shop']));
    receiver.converging(new Set());
    expect(world.told).toEqual([false]);
    receiver.take(sighting());
    expect(world.told).toEqual([false, false]);
  });

  it('after its end of a sync is a verdict as soon as the sync has ended for us too', () => {
    const { receiver, world } = receiving();
    receiver.converging(new Set(['shop']));
    receiver.take(sighting());
    receiver.converging(new Set());
    expect(world.told).toEqual([true, false]);
  });
});

it('is forgotten with its object', () => {
  const { receiver, world } = receiving();
  receiver.take(sighting());
  receiver.take([]);
  receiver.again();
  expect(world.told).toEqual([false]);
});

describe('a unit of another observer', () => {
  it('is silent when nothing was heard of it for three minutes, and no more when something is', () => {
    const { receiver, world } = receiving();
    expect(receiver.silent(['shop'])).toEqual([]);
    world.nowMs = 180_001;
    expect(receiver.silent(['shop'])).toEqual(['shop']);
    receiver.take(sighting());
    expect(receiver.silent(['shop'])).toEqual([]);
  });

  it('that is compared at set times is silent after twenty minutes: a plan may take long', () => {
    const { receiver, world } = receiving();
    world.scheduled = true;
    receiver.silent(['shop']);
    world.nowMs = 20 * 60_000;
    expect(receiver.silent(['shop'])).toEqual([]);
    world.nowMs += 1;
    expect(receiver.silent(['shop'])).toEqual(['shop']);
  });

  it('that goes from one of the others to another is silent where that one is not heard of within ten seconds', () => {
    const { receiver, world } = receiving();
    receiver.take(sighting());
    world.owner = 'c';
    receiver.moved('shop');
    world.nowMs = 10_000;
    expect(receiver.silent(['shop'])).toEqual([]);
    world.nowMs += 1;
    expect(receiver.silent(['shop'])).toEqual(['shop']);
    receiver.take(sighting({ holder: 'c' }));
    expect(receiver.silent(['shop'])).toEqual([]);
  });

  it.each([
    ['that one was quicker', 'c', false],
    ['it is compared at set times', 'b', true],
  ])('that goes from one of the others to another is not silent where %s', (_, heard, scheduled) => {
    const { receiver, world } = receiving();
    Object.assign(world, { owner: 'c', scheduled });
    receiver.take(sighting({ holder: heard }));
    receiver.moved('shop');
    world.nowMs = 170_000;
    expect(receiver.silent(['shop'])).toEqual([]);
  });

  it('that was ours until now is silent until it is heard of by who has it now', () => {
    const { receiver, world } = receiving();
    world.nowMs = 1;
    receiver.take(sighting({ holder: 'killed' }));
    receiver.expect('shop');
    expect(receiver.silent(['shop'])).toEqual(['shop']);
    receiver.take(sighting({ holder: 'killed' }));
    expect(receiver.silent(['shop'])).toEqual(['shop']);
    receiver.take(sighting());
    expect(receiver.silent(['shop'])).toEqual([]);
  });

  it('that was ours until now is not silent where who has it now was quicker than our own look at the seats', () => {
    const { receiver, world } = receiving();
    Object.assign(world, { owner: 'a', mine: true });
    receiver.take(sighting());
    Object.assign(world, { owner: 'b' });
    receiver.expect('shop');
    expect(receiver.silent(['shop'])).toEqual([]);
    world.mine = false;
    receiver.again();
    expect(world.told).toEqual([false]);
  });
});

describe('an object', () => {
  it.each<[string, Partial<ReturnType<typeof receiving>['world']>]>([
    ['of a unit that is declared no more', { hash: undefined }],
    ['of an observer that compares the unit no more', { owner: 'c' }],
  ])('%s is removed, but not while somebody may need it', (_, change) => {
    const { receiver, world } = receiving();
    const parts = sighting();
    Object.assign(world, change);
    receiver.take(parts);
    expect(world.removed).toEqual([]);
    world.nowMs = 180_001;
    receiver.take(parts);
    expect(world.removed).toEqual(['shop']);
  });

  it('whose removal was asked for is asked for again only where it is there three minutes later', () => {
    const { receiver, world } = receiving();
    const parts = sighting();
    world.hash = undefined;
    for (const nowMs of [0, 180_001, 180_002, 300_000]) {
      world.nowMs = nowMs;
      receiver.take(parts);
    }
    expect(world.removed).toEqual(['shop']);
    world.nowMs = 360_002;
    receiver.take(parts);
    expect(world.removed).toEqual(['shop', 'shop']);
  });

  it('with another name than its part says nothing, and is removed', () => {
    const { receiver, world } = receiving();
    const parts = sighting().map(part => ({ ...part, metadata: { name: 'by-hand' } }));
    receiver.take(parts);
    world.nowMs = 180_001;
    receiver.take(parts);
    expect([world.told, world.removed]).toEqual([[], ['by-hand']]);
  });

  it('of who compares the unit stays, also while the one that tells compares it besides', () => {
    const { receiver, world } = receiving();
    const parts = sighting();
    world.mine = true;
    receiver.take(parts);
    receiver.expect('shop');
    world.nowMs = 180_001;
    receiver.take(parts);
    expect(world.removed).toEqual([]);
  });
});

it('an observer that compares with another declaration is as good as silent', () => {
  const { receiver, world } = receiving();
  expect(receiver.silent(['shop'])).toEqual([]);
  world.nowMs = 180_001;
  receiver.take(sighting({ hash: 'older' }));
  expect(receiver.silent(['shop'])).toEqual(['shop']);
});

it('what was seen of a unit before it became ours is not told when it goes back', () => {
  const { receiver, world } = receiving();
  receiver.take(sighting());
  receiver.drop('shop');
  receiver.expect('shop');
  receiver.again();
  expect(receiver.silent(['shop'])).toEqual(['shop']);
  expect(world.told).toEqual([false]);
});
