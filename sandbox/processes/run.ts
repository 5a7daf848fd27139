import { execFile } from 'node:child_process';

/** How a short command ended. A program that does not exist or does not end in time has code 127 or 124. */
export interface CommandResult {
  stdout: string;
  stderr: string;
  code: number;
}

/** Settings of a short command; `stdin` is written and closed, the time limit is 60 s. */
export interface CommandOptions {
  stdin?: string;
  env?: Readonly<Record<string, string | undefined>>;
  cwd?: string;
  timeoutMs?: number;
}

/** Runs a short command to its end, with no shell in between, and never throws. The output is capped at 64 MiB. */
export function runCommand(
  program: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  return new Promise(resolve => {
    const child = execFile(
      program,
      [...args],
      {
        timeout: options.timeoutMs ?? 60_000,
        killSignal: 'SIGKILL',
        maxBuffer: 64 * 1024 * 1024,
        ...(options.env === undefined ? {} : { env: { ...options.env } }),
        ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      },
      (error, stdout, stderr) => {
        if (error === null) resolve({ stdout, stderr, code: 0 });
        else
          resolve({ stdout, stderr: stderr === '' ? reasonOf(program, error) : stderr, code: codeOf(error) });
      },
    );
    // A command that ends before it has read its input is not an error here: its exit code tells.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(options.stdin ?? '');
  });
}

function codeOf(error: { code?: number | string | null; killed?: boolean }): number {
  if (typeof error.code === 'number') return error.code;
  if (error.code === 'ENOENT' || error.code === 'EACCES') return 127;
  return error.killed === true ? 124 : 1;
}

/** Why it ended, where it said nothing itself. Node's own message would repeat the arguments, and with them secrets. */
function reasonOf(program: string, error: { code?: number | string | null; killed?: boolean }): string {
  if (typeof error.code === 'string') return `cannot run ${program}: ${error.code}`;
  return error.killed === true ? `${program} did not end in time` : '';
}
