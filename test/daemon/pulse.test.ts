import { describe, expect, it } from 'vitest';
import { Pulse } from '../../src/daemon/pulse.ts';

const never = 2 ** 30;

describe('a pulse', () => {
  it('runs a step again when nudged, without waiting for the pause', async () => {
    const pulse = new Pulse();
    const stop = new AbortController();
    let steps = 0;
    await pulse.run(async () => {
      steps += 1;
      if (steps === 3) stop.abort();
      else queueMicrotask(() => pulse.nudge());
      return never;
    }, stop.signal);
    expect(steps).toBe(3);
  });

  it('keeps a nudge that comes while a step runs', async () => {
    const pulse = new Pulse();
    const stop = new AbortController();
    let steps = 0;
    await pulse.run(async () => {
      steps += 1;
      if (steps === 1) pulse.nudge();
      else stop.abort();
      return never;
    }, stop.signal);
    expect(steps).toBe(2);
  });

  it('threat 26 runs a step again after the pause that it asks for, so that a lost webhook costs no more', async () => {
    const stop = new AbortController();
    let steps = 0;
    await new Pulse().run(async () => {
      steps += 1;
      if (steps === 2) stop.abort();
      return 1;
    }, stop.signal);
    expect(steps).toBe(2);
  });

  it('never overlaps steps', async () => {
    const pulse = new Pulse();
    const stop = new AbortController();
    let running = 0;
    let most = 0;
    let steps = 0;
    await pulse.run(async () => {
      running += 1;
      most = Math.max(most, running);
      pulse.nudge();
      await Promise.resolve();
      running -= 1;
      steps += 1;
      if (steps === 5) stop.abort();
      return 0;
    }, stop.signal);
    expect(most).toBe(1);
  });

  it('ends during a pause when told to stop', async () => {
    const stop = new AbortController();
    const ended = new Pulse().run(async () => {
      setImmediate(() => stop.abort());
      return never;
    }, stop.signal);
    await expect(ended).resolves.toBeUndefined();
  });
});
