import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { groupRuns } from '../../../sandbox/processes/groups.ts';
import { identify, type ProcessIdentity } from '../../../sandbox/processes/identity.ts';
import { mountsWithin, removeFolder } from '../../../sandbox/processes/removal.ts';
import { MARKER, removeStaleWorkplaces } from '../../../sandbox/processes/stale.ts';
import { sleepUntil } from '../../../sandbox/processes/wait.ts';
import { startStray } from '../support/programs.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const deadOwner = { pid: 4_000_000, start: 'another boot:1', label: 'x' };
const me = { ...(identify(process.pid) as ProcessIdentity), label: 'x' };

/** A workplace as a killed parent leaves it. */
function leftBehind(
  folder: string,
  name: string,
  owner: unknown,
  processes: readonly unknown[] = [],
): string {
  const dir = join(folder, name);
  mkdirSync(dir);
  writeFileSync(join(dir, 'owner.json'), typeof owner === 'string' ? owner : JSON.stringify(owner));
  writeFileSync(join(dir, 'processes.jsonl'), processes.map(each => `${JSON.stringify(each)}\n`).join(''));
  return dir;
}

/** Whether this user may mount: root on Linux, outside most containers. */
function mayMount(): boolean {
  const point = mkdtempSync(join(tmpdir(), 'holdfast-test-'));
  try {
    execFileSync('mount', ['--bind', point, point], { stdio: 'ignore' });
    execFileSync('umount', [point], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  } finally {
    rmSync(point, { recursive: true, force: true });
  }
}

const gone = (group: number) => sleepUntil(() => !groupRuns(group), 5_000);

it('what a dead owner left running is killed, and its folder removed', async () => {
  const folder = temporaryFolder();
  const stray = startStray(['sleep', '1000']);
  const dir = leftBehind(folder, 'a', deadOwner, [{ ...identify(stray.pid), name: 'stray' }]);

  const removed = removeStaleWorkplaces(folder);

  expect(removed).toEqual(['a']);
  expect(existsSync(dir)).toBe(false);
  expect(await gone(stray.pid)).toBe(true);
});

it('a process with the same id but another start is left alone', () => {
  const folder = temporaryFolder();
  const stray = startStray(['sleep', '1000']);
  leftBehind(folder, 'a', deadOwner, [{ pid: stray.pid, start: 'another boot:1' }]);

  const removed = removeStaleWorkplaces(folder);

  expect(removed).toEqual(['a']);
  expect(groupRuns(stray.pid)).toBe(true);
});

it('a living owner keeps its folder and its processes', () => {
  const folder = temporaryFolder();
  const stray = startStray(['sleep', '1000']);
  const dir = leftBehind(folder, 'a', me, [{ ...identify(stray.pid) }]);

  const removed = removeStaleWorkplaces(folder);

  expect(removed).toEqual([]);
  expect(existsSync(dir)).toBe(true);
  expect(groupRuns(stray.pid)).toBe(true);
});

it('an owner whose id was given to another process is dead', () => {
  const folder = temporaryFolder();
  leftBehind(folder, 'a', { ...me, start: 'another boot:1' });

  expect(removeStaleWorkplaces(folder)).toEqual(['a']);
});

it.runIf(process.platform === 'linux').each([
  { bears: 'the name of the workplace', marker: 'a', killed: true },
  { bears: 'another name', marker: 'b', killed: false },
])(
  'a group whose leader is gone and whose member bears $bears: killed is $killed',
  async ({ marker, killed }) => {
    const folder = temporaryFolder();
    const stray = startStray(['sh', '-c', 'sleep 1000 & exit 0'], { [MARKER]: marker });
    await sleepUntil(() => identify(stray.pid) === undefined, 5_000);
    leftBehind(folder, 'a', deadOwner, [{ pid: stray.pid, start: 'this boot:1' }]);

    removeStaleWorkplaces(folder);

    if (killed) expect(await gone(stray.pid)).toBe(true);
    else expect(groupRuns(stray.pid)).toBe(true);
  },
);

it.each([
  ['not JSON', '{'],
  ['no start', '{"pid":2,"label":"x"}'],
  ['a process id that would hit everything', '{"pid":-1,"start":"x","label":"x"}'],
])('a folder whose owner cannot be read (%s) is given a minute', (_, owner) => {
  const folder = temporaryFolder();
  const young = leftBehind(folder, 'young', owner);
  const old = leftBehind(folder, 'old', owner);
  utimesSync(old, new Date(Date.now() - 120_000), new Date(Date.now() - 120_000));

  const removed = removeStaleWorkplaces(folder);

  expect(removed).toEqual(['old']);
  expect(existsSync(young)).toBe(true);
});

it('process ids that were never ours to kill are not believed', () => {
  const folder = temporaryFolder();
  leftBehind(folder, 'a', deadOwner, [
    { pid: 1, start: 'x' },
    { pid: 0, start: 'x' },
    { pid: -5, start: 'x' },
    'nonsense',
    null,
  ]);

  expect(removeStaleWorkplaces(folder)).toEqual(['a']);
});

it.runIf(mayMount())('what was mounted in a folder is unmounted, never emptied', () => {
  const folder = temporaryFolder();
  const elsewhere = temporaryFolder();
  writeFileSync(join(elsewhere, 'kept'), '');
  const dir = leftBehind(folder, 'a', deadOwner);
  mkdirSync(join(dir, 'data'));
  execFileSync('mount', ['--bind', elsewhere, join(dir, 'data')]);

  expect(removeStaleWorkplaces(folder)).toEqual(['a']);

  expect(existsSync(dir)).toBe(false);
  expect(existsSync(join(elsewhere, 'kept'))).toBe(true);
});

it('the mount points in a folder are found, the innermost first, and no neighbour', () => {
  const table = [
    'proc /proc proc rw 0 0',
    'tmpfs /tmp/a tmpfs rw 0 0',
    'tmpfs /tmp/a/data tmpfs rw 0 0',
    'tmpfs /tmp/a/data/of\\040two tmpfs rw 0 0',
    'tmpfs /tmp/ab/data tmpfs rw 0 0',
    '',
  ].join('\n');

  expect(mountsWithin('/tmp/a', table)).toEqual(['/tmp/a/data/of two', '/tmp/a/data']);
});

it('a folder that cannot be removed keeps no other from being removed', () => {
  const folder = temporaryFolder();
  leftBehind(folder, 'a', deadOwner);
  leftBehind(folder, 'b', deadOwner);
  leftBehind(folder, 'c', deadOwner);
  const removed = removeStaleWorkplaces(folder, dir => !dir.endsWith('b') && removeFolder(dir));

  expect(removed).toEqual(['a', 'c']);
});
