import { createHash } from 'node:crypto';
import { schedule } from 'node-cron';

/** Calls back at certain times until what it returns is called. */
export type Times = (expression: string, unit: string, callback: () => void) => () => void;

const mostJitterMs = 300_000;

/**
 * The times of a cron expression (UTC), each later by the unit's own share of a quarter of the interval, five minutes at most:
 * units with one schedule do not all ask at once, and each keeps its rhythm over restarts.
 */
export const cronTimes: Times = (expression, unit, callback) => {
  let late: NodeJS.Timeout | undefined;
  const task = schedule(
    expression,
    () => {
      clearTimeout(late);
      late = setTimeout(callback, jitterMs(unit, intervalMs(task.getNextRuns(2))));
    },
    { timezone: 'Etc/UTC', suppressMissedWarning: true },
  );
  return () => {
    clearTimeout(late);
    void task.destroy();
  };
};

/** How much later than the others a unit is looked at: the same for a name at all times, from 0 to a quarter of the interval. */
export function jitterMs(unit: string, interval: number): number {
  const share = createHash('sha256').update(unit).digest().readUInt32BE(0) / 2 ** 32;
  return Math.floor(share * Math.min(mostJitterMs, interval / 4));
}

function intervalMs([next, then]: Date[]): number {
  return next === undefined || then === undefined ? 0 : then.getTime() - next.getTime();
}
