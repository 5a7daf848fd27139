import type { Severity } from '../incidents/incident.ts';

/** A time of each day in which nothing is told; it may go over midnight. */
export interface QuietHours {
  /** `HH:MM` in the time zone. */
  from: string;
  to: string;
  /** The days on which it begins. */
  days?: readonly string[] | undefined;
  timezone: string;
  except: Severity;
}

const week = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const dayMinutes = 24 * 60;

/** When quiet hours that hold at `now` end, in milliseconds since the epoch; undefined while there are none. */
export function quietUntil(quiet: QuietHours, now: number): number | undefined {
  const { weekday, minute, second } = localTime(now, quiet.timezone);
  const from = minutesOf(quiet.from);
  const to = minutesOf(quiet.to);
  const begins = (day: number) => quiet.days === undefined || quiet.days.includes(week[day] ?? '');
  const today = week.indexOf(weekday);
  const yesterday = (today + 6) % 7;
  const over = from > to;
  const since = minute >= from && (over || minute < to) && begins(today);
  const sinceYesterday = over && minute < to && begins(yesterday);
  if (!since && !sinceYesterday) return undefined;
  const left = (to - minute + dayMinutes) % dayMinutes;
  const until = now + left * 60_000 - second * 1000;
  // Where the clocks are changed in between, it is another time there by then.
  const ahead = localTime(until, quiet.timezone).minute - to;
  return until - (((ahead + 1.5 * dayMinutes) % dayMinutes) - dayMinutes / 2) * 60_000;
}

function minutesOf(time: string): number {
  const [hours = '0', minutes = '0'] = time.split(':');
  return Number(hours) * 60 + Number(minutes);
}

function localTime(now: number, timeZone: string): { weekday: string; minute: number; second: number } {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(now);
  const part = (type: string) => parts.find(one => one.type === type)?.value ?? '0';
  return {
    weekday: part('weekday'),
    minute: Number(part('hour')) * 60 + Number(part('minute')),
    second: Number(part('second')),
  };
}
