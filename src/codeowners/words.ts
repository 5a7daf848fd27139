import type { Owner } from './codeowners.ts';

/** The words of a line: separated by blanks unless a `\` stands before. */
export function allWordsOf(line: string): string[] {
  return line.match(/(?:\\.|[^\s\\]|\\$)+/gu) ?? [];
}

/** The same, where a word that begins with `#` ends the line. */
export function wordsOf(line: string): string[] {
  const words = allWordsOf(line);
  const comment = words.findIndex(word => word.startsWith('#'));
  return comment < 0 ? words : words.slice(0, comment);
}

const user = /^@[A-Za-z0-9][\w.-]*$/;
const team = /^@[A-Za-z0-9][\w.-]*(?:\/[\w.-]+)+$/;
const email = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** An owner as GitHub and GitLab write it; undefined for what is none. */
export function ownerOf(word: string): Owner | undefined {
  if (user.test(word)) return { kind: 'user', name: word.slice(1) };
  if (team.test(word)) return { kind: 'team', name: word.slice(1) };
  if (/^@@[a-z]+$/i.test(word)) return { kind: 'role', name: word.slice(2).toLowerCase() };
  return email.test(word) ? { kind: 'email', name: word } : undefined;
}
