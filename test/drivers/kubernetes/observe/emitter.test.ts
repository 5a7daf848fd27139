import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Emitter } from '../../../../src/drivers/kubernetes/observe/emitter.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('tells together what comes together, and again what comes later', () => {
  const emit = vi.fn();
  const emitter = new Emitter(emit, 10);

  emitter.ask();
  emitter.ask();
  vi.advanceTimersByTime(9);
  expect(emit).toHaveBeenCalledTimes(0);
  vi.advanceTimersByTime(1);
  expect(emit).toHaveBeenCalledTimes(1);
  emitter.ask();
  vi.advanceTimersByTime(10);

  expect(emit).toHaveBeenCalledTimes(2);
});

it('does not wait for quiet: a steady stream is told all along', () => {
  const emit = vi.fn();
  const emitter = new Emitter(emit, 10);

  for (let turn = 0; turn < 100; turn += 1) {
    emitter.ask();
    vi.advanceTimersByTime(1);
  }

  expect(emit.mock.calls.length).toBeGreaterThanOrEqual(9);
});

it('is silent once closed', () => {
  const emit = vi.fn();
  const emitter = new Emitter(emit, 10);

  emitter.ask();
  emitter.close();
  vi.advanceTimersByTime(100);

  expect(emit).not.toHaveBeenCalled();
});
