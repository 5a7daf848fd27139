import { existsSync, lstatSync, mkdirSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * A folder for compiled code, which halves the time to start. What lies there is run, so it must be our own and nobody else may
 * write to it; undefined where such a folder cannot be had, as in a read-only container.
 */
function privateFolder() {
  try {
    const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'holdfast', 'code');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { uid, mode } = lstatSync(folder);
    return uid === process.getuid?.() && (mode & 0o022) === 0 ? folder : undefined;
  } catch {
    return undefined;
  }
}

const folder = privateFolder();
if (folder !== undefined) enableCompileCache(folder);
const sources = new URL('../src/cli/main.ts', import.meta.url);
await import(existsSync(fileURLToPath(sources)) ? sources : new URL('../dist/cli/main.js', import.meta.url));
