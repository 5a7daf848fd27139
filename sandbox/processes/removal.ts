import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';

/**
 * Removes a workplace's folder with all that is in it, and first what is mounted there, so that no other file system is emptied
 * through it. Returns whether it is gone: what somebody still holds (a mount of another user, a busy disk) is no reason for whoever
 * comes next to fail.
 */
export function removeFolder(dir: string): boolean {
  try {
    for (const point of mountsWithin(dir, mountTable()))
      execFileSync('umount', ['-l', point], { stdio: 'ignore' });
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
    return true;
  } catch {
    return false;
  }
}

/** The mount points in a folder, the innermost first, from the text of `/proc/self/mounts` (proc(5): blanks as `\040`). */
export function mountsWithin(dir: string, table: string): string[] {
  return table
    .split('\n')
    .map(line =>
      (line.split(' ')[1] ?? '').replace(/\\([0-7]{3})/g, (_, code) =>
        String.fromCharCode(Number.parseInt(code, 8)),
      ),
    )
    .filter(point => point.startsWith(`${dir}/`))
    .toReversed();
}

/** Empty where the system has no such table. */
function mountTable(): string {
  try {
    return readFileSync('/proc/self/mounts', 'utf8');
  } catch {
    return '';
  }
}
