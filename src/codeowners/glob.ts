/**
 * Patterns of paths as the forges write them in CODEOWNERS: `*` and `?` within a segment, `**` over segments. Matching takes
 * time of the pattern's length times the path's, whatever they are: both come from outside.
 */
export interface Glob {
  matches(path: string): boolean;
}

type Token = { is: 'any' } | { is: 'one' } | { is: 'set'; accepts: (char: string) => boolean } | string;

/** Segments to match; `**` as a whole segment stands for any number of them, `**+` at the end for one or more. */
export function globOf(segments: readonly string[], sets: boolean): Glob {
  const parts = segments.map(segment => (isDeep(segment) ? segment : tokensOf(segment, sets)));
  return { matches: path => matchParts(parts, path.split('/')) };
}

type Part = Token[] | string;

function isDeep(segment: string): boolean {
  return segment === '**' || segment === '**+';
}

/** Every way is followed at once: `reached` are the parts that may come next. */
function matchParts(parts: readonly Part[], path: readonly string[]): boolean {
  let reached = spread(parts, new Set([0]));
  for (const segment of path) {
    const next = new Set<number>();
    for (const at of reached) {
      const part = parts[at];
      if (part === undefined) continue;
      if (part === '**') next.add(at);
      else if (part === '**+') next.add(at).add(at + 1);
      else if (typeof part !== 'string' && matchSegment(part, segment)) next.add(at + 1);
    }
    reached = spread(parts, next);
  }
  return reached.has(parts.length);
}

/** With what may be passed over: `**` also stands for no segment. */
function spread(parts: readonly Part[], reached: Set<number>): Set<number> {
  for (const at of reached) if (parts[at] === '**') reached.add(at + 1);
  return reached;
}

function tokensOf(segment: string, sets: boolean): Token[] {
  const tokens: Token[] = [];
  const chars = Array.from(segment);
  for (let at = 0; at < chars.length; at += 1) {
    const char = chars[at] ?? '';
    if (char === '\\') {
      at += 1;
      tokens.push(chars[at] ?? '\\');
    } else if (char === '*') tokens.push({ is: 'any' });
    else if (char === '?') tokens.push({ is: 'one' });
    else if (char === '[' && sets) {
      const end = chars.indexOf(']', at + 2);
      if (end < 0) tokens.push(char);
      else {
        tokens.push({ is: 'set', accepts: setOf(chars.slice(at + 1, end)) });
        at = end;
      }
    } else tokens.push(char);
  }
  return tokens;
}

function setOf(chars: readonly string[]): (char: string) => boolean {
  const negative = chars[0] === '^' || chars[0] === '!';
  const members = negative ? chars.slice(1) : chars;
  const ranges: [string, string][] = [];
  for (let at = 0; at < members.length; at += 1) {
    const from = members[at] ?? '';
    const to = members[at + 2];
    if (members[at + 1] === '-' && to !== undefined) {
      ranges.push([from, to]);
      at += 2;
    } else ranges.push([from, from]);
  }
  return char => ranges.some(([from, to]) => char >= from && char <= to) !== negative;
}

/** Goes back to the last `*` only, which suffices: time is quadratic at most. */
function matchSegment(tokens: readonly Token[], segment: string): boolean {
  const chars = Array.from(segment);
  let [token, at, star, mark] = [0, 0, -1, 0];
  while (at < chars.length) {
    const now = tokens[token];
    if (now !== undefined && typeof now !== 'string' && now.is === 'any') {
      star = token;
      mark = at;
      token += 1;
    } else if (now !== undefined && accepts(now, chars[at] ?? '')) {
      token += 1;
      at += 1;
    } else if (star >= 0) {
      token = star + 1;
      mark += 1;
      at = mark;
    } else return false;
  }
  return tokens.slice(token).every(rest => typeof rest !== 'string' && rest.is === 'any');
}

function accepts(token: Token, char: string): boolean {
  if (typeof token === 'string') return token === char;
  return token.is === 'set' ? token.accepts(char) : token.is === 'one';
}
