import { patternMatcher } from '../validate/pattern/match.ts';
import type { CodeOwners, CodeOwnersError, Owner, Ownership } from './codeowners.ts';

interface Rule {
  matches(path: string): boolean;
  owners: Owner[];
  line: number;
}

/**
 * Gitea's and Forgejo's syntax: regular expressions of the whole path, `!` before one for all paths that it does not match,
 * `\` before a character that is meant as it is, and every rule that matches counts. (Gitea 1.26, models/issues/pull.go.)
 */
export function readGitea(text: string): Pick<CodeOwners, 'errors' | 'ownersOf'> {
  const rules: Rule[] = [];
  const errors: CodeOwnersError[] = [];
  for (const [index, content] of text.split(/\r?\n/).entries()) {
    const line = index + 1;
    const rule = ruleOf(tokensOf(content), message => errors.push({ line, message }));
    if (rule !== undefined) rules.push({ ...rule, line });
  }
  return {
    errors,
    ownersOf: (path): Ownership[] =>
      rules
        .filter(rule => rule.matches(path))
        .map(({ owners, line }) => ({ owners, approvals: 1, optional: false, line })),
  };
}

function ruleOf(tokens: readonly string[], wrong: (message: string) => void): Omit<Rule, 'line'> | undefined {
  const [first, ...names] = tokens;
  if (first === undefined) return undefined;
  const negative = first.startsWith('!');
  const expression = first.replace(/^!/, '').replace(/^\//, '');
  const matcher = patternMatcher(`^${expression}$`);
  if (matcher === undefined) {
    wrong('the pattern is no regular expression, or one that is not supported here');
    return undefined;
  }
  const owners = names.flatMap(name => {
    const owner = ownerOf(name);
    if (owner === undefined) wrong(`${name} is no account or team`);
    return owner ?? [];
  });
  if (owners.length === 0) {
    wrong('the rule names nobody');
    return undefined;
  }
  // what takes too long to tell is taken as matched: it asks for more, never for less
  return { owners, matches: path => (matcher(path) ?? !negative) !== negative };
}

function ownerOf(name: string): Owner | undefined {
  const plain = name.replace(/^@/, '');
  if (/^[\w.-]+$/.test(plain)) return { kind: 'user', name: plain };
  return /^[\w.-]+\/[^/\s]+$/.test(plain) ? { kind: 'team', name: plain } : undefined;
}

/** As Gitea takes a line apart: blanks separate, `#` ends it anywhere, and `\` makes the next character a plain one. */
function tokensOf(line: string): string[] {
  const tokens: string[] = [];
  let token = '';
  let escaped = false;
  for (const char of line.trim().replaceAll('\t', ' ')) {
    if (escaped) {
      token += char;
      escaped = false;
    } else if (char === '\\') escaped = true;
    else if (char === '#') break;
    else if (char !== ' ') token += char;
    else {
      if (token !== '') tokens.push(token);
      token = '';
    }
  }
  return token === '' ? tokens : [...tokens, token];
}
