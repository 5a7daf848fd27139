import { createHash } from 'node:crypto';
import type { Declaration } from '../../../src/declared/declaration.ts';
import { declare } from '../../../src/declared/declare.ts';

/** What a repository with these files declares at a revision. */
export function declaredFrom(files: Record<string, string>, revision: string): Promise<Declaration> {
  return declare({
    revision,
    files: Object.keys(files)
      .sort()
      .map(path => fileOf(path, files[path] ?? '')),
    links: [],
    read: async paths => new Map(paths.map(path => [path, Buffer.from(files[path] ?? '')])),
  });
}

function fileOf(path: string, text: string): { path: string; content: string; size: number } {
  return { path, content: createHash('sha256').update(text).digest('hex'), size: Buffer.byteLength(text) };
}
