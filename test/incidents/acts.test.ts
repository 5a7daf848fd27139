import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/findings/finding.ts';
import type { Act } from '../../src/incidents/acts.ts';
import { nextDue, type Signal } from '../../src/incidents/advance.ts';
import { askedFor } from '../../src/incidents/asked.ts';
import type { Incident } from '../../src/incidents/incident.ts';
import { toldHash } from '../../src/incidents/story.ts';
import { at, compared, drift, finding, imageChange, Life } from './sample.ts';

const key = 'drift/shop/apps/v1/Deployment/shop/cart';
const alice = { name: 'alice' };
const acted = (act: Act): Signal => ({ kind: 'acted', key, act });
const acknowledge = acted({ what: 'acknowledge', who: alice });
const snooze = (until: number) => acted({ what: 'snooze', who: alice, until: at(until) });
const passed: Signal = { kind: 'passed' };

function open(): Life {
  const life = new Life();
  life.at(0, compared([drift('cart')]));
  return life;
}

describe('what somebody asked for', () => {
  const who = { name: 'bob' };
  const note = (lines: string, over?: true): Signal => ({
    kind: 'noted',
    key,
    note: { id: 'sync/one', lines: [{ pieces: [{ words: lines }] }], who, ...(over && { over }) },
  });

  it('keeps the time at which it was asked for, however often its progress is noted', () => {
    const life = open();
    life.at(10, note('waits'));
    life.at(200, note('applies'));
    expect(askedFor(life.get(key) ?? { notes: [] })).toMatchObject({ at: at(10), who });
  });

  it('is under way until it is said to be over', () => {
    const life = open();
    life.at(10, note('waits'));
    const before = toldHash(life.get(key) as Incident);
    life.at(20, note('failed', true));
    expect(askedFor(life.get(key) ?? { notes: [] })?.over).toBe(true);
    expect(toldHash(life.get(key) as Incident)).not.toBe(before);
  });

  it('is reckoned as over after ten minutes, which changes the message and tells nothing else', () => {
    const life = open();
    life.at(10, note('waits'));
    const { seq } = life.get(key) as Incident;
    expect(nextDue(life.incidents)).toBe(Date.parse(at(610)));
    expect(life.at(610, passed)).toEqual([]);
    expect(life.get(key)).toMatchObject({
      seq,
      notes: expect.arrayContaining([expect.objectContaining({ over: true })]),
    });
    expect(nextDue(life.incidents)).toBeUndefined();
  });
});

describe('an incident that somebody acknowledged', () => {
  it('says who and when, once', () => {
    const life = open();

    expect(life.at(5, acknowledge)).toEqual([`acknowledged ${key}`]);
    expect(life.at(6, acknowledge)).toEqual([]);
    expect(life.get(key)).toMatchObject({ state: 'acknowledged', acknowledged: { by: alice, at: at(5) } });
  });

  it('stays so when its values change, and is told as changed', () => {
    const life = open();
    life.at(5, acknowledge);

    expect(life.at(6, compared([drift('cart', 'other')]))).toEqual([`updated ${key}`]);
    expect(life.get(key)?.state).toBe('acknowledged');
  });

  it('is open again when it comes back after it was over', () => {
    const life = open();
    life.at(5, acknowledge);
    life.at(6, compared([]));

    expect(life.at(7, compared([drift('cart')]))).toEqual([`reopened ${key}`]);
    expect(life.get(key)).toMatchObject({ state: 'open' });
    expect(life.get(key)?.acknowledged).toBeUndefined();
  });
});

describe('an incident that somebody snoozed', () => {
  it('wakes when the time is over', () => {
    const life = open();
    expect(life.at(5, snooze(600))).toEqual([`snoozed ${key}`]);
    expect(nextDue(life.incidents)).toBe(Date.parse(at(600)));

    expect(life.at(599, passed)).toEqual([]);
    expect(life.at(600, passed)).toEqual([`woken ${key}`]);
    expect(life.get(key)?.state).toBe('open');
  });

  it('shows another value and calls nobody for it', () => {
    const life = open();
    life.at(5, snooze(600));
    const notes = life.get(key)?.notes.length;

    expect(life.at(6, compared([drift('cart', 'other')]))).toEqual([`updated ${key}`]);
    expect(life.get(key)).toMatchObject({ state: 'snoozed', notes: { length: notes } });
  });

  it.each<[string, Partial<Finding>]>([
    [
      'another field',
      {
        changes: [
          { ...imageChange, path: '/spec/image' },
          { ...imageChange, path: '/spec/replicas' },
        ],
      },
    ],
    ['another type', { type: 'missing' as const, changes: [] }],
  ])('wakes when %s differs', (_, partial) => {
    const life = open();
    life.at(5, snooze(600));
    const changed = { ...drift('cart'), ...finding(partial), resource: drift('cart').resource };

    expect(life.at(6, compared([changed]))).toEqual([`woken ${key}`]);
  });

  it('stays so when it is over and comes back meanwhile', () => {
    const life = open();
    life.at(5, snooze(600));
    life.at(6, compared([]));
    life.at(7, compared([drift('cart')]));

    expect(life.get(key)?.state).toBe('snoozed');
    expect(life.at(600, passed)).toEqual([`woken ${key}`]);
  });

  it('wakes by hand, and is then what it was before', () => {
    const life = open();
    life.at(5, snooze(600));

    expect(life.at(6, acted({ what: 'unsnooze', who: alice }))).toEqual([`woken ${key}`]);
  });

  it('is not snoozed into the past', () => {
    expect(open().at(5, snooze(4))).toEqual([]);
  });
});

describe('what is over, or not there', () => {
  it('takes no act', () => {
    const life = open();
    life.at(5, compared([]));

    expect(life.at(6, acknowledge)).toEqual([]);
    expect(life.get(key)?.state).toBe('resolved');
  });
});

describe('an incident that comes and goes', () => {
  function flapping(): Life {
    const life = open();
    for (let second = 1; second <= 6; second += 1)
      life.at(second, compared(second % 2 === 0 ? [drift('cart')] : []));
    return life;
  }

  it('counts as flapping when it was opened again for the third time', () => {
    expect(flapping().get(key)).toMatchObject({ flaps: 3, flapping: { since: at(6), until: at(3_606) } });
  });

  it('goes on so for another hour where it came or went in the last', () => {
    const life = flapping();
    life.at(100, compared([]));

    expect(life.at(3_606, passed)).toEqual([`flapping ${key}`]);
    expect(life.get(key)?.flapping?.until).toBe(at(7_206));
  });

  it('is as any other when it was at rest for an hour', () => {
    const life = flapping();

    expect(life.at(3_606, passed)).toEqual([]);
    expect(life.get(key)?.flapping).toBeUndefined();
  });
});
