import type { CodeOwners, CodeOwnersError, Owner, Ownership } from './codeowners.ts';
import { type Glob, globOf } from './glob.ts';
import { ownerOf, wordsOf } from './words.ts';

interface Entry {
  glob: Glob;
  owners: Owner[];
  line: number;
}

/**
 * GitHub's syntax: patterns as in gitignore without `!` and `[ ]`, the last one that matches decides, and one without owners
 * takes ownership away. (docs.github.com, "About code owners".)
 */
export function readGithub(text: string): Pick<CodeOwners, 'errors' | 'ownersOf'> {
  const entries: Entry[] = [];
  const errors: CodeOwnersError[] = [];
  for (const [index, content] of text.split(/\r?\n/).entries()) {
    const [pattern, ...names] = wordsOf(content.trim());
    if (pattern === undefined) continue;
    const line = index + 1;
    const wrong = patternMistake(pattern);
    if (wrong !== undefined) {
      errors.push({ line, message: wrong });
      continue;
    }
    const owners = names.flatMap(name => {
      const owner = ownerOf(name);
      if (owner !== undefined && owner.kind !== 'role') return [owner];
      errors.push({ line, message: `${name} is no account, team or e-mail address` });
      return [];
    });
    entries.push({ glob: globOf(segmentsOf(pattern), false), owners, line });
  }
  return {
    errors,
    ownersOf(path): Ownership[] {
      const last = entries.findLast(({ glob }) => glob.matches(path));
      if (last === undefined || last.owners.length === 0) return [];
      return [{ owners: last.owners, approvals: 1, optional: false, line: last.line }];
    },
  };
}

function patternMistake(pattern: string): string | undefined {
  if (pattern.startsWith('!')) return 'a pattern must not begin with !';
  if (/(?<!\\)[[\]]/.test(pattern)) return 'a pattern must not have [ ]';
  if (pattern.includes('***')) return 'a pattern must not have ***';
  return undefined;
}

/** A pattern of one segment matches at any depth; a folder stands for all below it, and `/*` at the end for files in it only. */
function segmentsOf(pattern: string): string[] {
  const parts = pattern.split('/');
  const anchored = parts[0] === '';
  const segments = anchored ? parts.slice(1) : parts;
  const single = segments.length === 1 || (segments.length === 2 && segments[1] === '');
  if (!anchored && single && segments[0] !== '**') segments.unshift('**');
  const last = segments.at(-1) ?? '';
  if (last === '' || (last === '**' && segments.length > 1)) return [...segments.slice(0, -1), '**+'];
  // `*` alone stands for every file, which `**` before it has brought in; in a folder it does not reach deeper
  return last === '*' || last === '**' ? segments : [...segments, '**'];
}
