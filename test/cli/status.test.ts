import { describe, expect, it } from 'vitest';
import { statusCode, statusText } from '../../src/cli/status.ts';
import type { StoredReport } from '../../src/incidents/drift-report.ts';
import { paint } from '../../src/report/terminal.ts';

const now = '2026-03-04T12:00:00.000Z';
const ago = (minutes: number) => new Date(Date.parse(now) - minutes * 60_000).toISOString();

function report(unit: string, comparedAt: string, verdict: 'in-sync' | 'drifted' = 'in-sync'): StoredReport {
  const counts = { declared: 2, inSync: 2, findingCount: 0, findings: [] };
  return {
    name: unit,
    unit,
    state: { driver: 'kubernetes', verdict, revision: 'a'.repeat(40), comparedAt, ...counts },
    incidents: [],
  };
}

const text = (...reports: StoredReport[]) => statusText(reports, now, paint(false));
const silent = /^No daemon has given a sign of life for long/;

describe('what a daemon says that is alive', () => {
  it('has the time since each unit was compared', () => {
    expect(text(report('shop', ago(4)))).toBe(
      'shop  in sync  2 of 2 as declared at aaaaaaa, compared 4 min ago\n',
    );
  });

  it.each([
    ['as declared', report('shop', ago(14)), 0],
    ['drifted', report('shop', ago(14), 'drifted'), 1],
  ] as const)('%s', (_what, one, code) => {
    expect(statusCode([one], now)).toBe(code);
    expect(text(one)).not.toMatch(silent);
  });
});

describe('what a daemon said that is not heard of any more', () => {
  it.each([
    ['a while ago', [report('shop', ago(16))], '16 min ago'],
    ['days ago', [report('shop', ago(4_320)), report('cart', ago(4_330), 'drifted')], '3 d ago'],
    ['at a time that cannot be read', [report('shop', '')], 'at an unknown time'],
  ] as const)('%s is not taken for the present', (_what, reports, words) => {
    expect(statusCode(reports, now)).toBe(2);
    expect(text(...reports)).toMatch(silent);
    expect(text(...reports).split('\n')[0]).toContain(words);
  });

  it('is unknown of a unit that it compares no more, though it lives', () => {
    const reports = [report('shop', ago(1)), report('cart', ago(60))];

    expect(statusCode(reports, now)).toBe(2);
    expect(text(...reports)).not.toMatch(silent);
    expect(text(...reports)).toContain('compared 1 h ago: may be otherwise by now');
  });
});
