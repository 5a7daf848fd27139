import { describe, expect, it } from 'vitest';
import { nextDue } from '../../src/incidents/advance.ts';
import { at, compared, drift, Life, unknown, wholeUnit } from './sample.ts';

const outage = [unknown('a', wholeUnit)];

describe('a source that cannot be asked', () => {
  it('is not told as drift, and only after it lasted', () => {
    const life = new Life();

    expect(life.at(0, compared(outage))).toEqual([]);
    expect(life.at(9, compared(outage))).toEqual([]);
    expect(life.at(10, { kind: 'passed' })).toEqual(['opened blind/cluster']);
    expect(life.at(11, compared(outage))).toEqual([]);
  });

  it('that was a hiccup leaves no trace', () => {
    const life = new Life();
    life.at(0, compared(outage));

    expect(life.at(3, compared([]))).toEqual([]);
    expect(life.incidents.size).toBe(0);
    expect(life.at(30, { kind: 'passed' })).toEqual([]);
  });

  it.each(['HF1921', 'HF1810'] as const)(
    'is told only after half an hour where something is under way (%s)',
    code => {
      const life = new Life();
      const busy = [unknown('a', { ...wholeUnit, origin: 'aws', code })];
      const key = `blind/aws/${code}/shop`;

      expect(life.at(0, compared(busy))).toEqual([]);
      expect(life.at(1_799, compared(busy))).toEqual([]);
      expect(life.at(1_800, { kind: 'passed' })).toEqual([`opened ${key}`]);
      expect(life.at(1_801, compared([]))).toEqual([`resolved ${key}`]);
    },
  );

  it('is waited for until the time of what is under way', () => {
    const life = new Life();
    life.at(0, compared([unknown('a', { ...wholeUnit, origin: 'aws', code: 'HF1921' })]));

    expect(nextDue(life.incidents)).toBe(Date.parse(at(1_800)));
  });

  it('is one incident for each unit whose stack is under way', () => {
    const life = new Life();
    for (const unit of ['base', 'shop'])
      life.at(0, compared([unknown('a', { unit, origin: 'aws', code: 'HF1921' })], { unit }));

    expect([...life.incidents.keys()]).toEqual(['blind/aws/HF1921/base', 'blind/aws/HF1921/shop']);
  });

  it('is one incident however many units and resources it concerns', () => {
    const life = new Life();
    for (const unit of ['base', 'shop']) {
      life.at(0, compared([unknown('a', { unit }), unknown('b', { unit })], { unit }));
    }

    expect(life.at(10, { kind: 'passed' })).toEqual(['opened blind/cluster']);
    expect(life.get('blind/cluster')?.subject).toMatchObject({ units: ['base', 'shop'] });
  });

  it('is resolved when the last unit can be compared again', () => {
    const life = new Life();
    for (const unit of ['base', 'shop']) life.at(0, compared(outage, { unit }));
    life.at(10, { kind: 'passed' });

    expect(life.at(20, compared([], { unit: 'base' }))).toEqual([]);
    expect(life.at(21, compared([], { unit: 'shop' }))).toEqual(['resolved blind/cluster']);
  });

  it('is told apart from single resources that it cannot tell of', () => {
    const life = new Life();
    life.at(0, compared([unknown('a', { code: 'HF1305' })]));
    life.at(10, { kind: 'passed' });
    life.at(20, compared(outage, { unit: 'base' }));

    expect(life.at(30, { kind: 'passed' })).toEqual(['opened blind/cluster']);
    expect(life.get('blind/cluster/HF1305')?.state).toBe('open');
  });

  it('does not take turns between the words of two units', () => {
    const life = new Life();
    const slow = unknown('a', { ...wholeUnit, code: 'HF1308', message: 'HF1308 slow' });
    life.at(0, compared(outage, { unit: 'base' }));
    life.at(0, compared([slow]));
    life.at(10, { kind: 'passed' });

    const later = [1, 2, 3, 4].flatMap(round =>
      life.at(10 + round, round % 2 === 0 ? compared([slow]) : compared(outage, { unit: 'base' })),
    );

    expect(later).toEqual([]);
  });

  it('may say so itself, as Git and the forge do', () => {
    const blindness = { origin: 'forge', code: 'HF1401', message: 'no answer' } as const;
    const life = new Life();
    life.at(0, { kind: 'blinded', blindness });
    life.at(5, compared([]));

    expect(life.at(10, { kind: 'blinded', blindness })).toEqual(['opened blind/forge']);
    expect(life.at(60, { kind: 'sees', origin: 'forge' })).toEqual(['resolved blind/forge']);
    life.at(70, { kind: 'blinded', blindness });
    expect(life.at(80, { kind: 'passed' })).toEqual(['reopened blind/forge']);
  });

  it('that flickers after it was resolved is not told for it', () => {
    const life = new Life();
    life.at(0, compared(outage));
    life.at(10, { kind: 'passed' });
    life.at(20, compared([]));

    const later = [...life.at(30, compared(outage)), ...life.at(33, compared([]))];

    expect(later).toEqual([]);
    expect(life.get('blind/cluster')).toMatchObject({ state: 'resolved', flaps: 0 });
  });

  it('leaves a unit out that no longer exists', () => {
    const life = new Life();
    life.at(0, compared(outage));
    life.at(10, { kind: 'passed' });

    expect(life.at(11, { kind: 'units', names: [] })).toEqual(['resolved blind/cluster']);
  });

  it('does not hide the drift of what could be compared', () => {
    const life = new Life();

    expect(life.at(0, compared([...outage, drift('cart')]))).toEqual([
      'opened drift/shop/apps/v1/Deployment/shop/cart',
    ]);
  });
});

describe('a refused tip', () => {
  const refusal = {
    branch: 'main',
    revision: 'd'.repeat(40),
    authorized: 'a'.repeat(40),
    reasons: ['no pull request'],
    changes: ['deletes a.yaml'],
  };

  it('is one incident of its branch, updated by the next tip and resolved when healed', () => {
    const life = new Life();

    expect(life.at(0, { kind: 'refused', refusal })).toEqual(['opened refused/main']);
    expect(life.at(1, { kind: 'refused', refusal })).toEqual([]);
    expect(life.at(2, { kind: 'refused', refusal: { ...refusal, revision: 'e'.repeat(40) } })).toEqual([
      'updated refused/main',
    ]);
    expect(life.at(3, { kind: 'healed', branch: 'main' })).toEqual(['resolved refused/main']);
    expect(life.at(4, { kind: 'healed', branch: 'main' })).toEqual([]);
  });
});
