import { expect, it } from 'vitest';
import { identify, isAlive, parseProcStat } from '../../../sandbox/processes/identity.ts';
import { sleepUntil } from '../../../sandbox/processes/wait.ts';
import { startStray } from '../support/programs.ts';

it('a process is alive until it ends, and not a moment as another', async () => {
  const stray = startStray(['sleep', '1000']);
  const identity = identify(stray.pid);
  if (identity === undefined) throw new Error('no identity');

  const alive = isAlive(identity);
  const other = isAlive({ ...identity, start: `${identity.start}0` });
  process.kill(stray.pid, 'SIGKILL');

  expect([alive, other]).toEqual([true, false]);
  expect(await sleepUntil(() => !isAlive(identity), 5_000)).toBe(true);
});

it.each([
  ['sleep', '42 (sleep) S 1 40 40 0 -1 4194304 1 0 0 0 0 0 0 0 20 0 1 0 777 8 9'],
  [
    'a name with spaces and brackets',
    '42 (a) R (b c) S 1 40 40 0 -1 4194304 1 0 0 0 0 0 0 0 20 0 1 0 777 8 9',
  ],
])('the fields of /proc are found behind the name: %s', (_, stat) => {
  expect(parseProcStat(stat)).toEqual({ state: 'S', group: 40, startTicks: '777' });
});
