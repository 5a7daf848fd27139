import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { groupRuns } from '../../../sandbox/processes/groups.ts';
import { sleepUntil } from '../../../sandbox/processes/wait.ts';
import { openWorkplace } from '../../../sandbox/processes/workplace.ts';
import { startProgram } from '../support/programs.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

interface Started {
  dir: string;
  groups: number[];
}

it.each([
  ['SIGKILL', 'all'],
  ['SIGTERM', 'tame'],
  ['SIGINT', 'tame'],
] as const)('a parent that ends by %s leaves no process running (%s)', async (signal, children) => {
  const folder = temporaryFolder();
  const parent = startProgram('parent.ts', folder, children);
  const { dir, groups } = JSON.parse(await parent.nextLine()) as Started;
  const ranBefore = groups.every(groupRuns);

  parent.process.kill(signal);

  expect(ranBefore).toBe(true);
  expect(await sleepUntil(() => !groups.some(groupRuns), 8_000)).toBe(true);
  // The folder is left to the next start.
  expect(existsSync(dir)).toBe(true);
  await openWorkplace('next', folder).close();
  expect(existsSync(dir)).toBe(false);
});

it.each(['end', 'throw'])(
  'a parent that ends by itself (%s) leaves neither process nor folder',
  async how => {
    const parent = startProgram('parent.ts', temporaryFolder(), how);
    const { dir, groups } = JSON.parse(await parent.nextLine()) as Started;

    expect(await sleepUntil(() => !groups.some(groupRuns), 8_000)).toBe(true);
    expect(await sleepUntil(() => !existsSync(dir), 2_000)).toBe(true);
  },
);
