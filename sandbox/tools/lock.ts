import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';

/** Something held until it is released, or until our process ends. */
export interface Lock {
  release(): void;
}

/**
 * Takes the one lock of a folder, waiting for it as long as another process has it; `onWait` is told once who that is.
 *
 * It is the exclusive lock of a SQLite file, hence one of the kernel's file locks: it dies with its holder, also after
 * SIGKILL, so no stale lock can ever be in the way. The file itself stays, empty.
 */
export async function takeLock(
  folder: string,
  onWait: (holder: string) => void = () => undefined,
): Promise<Lock> {
  mkdirSync(folder, { recursive: true });
  // Loaded only now: where every tool is there already, nothing needs it.
  const sqlite = await import('node:sqlite');
  const database = new sqlite.DatabaseSync(join(folder, 'lock.sqlite'), { timeout: 0 });
  const holderFile = join(folder, 'lock.holder');
  try {
    for (let told = false; !tryBegin(database); told = true) {
      if (!told) onWait(readHolder(holderFile));
      await sleep(100);
    }
  } catch (error) {
    database.close();
    throw error;
  }
  writeFileSync(holderFile, String(process.pid));
  return { release: () => database.close() };
}

function tryBegin(database: DatabaseSync): boolean {
  try {
    database.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    const SQLITE_BUSY = 5;
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY) return false;
    throw error;
  }
}

function readHolder(file: string): string {
  try {
    return `process ${Number(readFileSync(file, 'utf8'))}`;
  } catch {
    return 'another process';
  }
}
