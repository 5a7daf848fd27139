import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface Measured {
  seconds: number;
  /** The most resident memory of the process itself, in MB; undefined where the system does not tell. */
  memoryMb: number | undefined;
  code: number;
  stdout: string;
}

/** Runs a command to its end, process start included, and looks at its memory every 20 ms. */
export function measured(
  program: string,
  args: readonly string[],
  env: Record<string, string | undefined> = {},
): Promise<Measured> {
  const begun = performance.now();
  const child = spawn(program, [...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let memoryMb: number | undefined;
  const timer = setInterval(() => {
    memoryMb = Math.max(memoryMb ?? 0, highWater(child.pid) ?? 0) || memoryMb;
  }, 20);
  const chunks: Buffer[] = [];
  child.stdout.on('data', chunk => chunks.push(chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', code => {
      clearInterval(timer);
      resolve({
        seconds: (performance.now() - begun) / 1000,
        memoryMb,
        code: code ?? 1,
        stdout: Buffer.concat(chunks).toString('utf8'),
      });
    });
  });
}

function highWater(pid: number | undefined): number | undefined {
  try {
    const kilobytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
  } catch {
    return undefined;
  }
}
