import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

/** Writes an executable shell script and returns its path. */
export function writeProgram(folder: string, name: string, script: string): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return file;
}

/** Starts a process in a group of its own, without any watchdog. It is killed when the test ends. */
export function startStray(
  args: readonly string[],
  env: Record<string, string> = {},
): ChildProcess & { pid: number } {
  const child = spawn('/bin/sh', ['-c', 'exec "$@"', 'stray', ...args], {
    detached: true,
    stdio: 'ignore',
    env: { PATH: process.env['PATH'], ...env },
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('cannot start a process');
  onTestFinished(() => {
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // Gone already, as most tests want it.
    }
  });
  return Object.assign(child, { pid });
}

/** Runs a TypeScript program of `test/sandbox/programs` in a Node of its own and gives its lines. It is killed when the test ends. */
export function startProgram(
  name: string,
  ...args: string[]
): { process: ChildProcess; nextLine(): Promise<string> } {
  const node = join(import.meta.dirname, '../../../node_modules/.bin/node');
  const child = spawn(node, [join(import.meta.dirname, '../programs', name), ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    process: child,
    nextLine: async () => {
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`${name} ended`);
      return value;
    },
  };
}
