import { parseYaml } from '../../declared/yaml/parse.ts';
import type { Json } from '../../json/json.ts';
import { CannotEdit, type ScalarLook } from './nodes.ts';

/** How a value is to look: inside brackets, as JSON, and as the scalar that it takes the place of. */
export interface Look {
  flow: boolean;
  json: boolean;
  like?: ScalarLook | undefined;
}

/** A value on one line, which reads back as exactly that value. Throws CannotEdit for what has no such text. */
export function inlineText(value: Json, look: Look): string {
  if (Array.isArray(value))
    return `[${value.map(item => inlineText(item, { ...look, flow: true })).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const inside = { ...look, flow: true };
    const entries = Object.entries(value).map(
      ([key, item]) => `${keyText(key, inside)}: ${inlineText(item, inside)}`,
    );
    return `{${entries.join(', ')}}`;
  }
  if (typeof value === 'string') return stringText(value, look);
  const text = JSON.stringify(value);
  if (!look.json && !reads(text, value, look.flow))
    throw new CannotEdit('a number has no exact form in YAML');
  return text;
}

export function keyText(key: string, look: Pick<Look, 'flow' | 'json'>): string {
  if (look.json) return JSON.stringify(key);
  if (/^[A-Za-z_][\w./-]*$/.test(key) && isKey(key, look.flow)) return key;
  return quoted(key);
}

function isKey(key: string, flow: boolean): boolean {
  try {
    const { value } = parseYaml(flow ? `{${key}: 1}` : `${key}: 1`);
    return JSON.stringify(value) === JSON.stringify({ [key]: 1 });
  } catch {
    return false;
  }
}

function stringText(text: string, { flow, json, like }: Look): string {
  if (json || like === 'double') return quoted(text);
  if (like === 'single' && !/[^\x20-\x7e\u00a0-\ud7ff\ue000-\ufffd]/.test(text)) {
    const single = `'${text.replaceAll("'", "''")}'`;
    if (reads(single, text, flow)) return single;
  }
  const plain = /^[A-Za-z0-9_./(~$][^\n#]*$/.test(text) && !/[\s:]$|: | #|[[\]{},]/.test(text);
  return plain && reads(text, text, flow) ? text : quoted(text);
}

/** Double-quoted: JSON is YAML here, once all that YAML takes for no printable character is escaped. */
function quoted(text: string): string {
  if (!text.isWellFormed()) throw new CannotEdit('a text holds half of a character');
  return JSON.stringify(text).replace(
    /[\x7f-\xa0\u2028\u2029\ufeff\ufffe\uffff]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function reads(text: string, value: Json, flow: boolean): boolean {
  try {
    const read = parseYaml(flow ? `[${text}]` : `k: ${text}\n`).value;
    return JSON.stringify(read) === JSON.stringify(flow ? [value] : { k: value });
  } catch {
    return false;
  }
}

/** A text of several lines as a literal block, header included and with `indent` spaces before each line; undefined where it has none. */
export function literalText(text: string, indent: number): string | undefined {
  if (
    !/\n/.test(text) ||
    /^[\n ]|[^\t\n\x20-\x7e\u00a1-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]/.test(text)
  )
    return undefined;
  const chomping = !text.endsWith('\n') ? '-' : text.endsWith('\n\n') ? '+' : '';
  const lines = (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
  const pad = ' '.repeat(indent);
  return `|${chomping}\n${lines.map(line => (line === '' ? '' : pad + line)).join('\n')}`;
}

/** `key: value` as lines of a block, the first of them indented too and the last without a line break. */
export function blockEntry(key: string, value: Json, indent: number): string {
  return `${' '.repeat(indent)}${keyText(key, { flow: false, json: false })}:${behind(value, indent)}`;
}

/** `- value` as lines of a block. */
export function blockItem(value: Json, indent: number): string {
  const pad = ' '.repeat(indent);
  if (isFull(value) && !Array.isArray(value)) return `${pad}- ${mapLines(value, indent + 2).trimStart()}`;
  if (typeof value === 'string') {
    const literal = literalText(value, indent + 2);
    if (literal !== undefined) return `${pad}- ${literal}`;
  }
  return `${pad}- ${inlineText(value, { flow: false, json: false })}`;
}

/** What stands behind the colon of a key that is indented so far. */
export function behind(value: Json, indent: number): string {
  if (isFull(value)) {
    return Array.isArray(value)
      ? `\n${value.map(item => blockItem(item, indent + 2)).join('\n')}`
      : `\n${mapLines(value, indent + 2)}`;
  }
  const literal = typeof value === 'string' ? literalText(value, indent + 2) : undefined;
  return ` ${literal ?? inlineText(value, { flow: false, json: false })}`;
}

function mapLines(value: { [key: string]: Json }, indent: number): string {
  return Object.entries(value)
    .map(([key, item]) => blockEntry(key, item, indent))
    .join('\n');
}

function isFull(value: Json): value is Json[] | { [key: string]: Json } {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}
