import { describe, expect, it } from 'vitest';
import { endWords, isOpen, minuteOf } from '../../../src/converge/freeze/windows.ts';
import { settingsSchema } from '../../../src/declared/settings.ts';

const windowOf = (window: object) => {
  const [parsed] = settingsSchema.parse({ freezes: [{ reason: 'r', ...window }] }).freezes;
  if (parsed === undefined) throw new Error('no window');
  return parsed;
};
const weekend = windowOf({ weekly: { from: 'Fri 17:00', to: 'Mon 08:00' }, timezone: 'Europe/Berlin' });

describe('a weekly freeze window', () => {
  it.each([
    ['before it begins', '2026-11-20T15:59:00Z', false],
    ['in the minute that it begins', '2026-11-20T16:00:00Z', true],
    ['over the end of the week', '2026-11-22T12:00:00Z', true],
    ['in its last minute', '2026-11-23T06:59:00Z', true],
    ['in the minute that it ends', '2026-11-23T07:00:00Z', false],
    ['in summer, by the clock on the wall', '2026-07-03T15:00:00Z', true],
    ['in summer, an hour before that', '2026-07-03T14:59:00Z', false],
    ['on the Sunday that clocks go back', '2026-10-25T01:30:00Z', true],
    ['on the Monday after it', '2026-10-26T07:00:00Z', false],
  ])('%s', (_when, time, open) => {
    expect(isOpen(weekend, new Date(time))).toBe(open);
  });

  it('says when it ends', () => {
    expect(endWords(weekend)).toBe('Mon 08:00 Europe/Berlin');
  });

  it('counts minutes from Sunday on', () => {
    expect([minuteOf('Sun 00:00'), minuteOf('Mon 00:01'), minuteOf('Sat 23:59')]).toEqual([0, 1441, 10_079]);
  });
});

describe('a freeze window of days', () => {
  const holidays = windowOf({
    dates: { from: '2026-12-23', to: '2027-01-02' },
    timezone: 'America/New_York',
  });

  it.each([
    ['the evening before, there', '2026-12-23T04:59:00Z', false],
    ['its first minute, there', '2026-12-23T05:00:00Z', true],
    ['its last minute, there', '2027-01-03T04:59:00Z', true],
    ['the day after, there', '2027-01-03T05:00:00Z', false],
  ])('%s', (_when, time, open) => {
    expect(isOpen(holidays, new Date(time))).toBe(open);
  });

  it('says when it ends', () => {
    expect(endWords(holidays)).toBe('the end of 2027-01-02 America/New_York');
  });
});

describe('what holdfast.yaml may say of freeze windows', () => {
  it.each([
    ['an unknown time zone', { weekly: { from: 'Fri 17:00', to: 'Mon 08:00' }, timezone: 'Mars/Olympus' }],
    ['no length', { weekly: { from: 'Fri 17:00', to: 'Fri 17:00' } }],
    ['a day that is none', { weekly: { from: 'Foo 17:00', to: 'Mon 08:00' } }],
    ['an hour that is none', { weekly: { from: 'Fri 24:00', to: 'Mon 08:00' } }],
    ['days in the wrong order', { dates: { from: '2027-01-02', to: '2026-12-23' } }],
    [
      'both',
      { weekly: { from: 'Fri 17:00', to: 'Mon 08:00' }, dates: { from: '2027-01-02', to: '2027-01-03' } },
    ],
    ['neither', {}],
  ])('not %s', (_what, window) => {
    expect(settingsSchema.safeParse({ freezes: [{ reason: 'r', ...window }] }).success).toBe(false);
  });
});
