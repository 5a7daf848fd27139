import { describe, expect, it } from 'vitest';
import { compared, drift, Life, unknown, wholeUnit } from './sample.ts';

function mass(count: number, live?: string) {
  return [...Array(count).keys()].map(index => drift(`d${String(index).padStart(5, '0')}`, live));
}

describe('a mass drift', () => {
  it('is told one by one up to the limit', () => {
    expect(new Life().at(0, compared(mass(10)))).toHaveLength(10);
  });

  it('is one digest with counts and the worst ten above it', () => {
    const life = new Life();

    expect(life.at(0, compared(mass(5_000)))).toEqual(['opened digest/shop']);
    const subject = life.get('digest/shop')?.subject;
    expect(subject).toMatchObject({ total: 5_000, counts: { changed: 5_000 } });
    expect(subject?.kind === 'digest' ? subject.worst.length : 0).toBe(10);
  });

  it('is not told again at re-reads or as single resources leave it', () => {
    const life = new Life();
    life.at(0, compared(mass(500)));

    expect(life.at(1, compared(mass(500, 'other')))).toEqual([]);
    expect(life.at(2, compared(mass(400)))).toEqual([]);
    expect(life.at(3, compared(mass(300)))).toEqual([]);
  });

  it('is told anew when half of it is put right, and resolved when all is', () => {
    const life = new Life();
    life.at(0, compared(mass(500)));

    expect(life.at(1, compared(mass(250)))).toEqual(['updated digest/shop']);
    expect(life.at(2, compared(mass(1)))).toEqual(['updated digest/shop']);
    expect(life.at(3, compared([]))).toEqual(['resolved digest/shop']);
  });

  it('does not hide a single new drift beside it', () => {
    const life = new Life();
    life.at(0, compared(mass(500)));

    expect(life.at(61, compared([...mass(500), drift('new')]))).toEqual([
      'opened drift/shop/apps/v1/Deployment/shop/new',
    ]);
  });

  it('is one digest too where it comes bit by bit within a minute', () => {
    const life = new Life();
    const told = [...Array(50).keys()].flatMap(step => life.at(step, compared(mass(step * 4))));

    expect(told.filter(one => one.startsWith('opened drift/'))).toHaveLength(8);
    expect(told.filter(one => one === 'opened digest/shop')).toHaveLength(1);
    expect(life.get('digest/shop')?.subject).toMatchObject({ members: { length: 188 } });
  });

  it('is told with its exact counts half a minute after it changed by less than half', () => {
    const life = new Life();
    life.at(0, compared(mass(100)));
    life.at(1, compared(mass(130)));

    expect(life.at(29, { kind: 'passed' })).toEqual([]);
    expect(life.at(30, { kind: 'passed' })).toEqual(['updated digest/shop']);
    expect(life.get('digest/shop')?.subject).toMatchObject({ total: 130, counts: { changed: 130 } });
  });

  it('takes in what else comes in masses', () => {
    const life = new Life();
    life.at(0, compared(mass(100)));

    expect(life.at(1, compared(mass(150)))).toEqual([]);
    expect(life.at(2, compared(mass(200)))).toEqual(['updated digest/shop']);
  });

  it('stays when the unit becomes unknown', () => {
    const life = new Life();
    life.at(0, compared(mass(50)));

    expect(life.at(1, compared([unknown('x', wholeUnit)]))).toEqual([]);
    expect(life.get('digest/shop')?.state).toBe('open');
  });

  it('counts what was open before on its own', () => {
    const life = new Life();
    life.at(0, compared([drift('early')]));

    expect(life.at(1, compared([drift('early'), ...mass(30)]))).toEqual(['opened digest/shop']);
    expect(life.at(2, compared(mass(30)))).toEqual(['resolved drift/shop/apps/v1/Deployment/shop/early']);
  });
});
