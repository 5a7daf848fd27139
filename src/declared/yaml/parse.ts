import { type Event, parseEvents, YAMLException } from 'js-yaml';
import { type Constructed, construct, type Dialect, type Duplicates } from './construct.ts';
import { lineAt, YamlError } from './problem.ts';
import { checkStrictness } from './strictness.ts';

/** A document's value, and the text that all offsets are of: that which was given, with the same lines. */
export interface Parsed extends Constructed {
  source: string;
}

/** Why a text cannot be read; `line` counts from 1 at its beginning. */
export class ParseFailure extends Error {
  readonly line: number;
  readonly kind: YamlError['kind'];

  constructor(line: number, reason: string, kind: YamlError['kind']) {
    super(reason);
    this.name = 'ParseFailure';
    this.line = line;
    this.kind = kind;
  }
}

export const maxDepth = 300;
/** How many lines are moved at most, and how many characters may be read again for it. */
const maxRepairs = 500;
const maxRepeated = 50_000_000;
/** Characters that go-yaml refuses anywhere in a text, comments included. */
const unprintable = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]|(?!^)\ufeff/;
/** Line breaks to YAML 1.1, characters like others to the parser used here. */
const foreignBreak = /[\x85\u2028\u2029]/;

/** Reads one YAML document as go-yaml v2 would. Throws a ParseFailure. */
export function parseYaml(text: string, duplicates?: Duplicates): Parsed {
  const read = (source: string) => {
    checkCharacters(source);
    const parsed = indulgently(source);
    checkStrictness(parsed.source, parsed.events);
    return parsed;
  };
  return parse(text, read, duplicates);
}

/** Reads a text that is known to be valid JSON, for the places of its parts. Throws a ParseFailure where YAML differs. */
export function parseJson(text: string): Parsed {
  return parse(text, source => ({ source, events: parseEvents(source, { maxDepth }) }));
}

/** Reads one document of YAML or JSON as another program than kubectl does. Throws a ParseFailure. */
export function parseDialect(text: string, dialect: Dialect): Parsed {
  const read = (source: string) => {
    checkCharacters(source);
    return indulgently(source);
  };
  return parse(text, read, dialect);
}

interface Read {
  source: string;
  events: Event[];
}

function parse(text: string, read: (text: string) => Read, reading?: Duplicates | Dialect): Parsed {
  let source = text;
  try {
    const found = read(text);
    source = found.source;
    return { source, ...construct(source, found.events, reading) };
  } catch (error) {
    if (error instanceof YamlError)
      throw new ParseFailure(lineAt(source, error.offset), error.message, error.kind);
    if (error instanceof YAMLException)
      throw new ParseFailure((error.mark?.line ?? 0) + 1, error.reason, 'syntax');
    throw error;
  }
}

/**
 * Inside brackets and quotes go-yaml does not care how lines are indented, nor for tabs; the parser used here does. Space
 * in front of a line means nothing there, so a line that it refuses for that alone is moved to the right.
 */
function indulgently(text: string): Read {
  let source = text;
  for (let repairs = 0; ; repairs++) {
    try {
      return { source, events: parseEvents(source, { maxDepth }) };
    } catch (error) {
      if (!(error instanceof YAMLException) || error.reason !== 'deficient indentation') throw error;
      const repaired = error.mark === undefined ? source : withoutTrouble(source, error.mark.position);
      if (repaired === source || repairs === maxRepairs || repairs * text.length > maxRepeated) throw error;
      source = repaired;
    }
  }
}

/** The parser stopped at `at`, inside brackets or quotes: indents that line, or makes spaces of the tabs before it. */
function withoutTrouble(source: string, at: number): string {
  let start = at;
  while (source[start - 1] === ' ' || source[start - 1] === '\t') start--;
  const space = source.slice(start, at);
  const better =
    start > 0 && source[start - 1] !== '\n' ? space.replaceAll('\t', ' ') : ' '.repeat(2 * maxDepth);
  return source.slice(0, start) + better + source.slice(at);
}

function checkCharacters(text: string): void {
  const control = unprintable.exec(text);
  if (control !== null) throw new YamlError(control.index, 'it holds a control character');
  const lineBreak = foreignBreak.exec(text);
  if (lineBreak === null) return;
  const code = lineBreak[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  throw new YamlError(lineBreak.index, `it holds U+${code}, which kubectl takes for a line break`);
}
