import fc from 'fast-check';
import { expect, it, onTestFinished, vi } from 'vitest';
import { cronTimes, jitterMs } from '../../../src/drivers/schedule/times.ts';

it('the jitter of a unit is its own and always the same', () => {
  const names = ['network', 'shop', 'payments', 'backups'];
  const jitters = names.map(name => jitterMs(name, 900_000));
  expect(new Set(jitters).size).toBe(names.length);
  expect(names.map(name => jitterMs(name, 900_000))).toEqual(jitters);
});

it('the jitter is at most a quarter of the interval, and five minutes', () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(90_000_000), (name, interval) => {
      const jitter = jitterMs(name, interval);
      expect(jitter).toBeGreaterThanOrEqual(0);
      expect(jitter).toBeLessThanOrEqual(Math.min(300_000, interval / 4));
    }),
  );
});

it('it calls back once per time of the expression, later by the jitter, until it is stopped', async () => {
  vi.useFakeTimers({ now: Date.UTC(2026, 7, 3, 14, 7, 30) });
  onTestFinished(() => void vi.useRealTimers());
  const calls: number[] = [];
  const stop = cronTimes('*/15 * * * *', 'network', () => void calls.push(Date.now()));
  await vi.advanceTimersByTimeAsync(40 * 60_000);
  stop();
  await vi.advanceTimersByTimeAsync(60 * 60_000);
  const late = jitterMs('network', 900_000);
  expect(calls).toEqual([
    Date.UTC(2026, 7, 3, 14, 15) + late,
    Date.UTC(2026, 7, 3, 14, 30) + late,
    ...(late < 150_000 ? [Date.UTC(2026, 7, 3, 14, 45) + late] : []),
  ]);
});
