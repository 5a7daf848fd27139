import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Signal } from '../../src/incidents/advance.ts';
import { defaultRules } from '../../src/incidents/life.ts';
import { storyHash, toldHash, untold } from '../../src/incidents/story.ts';
import { compared, drift, Life, unknown, wholeUnit } from './sample.ts';

const found = fc.oneof(
  fc
    .tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('1', '2'))
    .map(([name, live]) => drift(name, live)),
  fc.constantFrom('a', 'b').map(name => unknown(name)),
  fc.constant(unknown('x', wholeUnit)),
);
const signal: fc.Arbitrary<Signal> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.constantFrom('shop', 'base'), fc.array(found, { maxLength: 4 }))
      .map(([unit, findings]) =>
        compared(
          findings.map(one => ({ ...one, unit })),
          { unit },
        ),
      ),
  },
  fc.constant<Signal>({ kind: 'passed' }),
  fc.constant<Signal>({ kind: 'sees', origin: 'git' }),
  fc.constant<Signal>({ kind: 'blinded', blindness: { origin: 'git', code: 'HF1201', message: 'x' } }),
  fc.subarray(['shop', 'base']).map((names): Signal => ({ kind: 'units', names })),
);
const script = fc.array(fc.tuple(fc.constantFrom(0, 1, 4, 11, 700, 4_000, 90_000), signal), {
  maxLength: 25,
});
const rules = { ...defaultRules, digestAbove: 2 };

/** Runs a script and calls `check` after each signal. */
function run(steps: [number, Signal][], check: (life: Life, now: number, signal: Signal) => void) {
  const life = new Life(rules);
  let now = 0;
  for (const [pause, one] of steps) {
    now += pause;
    life.at(now, one);
    check(life, now, one);
  }
  return life;
}

describe('advance, whatever happens', () => {
  it('says nothing more when the same signal comes again at the same time', () => {
    fc.assert(
      fc.property(script, steps => {
        run(steps, (life, now, one) => expect(life.at(now, one)).toEqual([]));
      }),
    );
  });

  it('never tells the same state of an incident twice in a row', () => {
    fc.assert(
      fc.property(script, steps => {
        const last = new Map<string, string>();
        for (const { what, incident } of run(steps, () => undefined).told) {
          const state = `${toldHash(incident)} ${incident.openedAt}`;
          expect(last.get(incident.key)).not.toBe(state);
          last.set(incident.key, state);
          expect(incident.state === 'resolved').toBe(what === 'resolved');
        }
      }),
    );
  });

  it('tells the life of each incident in an order that makes sense', () => {
    const follows: Record<string, (string | undefined)[]> = {
      opened: [undefined, 'resolved'],
      updated: ['opened', 'updated', 'reopened'],
      resolved: ['opened', 'updated', 'reopened'],
      reopened: ['resolved'],
    };
    fc.assert(
      fc.property(script, steps => {
        const last = new Map<string, string>();
        for (const { what, incident } of run(steps, () => undefined).told) {
          expect(follows[what]).toContain(last.get(incident.key));
          last.set(incident.key, what);
        }
      }),
    );
  });

  it('has told an outlet that follows all transitions everything', () => {
    fc.assert(
      fc.property(script, steps => {
        const life = run(steps, () => undefined);
        const newest = new Map(life.told.map(({ incident }) => [incident.key, incident]));
        for (const incident of life.incidents.values()) {
          const heard = newest.get(incident.key);
          if (incident.state === 'suspected' || heard === undefined) continue;
          expect(storyHash(incident.subject)).toBe(storyHash(heard.subject));
          expect(incident.state).toBe(heard.state);
          const told = {
            hash: toldHash(heard),
            state: heard.state,
            flaps: heard.flaps,
            seq: incident.seq,
            place: {},
          };
          expect(untold(incident, told)).toBeUndefined();
        }
      }),
    );
  });

  it('never resolves drift by a comparison in which the whole unit is unknown', () => {
    fc.assert(
      fc.property(script, steps => {
        const life = run(steps, () => undefined);
        const open = [...life.incidents.values()].filter(
          one => one.key.startsWith('drift/shop/') && one.state === 'open',
        );
        life.at(1_000_000, compared([unknown('x', wholeUnit)]));
        for (const { key } of open) expect(life.get(key)?.state).toBe('open');
      }),
    );
  });
});
