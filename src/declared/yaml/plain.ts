import type { Json, JsonObject } from '../../json/json.ts';
import { resolveImplicit } from './scalar.ts';

/** Thrown where the text is not surely plain; it never leaves this file. */
const notPlain = new Error('not plain');

const printable = /^[\n -~]*$/;
/** A key that is surely a string and needs no quotes, with what follows its colon. */
const entry = /^([A-Za-z_][\w./-]{0,200}):(?: +(.*))?$/;
/** How a text without quotes may begin here; what else may is left to the whole reader. */
const plainStart = /^(?:[\w/.+~$(^;\\]|-[^ ])/;
const deepest = 60;

/**
 * Reads a mapping in the block style that nearly all manifests are written in: one key or item a line, texts plain, quoted without
 * escapes, or literal. Undefined for whatever is not surely that and nothing else: mistakes, anchors, tags, flow style, lists of
 * objects, other alphabets. Where it answers, `parseYaml` gives the same value; it only takes several times as long.
 */
export function readPlain(text: string): { value: JsonObject; line: number } | undefined {
  if (!printable.test(text) || !text.endsWith('\n') || /List *$/m.test(text)) return undefined;
  try {
    return new PlainReader(text).document();
  } catch (error) {
    if (error === notPlain) return undefined;
    throw error;
  }
}

class PlainReader {
  readonly #lines: string[];
  #next = 0;
  #depth = 0;
  /** The line that is read next, without indentation and space at its end; undefined at the end. */
  #content: string | undefined;
  #indent = 0;

  constructor(text: string) {
    this.#lines = text.split('\n');
    this.#advance();
  }

  document(): { value: JsonObject; line: number } {
    const line = this.#next;
    if (this.#content === undefined || this.#indent !== 0 || isItem(this.#content)) throw notPlain;
    const value = this.#map(0);
    if (this.#content !== undefined) throw notPlain;
    return { value, line };
  }

  /** Goes to the next line that is neither blank nor a comment. */
  #advance(): void {
    while (this.#next < this.#lines.length) {
      const line = this.#lines[this.#next] ?? '';
      this.#next += 1;
      const indent = indentOf(line);
      if (indent === line.length || line.charCodeAt(indent) === 35) continue;
      this.#indent = indent;
      this.#content = line.slice(indent).trimEnd();
      return;
    }
    this.#content = undefined;
    this.#indent = -1;
  }

  #map(indent: number): JsonObject {
    const object: JsonObject = {};
    this.#descend();
    while (this.#content !== undefined && this.#indent >= indent) {
      if (this.#indent > indent || isItem(this.#content)) throw notPlain;
      const [, key = '', rest] = entry.exec(this.#content) ?? [];
      if (key === '' || key === '__proto__' || Object.hasOwn(object, key) || !isText(key)) throw notPlain;
      object[key] = rest === undefined || rest === '' ? this.#nested(indent) : this.#scalar(rest, indent);
    }
    this.#depth -= 1;
    return object;
  }

  /** What stands below a key: more to the right, or items right under it. */
  #nested(indent: number): Json {
    this.#advance();
    if (this.#content === undefined || this.#indent < indent) return null;
    if (isItem(this.#content)) return this.#sequence(this.#indent);
    return this.#indent === indent ? null : this.#map(this.#indent);
  }

  #sequence(indent: number): Json[] {
    const items: Json[] = [];
    this.#descend();
    while (this.#content !== undefined && this.#indent >= indent && isItem(this.#content)) {
      if (this.#indent > indent) throw notPlain;
      const rest = this.#content.slice(1).trimStart();
      if (entry.test(rest)) {
        this.#indent += this.#content.length - rest.length;
        this.#content = rest;
        items.push(this.#map(this.#indent));
      } else items.push(this.#scalar(rest, indent));
    }
    this.#depth -= 1;
    return items;
  }

  /** A value on the line of its key or dash. What follows must not be more to the right: it would belong to it. */
  #scalar(rest: string, indent: number): Json {
    if (rest === '|' || rest === '|-') return this.#literal(indent, rest === '|');
    const value = scalarOf(rest);
    this.#advance();
    if (this.#indent > indent) throw notPlain;
    return value;
  }

  #literal(indent: number, closed: boolean): string {
    const own = indentOf(this.#lines[this.#next] ?? '');
    const first = this.#next;
    if (own <= indent || own === (this.#lines[first] ?? '').length) throw notPlain;
    let end = first;
    for (let at = first; at < this.#lines.length; at += 1) {
      const line = this.#lines[at] ?? '';
      const found = indentOf(line);
      if (found === line.length) {
        if (found > own) throw notPlain;
      } else if (found < own) {
        if (found > indent) throw notPlain;
        break;
      } else end = at + 1;
    }
    const text = this.#lines.slice(first, end).map(line => line.slice(own));
    this.#next = end;
    this.#advance();
    return text.join('\n') + (closed ? '\n' : '');
  }

  #descend(): void {
    this.#depth += 1;
    if (this.#depth > deepest) throw notPlain;
  }
}

function indentOf(line: string): number {
  let indent = 0;
  while (line.charCodeAt(indent) === 32) indent += 1;
  return indent;
}

function isItem(content: string): boolean {
  return content.charCodeAt(0) === 45 && (content.length === 1 || content.charCodeAt(1) === 32);
}

function isText(plain: string): boolean {
  return resolveImplicit(plain).tag === 'str';
}

function scalarOf(rest: string): Json {
  const first = rest.charCodeAt(0);
  if (first === 34 || first === 39) return quoted(rest, rest.charAt(0));
  if (rest === '{}') return {};
  if (rest === '[]') return [];
  const comment = rest.indexOf(' #');
  const text = comment === -1 ? rest : rest.slice(0, comment).trimEnd();
  if (!plainStart.test(text) || text.includes(': ') || text.endsWith(':')) throw notPlain;
  const resolved = resolveImplicit(text);
  if (resolved.tag === 'str' || resolved.tag === 'bool' || resolved.tag === 'null') return resolved.value;
  const number = Number(resolved.value);
  if (resolved.tag !== 'int' || !Number.isSafeInteger(number)) throw notPlain;
  return number;
}

/** A quoted text on one line, with nothing in it that would mean something else, and at most a comment behind it. */
function quoted(rest: string, quote: string): string {
  const end = rest.indexOf(quote, 1);
  const after = rest.slice(end + 1);
  if (end === -1 || (after !== '' && !/^ +#/.test(after))) throw notPlain;
  const text = rest.slice(1, end);
  if (quote === '"' && text.includes('\\')) throw notPlain;
  return text;
}
