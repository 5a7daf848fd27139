import type { CodeOwners, CodeOwnersError, Owner, Ownership } from './codeowners.ts';
import { type Glob, globOf } from './glob.ts';
import { ownerOf, allWordsOf as wordsOf } from './words.ts';

interface Section {
  name: string | null;
  approvals: number;
  optional: boolean;
  defaults: Owner[];
  entries: { glob: Glob; owners: Owner[]; line: number }[];
  /** What needs nobody's approval in this section (`!pattern`). */
  excluded: Glob[];
}

const header = /^(\^)?\[([^\]]*)\](?:\[([^\]]*)\])?(?:\s+(.*))?$/;

/**
 * GitLab's syntax: sections with a number of approvals and default owners, of which each counts by itself; in a section the
 * last pattern that matches decides. (docs.gitlab.com, "Code Owners".)
 */
export function readGitlab(text: string): Pick<CodeOwners, 'errors' | 'ownersOf'> {
  const errors: CodeOwnersError[] = [];
  const sections = [sectionOf(null)];
  let current = sections[0] ?? sectionOf(null);
  for (const [index, content] of text.split(/\r?\n/).entries()) {
    const line = index + 1;
    const wrong = (message: string) => errors.push({ line, message });
    const trimmed = content.trim();
    if (trimmed.startsWith('[') || trimmed.startsWith('^[')) {
      current = openSection(sections, trimmed, wrong) ?? current;
    } else if (!trimmed.startsWith('#')) addEntry(current, wordsOf(trimmed), line, wrong);
  }
  return {
    errors,
    ownersOf: (path): Ownership[] => sections.flatMap(section => ownershipIn(section, path)),
  };
}

function sectionOf(name: string | null): Section {
  return { name, approvals: 1, optional: false, defaults: [], entries: [], excluded: [] };
}

/** Headers of one name, in any case, open the same section; the first one says how many must approve. */
function openSection(
  sections: Section[],
  text: string,
  wrong: (message: string) => void,
): Section | undefined {
  const [, optional, name = '', count, defaults = ''] = header.exec(text) ?? [];
  if (name.trim() === '') {
    wrong('the header of a section is not as it must be: [Name], [Name][2] or ^[Name]');
    return undefined;
  }
  const approvals = count === undefined ? 1 : Number(count);
  if (!Number.isInteger(approvals) || approvals < 1) wrong(`[${count}] is no number of approvals`);
  const key = name.trim().toLowerCase();
  const known = sections.find(section => section.name?.toLowerCase() === key);
  const section = known ?? sectionOf(name.trim());
  if (known === undefined) {
    section.approvals = Math.max(1, Math.floor(approvals) || 1);
    section.optional = optional !== undefined;
    sections.push(section);
  }
  section.defaults = ownersOf(wordsOf(defaults), wrong);
  return section;
}

function addEntry(section: Section, words: string[], line: number, wrong: (message: string) => void): void {
  const [pattern, ...names] = words;
  if (pattern === undefined) return;
  if (pattern.startsWith('!')) {
    section.excluded.push(globOf(segmentsOf(pattern.slice(1)), true));
    return;
  }
  const owners = names.length === 0 ? section.defaults : ownersOf(names, wrong);
  section.entries.push({ glob: globOf(segmentsOf(pattern), true), owners, line });
}

/** GitLab has no comments at the end of a line: what looks like an owner there is one, and other words are passed over. */
function ownersOf(words: readonly string[], wrong: (message: string) => void): Owner[] {
  const comment = words.findIndex(word => word.startsWith('#'));
  return words.flatMap((word, index) => {
    const owner = ownerOf(word);
    const said = comment >= 0 && index >= comment;
    if (owner === undefined && !said) wrong(`${word} is no account, group, role or e-mail address`);
    return owner ?? [];
  });
}

function ownershipIn(section: Section, path: string): Ownership[] {
  if (section.excluded.some(glob => glob.matches(path))) return [];
  const last = section.entries.findLast(({ glob }) => glob.matches(path));
  if (last === undefined || last.owners.length === 0) return [];
  const { approvals, optional, name } = section;
  const named = name === null ? {} : { section: name };
  return [{ ...named, owners: last.owners, approvals, optional, line: last.line }];
}

/** A pattern without `/` before it matches at any depth, one with `/` after it all that is below. */
function segmentsOf(pattern: string): string[] {
  if (pattern === '*') return ['**', '*'];
  const parts = pattern.replace(/^\\#/, '#').split('/');
  const segments = parts[0] === '' ? parts.slice(1) : ['**', ...parts];
  return segments.at(-1) === '' ? [...segments.slice(0, -1), '**', '*'] : segments;
}
