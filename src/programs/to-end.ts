import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, readSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface RunOptions {
  program: string;
  args: readonly string[];
  folder: string;
  environment: Readonly<Record<string, string>>;
  /** A private folder for what it prints, and for its number (`pid`). */
  output: string;
  /** Asks it to end, and waits. */
  signal?: AbortSignal | undefined;
  /** After this long it is asked to end. */
  timeMs: number;
  /**
   * How long after it was asked to end it is killed; never, where that is undefined. Whoever kills a run that holds the lock
   * of a state leaves the lock behind, and what it made is missing from the state.
   */
  graceMs?: number | undefined;
  /** The file whose lines are told; that of standard output unless told. */
  follow?: string;
  /** Called with each line of that file soon after it was written. */
  onLine?: ((line: string) => void) | undefined;
}

export interface RunEnd {
  by: 'itself' | 'time' | 'signal' | 'start' | 'output';
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

const lookEveryMs = 200;
const mostOutput = 64 * 1024 * 1024;

/**
 * Runs a program to its end. It writes to files and not to pipes: should our process die, it is not killed by its next line, and
 * gets to the end of what it does. It is asked to end by SIGINT, once (a second one makes Terraform drop what it holds), and it
 * alone: its providers are ended by itself. Never throws.
 */
export async function runToEnd(options: RunOptions): Promise<RunEnd> {
  const { program, args, folder, environment, output } = options;
  const [outFile, errFile] = [join(output, 'stdout'), join(output, 'stderr')];
  const [out, err] = [openSync(outFile, 'w', 0o600), openSync(errFile, 'w', 0o600)];
  // `exec` leaves no process between.
  const script = 'ulimit -c 0; exec "$@"';
  const child = spawn('/bin/sh', ['-c', script, 'sh', program, ...args], {
    cwd: folder,
    env: { ...environment },
    stdio: ['ignore', out, err],
    detached: true,
  });
  closeSync(out);
  closeSync(err);
  if (child.pid !== undefined) writeFileSync(join(output, 'pid'), String(child.pid), { mode: 0o600 });
  const followed = options.follow ?? outFile;
  const follow = follower(followed, options.onLine);
  let by: RunEnd['by'] = 'itself';
  let kill: NodeJS.Timeout | undefined;
  const ask = (why: RunEnd['by']) => {
    if (by !== 'itself' || child.exitCode !== null) return;
    by = why;
    child.kill('SIGINT');
    if (options.graceMs !== undefined) kill = setTimeout(() => endGroup(child.pid), options.graceMs);
  };
  const timer = setTimeout(() => ask('time'), options.timeMs);
  const looking = setInterval(() => {
    follow();
    if (Math.max(sizeOf(outFile), sizeOf(followed)) > mostOutput) ask('output');
  }, lookEveryMs);
  const onAbort = () => ask('signal');
  options.signal?.addEventListener('abort', onAbort, { once: true });
  if (options.signal?.aborted === true) onAbort();
  const exitCode = await new Promise<number | null>(resolve => {
    child.once('error', () => {
      by = 'start';
      resolve(null);
    });
    child.once('exit', code => resolve(code));
  });
  clearTimeout(timer);
  clearTimeout(kill);
  clearInterval(looking);
  options.signal?.removeEventListener('abort', onAbort);
  follow();
  return { by, exitCode, stdout: beginningOf(outFile, mostOutput), stderr: beginningOf(errFile, 64 * 1024) };
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}

/** Gives each whole line of a growing file once, reading only what is new. */
function follower(file: string, onLine: RunOptions['onLine']): () => void {
  let read = 0;
  let rest = Buffer.alloc(0);
  return () => {
    const size = Math.min(sizeOf(file), mostOutput);
    if (onLine === undefined || size <= read) return;
    const fresh = Buffer.alloc(size - read);
    const descriptor = openSync(file, 'r');
    read += readSync(descriptor, fresh, 0, fresh.length, read);
    closeSync(descriptor);
    const whole = Buffer.concat([rest, fresh]);
    const end = whole.lastIndexOf('\n') + 1;
    rest = Buffer.from(whole.subarray(end));
    for (const line of whole.subarray(0, end).toString('utf8').split('\n')) if (line !== '') onLine(line);
  };
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function beginningOf(file: string, most: number): string {
  try {
    return readFileSync(file).subarray(0, most).toString('utf8');
  } catch {
    return '';
  }
}
