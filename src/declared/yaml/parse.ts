import { EVENT_ID, type Event, getScalarValue, parseEvents, SCALAR_STYLE, YAMLException } from 'js-yaml';
import { type Constructed, construct } from './construct.ts';
import { lineAt, YamlError } from './problem.ts';

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
const maxRepairs = 500;
/** Characters that go-yaml refuses anywhere in a text, comments included. */
const unprintable = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]|(?!^)\ufeff/;
/** Line breaks to YAML 1.1, characters like others to the parser used here. */
const foreignBreak = /[\x85\u2028\u2029]/;
const halfPair = /\\[uU](?:0000)?[dD][89a-fA-F]/;

/** Reads one YAML document as go-yaml v2 would. Throws a ParseFailure. */
export function parseYaml(text: string): Parsed {
  return parse(text, source => {
    checkCharacters(source);
    const parsed = indulgently(source);
    checkEnd(parsed.source, parsed.events);
    checkEscapes(parsed.source, parsed.events);
    return parsed;
  });
}

/** Reads a text that is known to be valid JSON, for the places of its parts. Throws a ParseFailure where YAML differs. */
export function parseJson(text: string): Parsed {
  return parse(text, source => ({ source, events: parseEvents(source, { maxDepth }) }));
}

interface Read {
  source: string;
  events: Event[];
}

function parse(text: string, read: (text: string) => Read): Parsed {
  let source = text;
  try {
    const found = read(text);
    source = found.source;
    return { source, ...construct(source, found.events) };
  } catch (error) {
    if (error instanceof YamlError)
      throw new ParseFailure(lineAt(source, error.offset), error.message, error.kind);
    if (error instanceof YAMLException)
      throw new ParseFailure((error.mark?.line ?? 0) + 1, error.reason, 'syntax');
    throw error;
  }
}

/**
 * Inside brackets and quotes go-yaml does not care how lines are indented; the parser used here does. Leading space means
 * nothing there, so a line that it refuses for that alone is moved to the right.
 */
function indulgently(text: string): Read {
  let source = text;
  let moved = -1;
  for (let repairs = 0; ; repairs++) {
    try {
      return { source, events: parseEvents(source, { maxDepth }) };
    } catch (error) {
      if (!(error instanceof YAMLException) || error.reason !== 'deficient indentation') throw error;
      const { mark } = error;
      if (mark === undefined || mark.line <= moved || repairs === maxRepairs) throw error;
      moved = mark.line;
      const start = source.lastIndexOf('\n', mark.position - 1) + 1;
      source = source.slice(0, start) + ' '.repeat(2 * maxDepth) + source.slice(start);
    }
  }
}

function checkCharacters(text: string): void {
  const control = unprintable.exec(text);
  if (control !== null) throw new YamlError(control.index, 'it holds a control character');
  const lineBreak = foreignBreak.exec(text);
  if (lineBreak === null) return;
  const code = lineBreak[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  throw new YamlError(lineBreak.index, `it holds U+${code}, which kubectl takes for a line break`);
}

/** After `...` kubectl reads nothing more: better to say so than to leave an object out without a word. */
function checkEnd(text: string, events: readonly Event[]): void {
  const next = events.findIndex((event, index) => index > 0 && event.type === EVENT_ID.DOCUMENT);
  if (next === -1) return;
  const at = /^\.\.\.(?:\s|$)/m.exec(text)?.index ?? 0;
  throw new YamlError(at, 'kubectl ignores what follows ‘...’: begin the next document with ‘---’');
}

/** go-yaml refuses halves of surrogate pairs in `\u` escapes, even when both are there. */
function checkEscapes(text: string, events: readonly Event[]): void {
  if (!halfPair.test(text)) return;
  for (const event of events) {
    if (event.type !== EVENT_ID.SCALAR || event.style !== SCALAR_STYLE.DOUBLE_QUOTED || event.fast) continue;
    const raw = text.slice(event.valueStart, event.valueEnd).replaceAll('\\\\', '');
    if (halfPair.test(raw) || !getScalarValue(text, event).isWellFormed()) {
      throw new YamlError(event.valueStart, 'a \\u escape that is half of a surrogate pair');
    }
  }
}
