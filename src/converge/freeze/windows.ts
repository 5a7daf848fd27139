import type { FreezeWindow } from '../../declared/settings/freezes.ts';

const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
const dayMinutes = 1_440;
const weekMinutes = 7 * dayMinutes;

/** The time as a clock on the wall of a time zone shows it. */
interface WallTime {
  /** `2026-12-24`. */
  date: string;
  /** Minutes since Sunday 00:00. */
  minuteOfWeek: number;
}

/**
 * Whether a freeze window is open at a moment. Windows are read off the clock on the wall of their time zone, so that a change
 * to or from summer time makes one an hour shorter or longer and never moves its ends.
 */
export function isOpen(window: FreezeWindow, now: Date): boolean {
  const { date, minuteOfWeek } = wallTime(window.timezone, now);
  if ('dates' in window) return window.dates.from <= date && date <= window.dates.to;
  const [from, to] = [minuteOf(window.weekly.from), minuteOf(window.weekly.to)];
  const length = (to - from + weekMinutes) % weekMinutes;
  return (minuteOfWeek - from + weekMinutes) % weekMinutes < length;
}

/** When a window that is open ends, in words: `Mon 08:00 Europe/Berlin`, `the end of 2027-01-02 UTC`. */
export function endWords(window: FreezeWindow): string {
  return 'dates' in window
    ? `the end of ${window.dates.to} ${window.timezone}`
    : `${window.weekly.to} ${window.timezone}`;
}

/** `Fri 17:00` as minutes since Sunday 00:00; `24:00` is the end of the day. */
export function minuteOf(text: string): number {
  const [day = '', clock = ''] = text.split(' ');
  const [hours = '0', minutes = '0'] = clock.split(':');
  const index = days.indexOf(day.slice(0, 3).toLowerCase() as (typeof days)[number]);
  return (Math.max(index, 0) * dayMinutes + Number(hours) * 60 + Number(minutes)) % weekMinutes;
}

function wallTime(timeZone: string, now: Date): WallTime {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(now);
  const part = (type: string) => parts.find(each => each.type === type)?.value ?? '';
  return {
    date: `${part('year')}-${part('month')}-${part('day')}`,
    minuteOfWeek: minuteOf(`${part('weekday')} ${part('hour')}:${part('minute')}`),
  };
}
