import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

const staleAfterMs = 30_000;

/** Whether git gave up because another process, or one that was killed, holds a lock. */
export function isLocked(stderr: string): boolean {
  return /\.lock': File exists|cannot lock ref|unable to lock|is at [0-9a-f]{40} but expected/i.test(stderr);
}

/**
 * Removes locks of refs and configuration that a killed process left in a mirror. Git holds them for milliseconds; those
 * older than half a minute have no owner.
 */
export async function removeStaleLocks(directory: string, now = Date.now()): Promise<number> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  let removed = 0;
  for (const entry of entries) {
    if (!entry.isFile() || !entry.name.endsWith('.lock') || entry.parentPath.includes('/objects')) continue;
    const path = join(entry.parentPath, entry.name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: now }));
    if (now - mtimeMs < staleAfterMs) continue;
    await rm(path, { force: true });
    removed++;
  }
  return removed;
}
