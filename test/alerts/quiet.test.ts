import { expect, it } from 'vitest';
import { type QuietHours, quietUntil } from '../../src/alerts/quiet.ts';

const night: QuietHours = { from: '22:00', to: '07:00', timezone: 'Europe/Berlin', except: 'critical' };
const weekend: QuietHours = { ...night, from: '00:00', to: '23:59', days: ['Sat', 'Sun'] };

it.each<[string, QuietHours, string, string | undefined]>([
  ['before', night, '2026-01-05T20:59:59Z', undefined],
  ['at the beginning', night, '2026-01-05T21:00:00Z', '2026-01-06T06:00:00Z'],
  ['after midnight', night, '2026-01-06T02:30:15Z', '2026-01-06T06:00:00Z'],
  ['at the end', night, '2026-01-06T06:00:00Z', undefined],
  ['in summer, an hour earlier by UTC', night, '2026-07-06T20:30:00Z', '2026-07-07T05:00:00Z'],
  ['on a day that counts', weekend, '2026-01-10T12:00:00Z', '2026-01-10T22:59:00Z'],
  ['on a day that does not', weekend, '2026-01-09T12:00:00Z', undefined],
  [
    'in the night after a day that counts',
    { ...night, days: ['Fri'] },
    '2026-01-10T02:00:00Z',
    '2026-01-10T06:00:00Z',
  ],
  ['in the night before it', { ...night, days: ['Fri'] }, '2026-01-09T02:00:00Z', undefined],
  [
    'end at the same time there where the clocks go forward in between',
    { from: '22:00', to: '07:00', timezone: 'Europe/Berlin', except: 'critical' },
    '2026-03-28T23:30:00Z',
    '2026-03-29T05:00:00Z',
  ],
  [
    'end at the same time there where the clocks go back in between',
    { from: '22:00', to: '07:00', timezone: 'Europe/Berlin', except: 'critical' },
    '2026-10-24T22:30:00Z',
    '2026-10-25T06:00:00Z',
  ],
])('quiet hours %s', (_, quiet, now, until) => {
  const end = quietUntil(quiet, Date.parse(now));
  expect(end === undefined ? undefined : new Date(end).toISOString().replace('.000', '')).toBe(until);
});
