import { expect, it } from 'vitest';
import { FakeClock } from './clock.ts';

it('fires timers in the order in which they are due, at their own time', async () => {
  const clock = new FakeClock(0);
  const fired: string[] = [];
  clock.after(20, () => fired.push(`b ${clock.now()}`));
  clock.after(10, () => {
    fired.push(`a ${clock.now()}`);
    clock.after(5, () => fired.push(`c ${clock.now()}`));
  });

  await clock.pass(17);

  expect(fired).toEqual(['a 10', 'c 15']);
  expect(clock.now()).toBe(17);
});

it('does not fire what was cancelled', async () => {
  const clock = new FakeClock(0);
  const fired: string[] = [];
  clock.after(5, () => fired.push('x'))();

  await clock.pass(10);

  expect(fired).toEqual([]);
});
