/** A piece of HCL: a word, a quoted text as it stands between its quotes, or one sign. */
export interface Token {
  kind: 'word' | 'text' | 'sign';
  text: string;
  line: number;
}

/**
 * The tokens of an HCL file, as far as they tell its blocks apart: comments, heredocs and what is interpolated are passed over.
 * Never throws: what it does not understand is a sign, and a text that does not end goes to the end of its line.
 */
export function tokensOf(hcl: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  for (let at = 0; at < hcl.length; ) {
    const { kind, end } = pieceAt(hcl, at);
    const piece = hcl.slice(at, end);
    if (kind !== undefined) tokens.push({ kind, text: kind === 'text' ? piece.slice(1, -1) : piece, line });
    line += piece.split('\n').length - 1;
    at = end;
  }
  return tokens;
}

/** What begins at a place, and where it ends; without a kind it is a comment, a heredoc or one blank. */
export function pieceAt(hcl: string, at: number): { kind?: Token['kind']; end: number } {
  const two = hcl.slice(at, at + 2);
  const one = two[0] ?? '';
  if (one === '#' || two === '//') return { end: endOf(hcl, '\n', at) };
  if (two === '/*') return { end: endOf(hcl, '*/', at) + 2 };
  if (two === '<<') return { end: afterHeredoc(hcl, at) };
  if (one === '"') return { kind: 'text', end: afterText(hcl, at) };
  word.lastIndex = at;
  if (word.test(hcl)) return { kind: 'word', end: word.lastIndex };
  return one.trim() === '' ? { end: at + 1 } : { kind: 'sign', end: at + 1 };
}

const word = /[A-Za-z_][\w-]*/y;

function endOf(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from);
  return found === -1 ? text.length : found;
}

/** Texts within texts nest no deeper than this: more is an attack, and is read as if the inner ones ended. */
const deepest = 100;

/** After the quote that ends a text; texts within `${…}` belong to it. */
function afterText(hcl: string, from: number, nesting = 0): number {
  let depth = 0;
  for (let at = from + 1; at < hcl.length; at += 1) {
    const sign = hcl[at];
    if (sign === '\\') at += 1;
    else if ((sign === '$' || sign === '%') && hcl[at + 1] === '{') {
      depth += 1;
      at += 1;
    } else if (depth > 0 && sign === '{') depth += 1;
    else if (depth > 0 && sign === '}') depth -= 1;
    else if (depth > 0 && sign === '"' && nesting < deepest) at = afterText(hcl, at, nesting + 1) - 1;
    else if (sign === '"') return at + 1;
    else if (sign === '\n') return at;
  }
  return hcl.length;
}

function afterHeredoc(hcl: string, from: number): number {
  const mark = /^<<-?([A-Za-z_][\w-]*)[^\S\n]*\r?\n/.exec(hcl.slice(from, from + 200));
  if (mark === null) return from + 2;
  let at = from + mark[0].length;
  while (at < hcl.length) {
    const end = endOf(hcl, '\n', at);
    if (hcl.slice(at, end).trim() === mark[1]) return end;
    at = end + 1;
  }
  return hcl.length;
}
