import { appendFileSync, lstatSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { basename, join } from 'node:path';
import { Failure } from '../../src/failure/failure.ts';
import { signalGroup } from './groups.ts';
import { identify } from './identity.ts';
import { removeFolder } from './removal.ts';
import { MARKER, removeStaleWorkplaces } from './stale.ts';
import { type Command, type Supervised, supervise } from './supervise.ts';

/** A folder for temporary data and the processes that work in it; both go together. */
export interface Workplace {
  readonly dir: string;
  path(...names: string[]): string;
  /** Starts a child under the watchdog, with a clean environment, `dir` as HOME, and its output in `<name>.log`. */
  start(
    name: string,
    program: string,
    args: readonly string[],
    env?: Readonly<Record<string, string>>,
  ): Supervised;
  /** Kills every process, the last started first, and removes the folder. Safe to call twice. */
  close(): Promise<void>;
}

/** The folder of all workplaces of this user. It is ours alone (0700), or nothing is read from or written to it. */
export function workplacesFolder(): string {
  const folder = join(tmpdir(), `holdfast-sandbox-${process.getuid?.() ?? userInfo().username}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const status = lstatSync(folder);
  const ours = process.getuid === undefined || status.uid === process.getuid();
  if (!status.isDirectory() || !ours || (status.mode & 0o077) !== 0) {
    throw new Failure('HF1004', `${folder} is not a private folder of this user: remove it`);
  }
  return folder;
}

/**
 * Makes a workplace, after having removed those whose owner is gone together with what they left running.
 *
 * `label` says what for (`control-plane`, `gitea`); it names the folder. When our process ends, in whatever way, the children
 * end with it; an orderly end also removes the folder, and the next workplace removes what a violent one left.
 */
export function openWorkplace(label: string, folder = workplacesFolder()): Workplace {
  removeStaleWorkplaces(folder);
  const dir = mkdtempSync(join(folder, `${label}-`));
  writeFileSync(join(dir, 'owner.json'), JSON.stringify({ ...identify(process.pid), label }), {
    mode: 0o600,
  });
  const children: Supervised[] = [];
  const onExit = () => {
    for (const child of children) if (child.running()) signalGroup(child.pid, 'SIGKILL');
    removeFolder(dir);
  };
  process.once('exit', onExit);
  return {
    dir,
    path: (...names) => join(dir, ...names),
    start: (name, program, args, env = {}) => {
      const child = supervise(commandIn(dir, name, program, args, env));
      children.push(child);
      const identity = identify(child.pid);
      if (identity !== undefined)
        appendFileSync(join(dir, 'processes.jsonl'), `${JSON.stringify({ ...identity, name })}\n`);
      return child;
    },
    close: async () => {
      process.removeListener('exit', onExit);
      for (const child of children.toReversed()) await child.kill();
      removeFolder(dir);
    },
  };
}

function commandIn(
  dir: string,
  name: string,
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Command {
  return {
    name,
    program,
    args,
    log: join(dir, `${name}.log`),
    cwd: dir,
    env: {
      PATH: process.env['PATH'] ?? '/usr/bin:/bin',
      HOME: dir,
      TMPDIR: dir,
      LANG: 'C.UTF-8',
      [MARKER]: basename(dir),
      ...env,
    },
  };
}
