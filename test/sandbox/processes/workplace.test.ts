import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { groupRuns } from '../../../sandbox/processes/groups.ts';
import { sleepUntil } from '../../../sandbox/processes/wait.ts';
import { openWorkplace } from '../../../sandbox/processes/workplace.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

it('close kills what was started, with what that started, and removes the folder', async () => {
  const workplace = openWorkplace('a', temporaryFolder());
  const child = workplace.start('child', '/bin/sh', ['-c', "trap '' TERM; sleep 1000 & echo up; wait"]);
  await sleepUntil(() => child.tail() === 'up', 5_000);
  const ranBefore = groupRuns(child.pid);

  await workplace.close();

  expect(ranBefore).toBe(true);
  expect(groupRuns(child.pid)).toBe(false);
  expect(existsSync(workplace.dir)).toBe(false);
});

it('closing twice is as closing once', async () => {
  const workplace = openWorkplace('a', temporaryFolder());

  await workplace.close();

  await expect(workplace.close()).resolves.toBeUndefined();
});

it('a child tells its exit status and its last words', async () => {
  const workplace = openWorkplace('a', temporaryFolder());
  const child = workplace.start('child', '/bin/sh', ['-c', 'echo first; echo last >&2; exit 7']);

  const status = await child.ended;

  expect(status).toBe(7);
  expect(child.running()).toBe(false);
  expect(child.tail(1)).toBe('last');
  await workplace.close();
});

it('stop asks first: a child may end in its own way', async () => {
  const workplace = openWorkplace('a', temporaryFolder());
  const child = workplace.start('child', '/bin/sh', [
    '-c',
    'trap "echo bye; exit 3" TERM; echo up; while :; do sleep 0.05; done',
  ]);
  await sleepUntil(() => child.tail() === 'up', 5_000);

  await child.stop();

  expect(await child.ended).toBe(3);
  expect(child.tail(1)).toBe('bye');
  await workplace.close();
});

it('stop makes a child end that does not listen', async () => {
  const workplace = openWorkplace('a', temporaryFolder());
  const child = workplace.start('child', '/bin/sh', [
    '-c',
    "trap '' TERM; echo up; while :; do sleep 0.05; done",
  ]);
  await sleepUntil(() => child.tail() === 'up', 5_000);

  await child.stop(200);

  expect(groupRuns(child.pid)).toBe(false);
  await workplace.close();
});

it('a child gets a clean environment and nothing on stdin', async () => {
  const workplace = openWorkplace('a', temporaryFolder());
  process.env['HOLDFAST_TEST_SECRET'] = 'do-not-pass-on';
  const child = workplace.start('child', '/bin/sh', ['-c', 'cat; env'], { OWN: 'value' });

  await child.ended;
  delete process.env['HOLDFAST_TEST_SECRET'];

  const printed = readFileSync(child.log, 'utf8');
  expect(printed).toContain(`HOME=${workplace.dir}\n`);
  expect(printed).toContain('OWN=value\n');
  expect(printed).not.toContain('do-not-pass-on');
  await workplace.close();
});

it('a program that does not exist ends with 127', async () => {
  const workplace = openWorkplace('a', temporaryFolder());

  const child = workplace.start('child', '/nowhere/at/all', []);

  expect(await child.ended).toBe(127);
  await workplace.close();
});
