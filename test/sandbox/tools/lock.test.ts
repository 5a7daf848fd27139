import { expect, it } from 'vitest';
import { takeLock } from '../../../sandbox/tools/lock.ts';
import { startProgram } from '../support/programs.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

it('a second taker waits, is told for whom, and gets it after the release', async () => {
  const folder = temporaryFolder();
  const first = await takeLock(folder);
  const waited: string[] = [];
  let got = false;
  let tell: () => void;
  const told = new Promise<void>(resolve => {
    tell = resolve;
  });
  const second = takeLock(folder, holder => {
    waited.push(holder);
    tell();
  }).then(lock => {
    got = true;
    return lock;
  });
  await told;
  const gotWhileHeld = got;

  first.release();
  (await second).release();

  expect(gotWhileHeld).toBe(false);
  expect(waited).toEqual([`process ${process.pid}`]);
});

it('the lock of a killed process is free at once', async () => {
  const folder = temporaryFolder();
  const holder = startProgram('hold-lock.ts', folder);
  await holder.nextLine();
  const waited: string[] = [];

  const lock = await takeLock(folder, who => {
    waited.push(who);
    holder.process.kill('SIGKILL');
  });

  lock.release();
  expect(waited).toEqual([`process ${holder.process.pid}`]);
});
