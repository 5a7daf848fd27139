import { expect, it } from 'vitest';
import { Limit } from '../../src/concurrency/limit.ts';

it('lets only so many run at a time, in the order in which they came', async () => {
  const limit = new Limit(2);
  const begun: number[] = [];
  const doors = Array.from({ length: 4 }, () => Promise.withResolvers<void>());

  const all = doors.map((door, index) =>
    limit.run(async () => {
      begun.push(index);
      await door.promise;
    }),
  );
  await Promise.resolve();
  expect(begun).toEqual([0, 1]);
  doors[1]?.resolve();
  await all[1];
  expect(begun).toEqual([0, 1, 2]);
  for (const door of doors) door.resolve();
  await Promise.all(all);

  expect(begun).toEqual([0, 1, 2, 3]);
});

it('goes on after a task that failed', async () => {
  const limit = new Limit(1);

  await expect(limit.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await expect(limit.run(async () => 'yes')).resolves.toBe('yes');
});
