import { describe, expect, it } from 'vitest';
import type { StoredReport } from '../../src/incidents/drift-report.ts';
import type { Incident } from '../../src/incidents/incident.ts';
import { defaultRules } from '../../src/incidents/life.ts';
import { Pages, together } from '../../src/incidents/pages.ts';
import { compared, drift, Life } from './sample.ts';

const sizes = { first: 3_000, further: 3_000, most: 3 };

function incidentsOf(count: number, live = 'x'): Incident[] {
  const life = new Life({ ...defaultRules, digestAbove: 1e9 });
  life.at(0, compared([...Array(count).keys()].map(index => drift(`d${index}`, live))));
  return [...life.incidents.values()];
}
const report = (incidents: Incident[]): StoredReport => ({ name: 'shop', incidents });
const keysOf = (incidents: readonly Incident[]) => incidents.map(one => one.key).sort();
const counts = (pages: readonly { page: number; incidents: readonly unknown[] }[]) =>
  Object.fromEntries(pages.map(({ page, incidents }) => [page, incidents.length]));

describe('the pages of a report', () => {
  it('hold all incidents, each within its size', () => {
    const pages = new Pages(sizes).split(report(incidentsOf(9)));

    expect(pages.length).toBeGreaterThan(1);
    expect(keysOf(pages.flatMap(page => page.incidents))).toEqual(keysOf(incidentsOf(9)));
    for (const { incidents } of pages) expect(JSON.stringify(incidents).length).toBeLessThan(3_100);
  });

  it('stay as they are when incidents come and go elsewhere', () => {
    const pages = new Pages(sizes);
    const before = pages.split(report(incidentsOf(9)));
    const second = before.find(one => one.page === 2);
    const first = new Set(before.find(one => one.page === 1)?.incidents.map(one => one.key));

    const after = pages.split(report(incidentsOf(9).filter(one => !first.has(one.key))));

    expect(keysOf(after.find(one => one.page === 2)?.incidents ?? [])).toEqual(
      keysOf(second?.incidents ?? []),
    );
    expect(counts(after)[1]).toBe(0);
  });

  it('are written in an order in which nothing is ever on none of them', () => {
    const pages = new Pages(sizes);
    const small = pages.split(report(incidentsOf(4)));
    const grown = pages.split(report(incidentsOf(4, 'x'.repeat(400))));

    expect(counts(small)).toEqual({ 1: 4 });
    const [first] = grown;
    expect(first?.page).not.toBe(1);
    expect(keysOf(grown.flatMap(page => page.incidents))).toEqual(keysOf(incidentsOf(4)));
  });

  it('leave out what is over before what goes on', () => {
    const over = incidentsOf(40).map(
      (one): Incident => ({ ...one, key: `${one.key}-over`, state: 'resolved' }),
    );
    const kept = new Pages(sizes).split(report([...over, ...incidentsOf(5)])).flatMap(page => page.incidents);

    expect(kept.filter(one => one.state === 'open')).toHaveLength(5);
    expect(kept.length).toBeLessThan(45);
  });

  it('are one report again when they are loaded, whatever was killed in between', () => {
    const [one, two] = incidentsOf(2);
    if (one === undefined || two === undefined) throw new Error('no incidents');
    const newer = { ...one, seq: one.seq + 1 };
    const parts = [
      { name: 'shop.2', page: { of: 'shop', number: 2 }, incidents: [newer, two] },
      { name: 'shop', unit: 'shop', incidents: [one] },
    ];

    const [loaded, ...others] = together(parts);
    expect(others).toEqual([]);
    expect(loaded).toMatchObject({ name: 'shop', unit: 'shop' });
    expect(loaded?.incidents).toEqual([newer, two]);
  });
});
