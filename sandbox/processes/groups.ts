import { readdirSync, readFileSync } from 'node:fs';
import { parseProcStat } from './identity.ts';

/** Sends a signal to every process of a group; that the group is gone already is fine. */
export function signalGroup(group: number, signal: NodeJS.Signals): void {
  if (!Number.isInteger(group) || group <= 1) throw new RangeError(`not a process group of ours: ${group}`);
  try {
    process.kill(-group, signal);
  } catch {
    // ESRCH: gone already.
  }
}

/**
 * Whether any process of the group still runs. Zombies do not: they hold no memory and no port, and some containers'
 * first process takes its time to collect them.
 */
export function groupRuns(group: number): boolean {
  try {
    process.kill(-group, 0);
  } catch {
    return false;
  }
  return process.platform !== 'linux' || membersOf(group).length > 0;
}

/** The ids of the group's processes, zombies left out. Linux only: it reads /proc. */
export function membersOf(group: number): number[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(Number)
    .filter(pid => {
      const stat = readOrNothing(`/proc/${pid}/stat`);
      if (stat === undefined) return false;
      const { state, group: itsGroup } = parseProcStat(stat);
      return itsGroup === group && state !== 'Z' && state !== 'X';
    });
}

/** The environment that a process was started with, as `NAME=value` entries; empty when it cannot be read. */
export function environmentOf(pid: number): string[] {
  return (readOrNothing(`/proc/${pid}/environ`) ?? '').split('\0');
}

function readOrNothing(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
