import type { SourceTree } from '../declared/tree.ts';
import type { CodeOwners, Dialect } from './codeowners.ts';
import { readGitea } from './gitea.ts';
import { readGithub } from './github.ts';
import { readGitlab } from './gitlab.ts';

/** Where each forge looks, the first that is there; no forge takes two. */
const places: Record<Dialect, readonly string[]> = {
  github: ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'],
  gitea: ['CODEOWNERS', 'docs/CODEOWNERS', '.gitea/CODEOWNERS'],
  gitlab: ['CODEOWNERS', 'docs/CODEOWNERS', '.gitlab/CODEOWNERS'],
};
const readers = { github: readGithub, gitea: readGitea, gitlab: readGitlab };

/** GitHub reads no larger file; a larger one is an error here, and asks nobody there. */
const mostBytes = 3 * 1024 * 1024;

/** The file that the forge would read in a tree, with what the forge would pass over as errors; null without one. */
export async function readCodeOwners(tree: SourceTree, dialect: Dialect): Promise<CodeOwners | null> {
  const link = places[dialect].find(place => tree.links.includes(place));
  const path = places[dialect].find(place => tree.files.some(file => file.path === place));
  const file = path ?? link;
  if (file === undefined) return null;
  const broken = (message: string): CodeOwners => ({
    file,
    dialect,
    errors: [{ line: 1, message }],
    ownersOf: () => [],
  });
  if (path === undefined) return broken('it is a symbolic link, which is not followed');
  if ((tree.files.find(one => one.path === path)?.size ?? 0) > mostBytes) return broken('it is too large');
  const bytes = (await tree.read([path])).get(path) ?? Buffer.alloc(0);
  return codeOwnersIn(bytes.toString('utf8'), dialect, path);
}

/** A file's text, read. */
export function codeOwnersIn(text: string, dialect: Dialect, file = 'CODEOWNERS'): CodeOwners {
  return { file, dialect, ...readers[dialect](text.replace(/^\uFEFF/, '')) };
}
