import { COLLECTION_STYLE, EVENT_ID, type Event, SCALAR_STYLE, type ScalarEvent } from 'js-yaml';
import { YamlError } from './problem.ts';

type Node = Exclude<Event, { type: typeof EVENT_ID.POP } | { type: typeof EVENT_ID.DOCUMENT }>;

/**
 * Throws for what the parser used here lets pass and go-yaml v2, and so kubectl, does not. Measured against kubectl; what
 * is accepted here and refused there would be compared but could not be applied by others.
 */
export function checkStrictness(text: string, events: readonly Event[]): void {
  const next = events.findIndex((event, index) => index > 0 && event.type === EVENT_ID.DOCUMENT);
  if (next !== -1) throw afterTheEnd(text);
  const flow: boolean[] = [];
  // anchors, tags and tabs are rare, and the rest of the text has none of what is looked for at each node
  const special = /[&*!\t]/.test(text);
  for (const event of events) {
    if (event.type === EVENT_ID.POP) flow.pop();
    else if (event.type === EVENT_ID.DOCUMENT) flow.push(false);
    else {
      const inFlow = flow.at(-1) === true;
      if (special) checkNode(text, event, inFlow);
      if (event.type === EVENT_ID.SCALAR) checkScalar(text, event, inFlow);
      if (event.type === EVENT_ID.SEQUENCE || event.type === EVENT_ID.MAPPING) {
        flow.push(inFlow || event.style === COLLECTION_STYLE.FLOW);
      }
    }
  }
}

/** After `...` kubectl reads nothing more: better to say so than to leave an object out without a word. */
function afterTheEnd(text: string): YamlError {
  const at = /^\.\.\.(?:\s|$)/m.exec(text)?.index ?? 0;
  return new YamlError(at, 'kubectl ignores what follows ‘...’: begin the next document with ‘---’');
}

function checkNode(text: string, event: Node, inFlow: boolean): void {
  if (event.anchorStart >= 0 && !/^[\w-]+$/.test(text.slice(event.anchorStart, event.anchorEnd))) {
    throw new YamlError(
      event.anchorStart,
      'the name of an anchor may have letters, digits, dashes and underscores',
    );
  }
  if ('tagEnd' in event && event.tagEnd >= 0 && /[,[\]{}]/.test(text[event.tagEnd] ?? '')) {
    throw new YamlError(event.tagStart, 'a space must follow a tag');
  }
  const start = startOf(event);
  if (inFlow || start <= 0) return;
  let before = start - 1;
  while (text[before] === '\t' || text[before] === ' ') before--;
  if (!text.slice(before + 1, start).includes('\t')) return;
  if (/[-?\n]/.test(text[before] ?? '\n'))
    throw new YamlError(start - 1, 'a tab where only spaces are allowed');
}

/** Where a node begins, with its anchor and tag; -1 where that is not known. */
function startOf(event: Node): number {
  const starts: number[] = [];
  if (event.anchorStart >= 0) starts.push(event.anchorStart - 1);
  if ('tagStart' in event && event.tagStart >= 0) starts.push(event.tagStart);
  if ('start' in event) starts.push(event.start);
  if (event.type === EVENT_ID.SCALAR && event.valueStart >= 0) {
    if (event.style === SCALAR_STYLE.PLAIN) starts.push(event.valueStart);
    else if (event.style !== SCALAR_STYLE.LITERAL_BLOCK && event.style !== SCALAR_STYLE.FOLDED_BLOCK) {
      starts.push(event.valueStart - 1);
    }
  }
  return starts.length === 0 ? -1 : Math.min(...starts);
}

function checkScalar(text: string, event: ScalarEvent, inFlow: boolean): void {
  if (event.style === SCALAR_STYLE.PLAIN && inFlow && event.valueStart >= 0) {
    const raw = text.slice(event.valueStart, event.valueEnd);
    if (raw.startsWith(':') || raw.includes('?')) {
      throw new YamlError(
        event.valueStart,
        'inside brackets a text with ‘?’ or with ‘:’ in front must be quoted',
      );
    }
  }
  if (inFlow && /^[ \t]*:[,[\]{}]/.test(text.slice(event.valueEnd, event.valueEnd + 80))) {
    throw new YamlError(event.valueStart, 'inside brackets a space must follow ‘:’');
  }
  if (event.style !== SCALAR_STYLE.DOUBLE_QUOTED || event.fast) return;
  const raw = text.slice(event.valueStart, event.valueEnd).replaceAll('\\\\', '');
  if (raw.includes('\\/')) throw new YamlError(event.valueStart, '‘\\/’ is no escape in YAML');
  if (/\\[uU](?:0000)?[dD][89a-fA-F]/.test(raw)) {
    throw new YamlError(event.valueStart, 'a \\u escape that is half of a surrogate pair');
  }
}
