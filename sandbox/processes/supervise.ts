import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { groupRuns, signalGroup } from './groups.ts';
import { sleepUntil } from './wait.ts';

/** What is started: an absolute program, its arguments, and a file that takes all it prints. */
export interface Command {
  name: string;
  program: string;
  args: readonly string[];
  log: string;
  env: Readonly<Record<string, string>>;
  cwd?: string;
}

/** A child that ends when we end, however we end. */
export interface Supervised {
  readonly name: string;
  /** Id of the shell that watches over it, and of the process group that both are in. */
  readonly pid: number;
  readonly log: string;
  /** Settles when it has ended, with its exit status (128 + signal number for a signal). Never rejects. */
  readonly ended: Promise<number>;
  running(): boolean;
  /** Asks it to end (SIGTERM) and, after the grace, makes it (SIGKILL). Resolves when the group is gone. */
  stop(graceMs?: number): Promise<void>;
  /** SIGKILL at once, to it and whatever it started in its group. Resolves when the group is gone. */
  kill(): Promise<void>;
  /** The end of its log, for a message. */
  tail(lines?: number): string;
}

/**
 * The shell around a child. It holds the reading end of a pipe whose only writer is our process: when we are gone, also
 * after SIGKILL, the read ends, the child is asked to stop, and three seconds later the whole group is killed.
 * SIGTERM to the group reaches the child; the shell outlives it to pass its exit status on.
 */
const WATCHDOG = `
trap : TERM INT HUP
exec 3<&0 </dev/null
"$@" 3<&- &
child=$!
(
  trap '' TERM INT HUP
  read -r _ <&3
  kill -TERM "$child" 2>/dev/null
  i=0
  while [ "$i" -lt 30 ] && kill -0 "$child" 2>/dev/null; do sleep 0.1; i=$((i + 1)); done
  kill -KILL 0
) >/dev/null 2>&1 &
watcher=$!
exec 3<&-
while :; do
  wait "$child"
  status=$?
  kill -0 "$child" 2>/dev/null || break
done
kill -KILL "$watcher" 2>/dev/null
exit "$status"
`;

/** Starts a child in a process group of its own under the watchdog. Throws only when the shell itself cannot be started. */
export function supervise(command: Command): Supervised {
  const log = openSync(command.log, 'a', 0o600);
  const child = spawn('/bin/sh', ['-c', WATCHDOG, command.name, command.program, ...command.args], {
    stdio: ['pipe', log, log],
    detached: true,
    env: { ...command.env },
    ...(command.cwd === undefined ? {} : { cwd: command.cwd }),
  });
  closeSync(log);
  const pid = child.pid;
  if (pid === undefined) throw new Error(`cannot start a shell for ${command.name}`);
  let status: number | undefined;
  const ended = new Promise<number>(resolve => {
    const settle = (code: number) => {
      status = code;
      resolve(code);
    };
    child.once('error', () => settle(127));
    child.once('exit', (code, signal) => settle(code ?? (signal === null ? 1 : 137)));
  });
  child.unref();
  // An error on the pipe means that the child is gone, which `ended` tells.
  child.stdin?.on('error', () => undefined);
  if (child.stdin !== null && 'unref' in child.stdin && typeof child.stdin.unref === 'function')
    child.stdin.unref();
  const gone = () => status !== undefined && !groupRuns(pid);
  const kill = async () => {
    signalGroup(pid, 'SIGKILL');
    await sleepUntil(gone, 10_000);
  };
  return {
    name: command.name,
    pid,
    log: command.log,
    ended,
    running: () => status === undefined,
    kill,
    stop: async (graceMs = 10_000) => {
      signalGroup(pid, 'SIGTERM');
      await sleepUntil(() => status !== undefined, graceMs);
      await kill();
    },
    tail: (lines = 12) => tailOf(command.log, lines),
  };
}

function tailOf(file: string, lines: number): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '';
  }
}
