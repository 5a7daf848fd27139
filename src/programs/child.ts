import { type ChildProcess, spawn } from 'node:child_process';

/** What a child process may use before it is ended. */
export interface ChildLimits {
  timeMs: number;
  /** Of standard output. */
  outputBytes: number;
  /** Of address space; where the system cannot limit it, only the other limits hold. */
  memoryBytes: number;
}

export interface ChildEnd {
  /** Why it is over: it ended by itself, it used up a limit, it could not be started, or it was told to end. */
  by: 'itself' | 'time' | 'output' | 'memory' | 'start' | 'signal';
  /** Null unless it ended by itself. */
  exitCode: number | null;
  stdout: Buffer;
  /** The beginning only. */
  stderr: string;
}

const stderrKept = 64 * 1024;
/** Go, Node.js and the C library say it in these words; nothing else tells that it was the memory. */
const outOfMemory = /out of memory|cannot allocate memory|failed to reserve page summary memory/i;

/**
 * Runs a program without a shell's reading of its arguments, with nothing but the environment given, and ends it with all
 * that it started when a limit is used up or the signal fires. Never throws.
 */
export function runChild(
  program: string,
  args: readonly string[],
  place: { folder: string; environment: Record<string, string> },
  limits: ChildLimits,
  signal?: AbortSignal,
): Promise<ChildEnd> {
  // The shell only sets the limits that no other caller could set; `exec` leaves no process between.
  const script =
    'ulimit -c 0; ulimit -v "$1" 2>/dev/null || :; ulimit -t "$2" 2>/dev/null || :; shift 2; exec "$@"';
  const kilobytes = String(Math.ceil(limits.memoryBytes / 1024));
  const seconds = String(Math.ceil(limits.timeMs / 1000) * 2);
  const child = spawn('/bin/sh', ['-c', script, 'sh', kilobytes, seconds, program, ...args], {
    cwd: place.folder,
    env: place.environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  return watch(child, limits, signal);
}

function watch(child: ChildProcess, limits: ChildLimits, signal: AbortSignal | undefined): Promise<ChildEnd> {
  return new Promise(resolve => {
    const stdout: Buffer[] = [];
    let size = 0;
    let stderr = '';
    let by: ChildEnd['by'] = 'itself';
    const end = (why: ChildEnd['by']) => {
      if (by === 'itself') by = why;
      endGroup(child);
    };
    const timer = setTimeout(() => end('time'), limits.timeMs);
    const stop = () => end('signal');
    if (signal?.aborted === true) stop();
    signal?.addEventListener('abort', stop, { once: true });
    child.stdout?.on('data', (bytes: Buffer) => {
      size += bytes.length;
      if (size > limits.outputBytes) end('output');
      else stdout.push(bytes);
    });
    child.stderr?.on('data', (bytes: Buffer) => {
      if (stderr.length < stderrKept) stderr += bytes.toString('utf8');
    });
    const over = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    };
    child.on('error', error => {
      over();
      resolve({ by: 'start', exitCode: null, stdout: Buffer.alloc(0), stderr: error.message });
    });
    child.on('close', exitCode => {
      over();
      if (by === 'itself' && exitCode !== 0 && outOfMemory.test(stderr)) by = 'memory';
      const whole = by === 'itself';
      resolve({
        by,
        exitCode: whole ? exitCode : null,
        stdout: whole ? Buffer.concat(stdout) : Buffer.alloc(0),
        stderr: stderr.slice(0, stderrKept),
      });
    });
  });
}

/** Ends the child and all of its group: it leads one of its own. Nothing more is read from what may outlive it. */
function endGroup(child: ChildProcess): void {
  child.stdout?.destroy();
  child.stderr?.destroy();
  // Once it has ended, its number may be that of a stranger.
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The group has ended already.
  }
}
