import { expect, it } from 'vitest';
import { clockWords, spanWords } from '../../src/alerts/time.ts';

it.each([
  ['2026-08-03T14:02:11.9Z', '2026-08-03T23:59:59Z', '14:02:11Z'],
  ['2026-08-03T16:02:11+02:00', '2026-08-03T23:59:59Z', '14:02:11Z'],
  ['2026-08-02T14:02:11Z', '2026-08-03T00:00:00Z', '2026-08-02 14:02:11Z'],
])('%s told on %s is %s', (time, reference, expected) => {
  expect(clockWords(time, reference)).toBe(expected);
});

it.each([
  [0, '0 s'],
  [42, '42 s'],
  [60, '1 min'],
  [185, '3 min 5 s'],
  [7_800, '2 h 10 min'],
  [3_601, '1 h'],
  [273_600, '3 d 4 h'],
])('%i seconds are %s', (seconds, expected) => {
  const from = '2026-08-03T00:00:00.000Z';
  expect(spanWords(from, new Date(Date.parse(from) + seconds * 1000).toISOString())).toBe(expected);
});
