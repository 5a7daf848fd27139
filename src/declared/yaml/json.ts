/** The JSON values at the beginning of a text, and where what is not JSON begins. */
export interface JsonPrefix {
  values: { text: string; offset: number }[];
  rest: number;
}

/**
 * kubectl reads a file that starts with `{` as a stream of JSON values, and turns to YAML at the first thing that is none
 * (`---`, a comment, a flow mapping that is YAML only).
 */
export function jsonPrefix(text: string): JsonPrefix {
  const values: JsonPrefix['values'] = [];
  let at = spaceEnd(text, 0);
  while (text[at] === '{') {
    const end = valueEnd(text, at);
    const value = text.slice(at, end);
    if (!isJson(value)) break;
    values.push({ text: value, offset: at });
    at = spaceEnd(text, end);
  }
  return { values, rest: at };
}

function spaceEnd(text: string, from: number): number {
  const space = /\s*/y;
  space.lastIndex = from;
  space.test(text);
  return space.lastIndex;
}

/** Where the braces that open at `from` are closed; the end of the text if nowhere. */
function valueEnd(text: string, from: number): number {
  const token = /["{}]/g;
  token.lastIndex = from;
  let depth = 0;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    if (match[0] === '"') token.lastIndex = stringEnd(text, token.lastIndex);
    else depth += match[0] === '{' ? 1 : -1;
    if (depth === 0) return token.lastIndex;
  }
  return text.length;
}

function stringEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const character = text[at];
    if (character === '\\') at++;
    else if (character === '"') return at + 1;
  }
  return text.length;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
