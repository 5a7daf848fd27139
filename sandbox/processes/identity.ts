import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * When the process with this id was started, in a form that is only compared for equality, or undefined when there is none
 * (a zombie counts as none). Together with the id it names one process for good: a recycled id has another start, and
 * the boot is part of it. Linux reads /proc; elsewhere `ps` is asked, whose seconds are exact enough for that.
 */
export function startOfProcess(pid: number): string | undefined {
  return process.platform === 'linux' ? startFromProc(pid) : startFromPs(pid);
}

/** A process as it is written down: enough to find it again, and never to mistake another for it. */
export interface ProcessIdentity {
  pid: number;
  start: string;
}

/** The identity of a running process, or undefined when it is gone. */
export function identify(pid: number): ProcessIdentity | undefined {
  const start = startOfProcess(pid);
  return start === undefined ? undefined : { pid, start };
}

/** Whether exactly this process, and no later one with the same id, still runs. */
export function isAlive(identity: ProcessIdentity): boolean {
  return startOfProcess(identity.pid) === identity.start;
}

function startFromProc(pid: number): string | undefined {
  try {
    const { state, startTicks } = parseProcStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    if (state === 'Z' || state === 'X') return undefined;
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${startTicks}`;
  } catch {
    return undefined;
  }
}

/** The fields used of /proc/PID/stat (proc(5)). The command's name may hold spaces and brackets: fields count from the last `)`. */
export function parseProcStat(stat: string): { state: string; group: number; startTicks: string } {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0] ?? '', group: Number(fields[2]), startTicks: fields[19] ?? '' };
}

function startFromPs(pid: number): string | undefined {
  const { stdout } = spawnSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' });
  const line = (stdout ?? '').trim();
  return line === '' || line.startsWith('Z') ? undefined : line.slice(line.indexOf(' ')).trim();
}
