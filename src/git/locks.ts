import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Whether git gave up because another process, or one that was killed, holds a lock. */
export function isLocked(stderr: string): boolean {
  return /\.lock': File exists|cannot lock ref|unable to lock|is at [0-9a-f]{40} but expected/i.test(stderr);
}

/**
 * Removes what killed processes left in a mirror: locks of refs and configuration older than half a minute (git holds them
 * for milliseconds), and half-written packs older than an hour. Returns how many.
 */
export async function removeLeftovers(directory: string, now = Date.now()): Promise<number> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  let removed = 0;
  for (const entry of entries) {
    const age = entry.isFile() ? lifetime(entry.name, entry.parentPath.includes('/objects')) : undefined;
    if (age === undefined) continue;
    const path = join(entry.parentPath, entry.name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: now }));
    if (now - mtimeMs < age) continue;
    await rm(path, { force: true });
    removed++;
  }
  return removed;
}

/** After how many milliseconds a file is left over; undefined for one that stays. */
function lifetime(name: string, inObjects: boolean): number | undefined {
  if (inObjects) return /^tmp_(?:pack|idx|obj|rev)_/.test(name) ? 3_600_000 : undefined;
  return name.endsWith('.lock') ? 30_000 : undefined;
}
