import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const prefix = 'holdfast-run-';

/** A private folder for one run: in memory, where the system has that. Its name tells our process and the unit. */
export interface MemoryFolder {
  readonly path: string;
  /** Whether another run of the unit goes on, of any process that shares this memory. */
  othersWork(): boolean;
  remove(): void;
}

/** Makes one, and removes those of processes that were killed, once what they started has ended too. */
export function memoryFolder(unit: string, base = memoryBase()): MemoryFolder {
  for (const name of ours(base))
    if (!goesOn(base, name)) rmSync(join(base, name), { recursive: true, force: true });
  const path = mkdtempSync(join(base, `${prefix}${process.pid}-${unit}-`));
  return {
    path,
    othersWork: () =>
      ours(base).some(
        name => join(base, name) !== path && name.slice(0, -7).endsWith(`-${unit}`) && goesOn(base, name),
      ),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

function memoryBase(): string {
  return statSync('/dev/shm', { throwIfNoEntry: false })?.isDirectory() === true ? '/dev/shm' : tmpdir();
}

function ours(base: string): string[] {
  return readdirSync(base).filter(name => name.startsWith(prefix));
}

function goesOn(base: string, name: string): boolean {
  if (isAlive(Number.parseInt(name.slice(prefix.length), 10))) return true;
  try {
    return isAlive(Number(readFileSync(join(base, name, 'pid'), 'utf8')));
  } catch {
    return false;
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
