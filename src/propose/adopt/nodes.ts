import {
  CHOMPING_MODE,
  COLLECTION_STYLE,
  EVENT_ID,
  type Event,
  getScalarValue,
  parseEvents,
  SCALAR_STYLE,
} from 'js-yaml';
import { maxDepth } from '../../declared/yaml/parse.ts';

/** Why a text cannot be edited, in words that follow "it cannot be written: ". */
export class CannotEdit extends Error {}

export type ScalarLook = 'plain' | 'single' | 'double' | 'literal' | 'folded';

/**
 * A node with its place in the text. `from` is where its region begins: behind the colon, the dash, the bracket or the comma before
 * it. `start` and `end` are of its own text (quotes and the header of a block scalar included); nothing for what is not written.
 */
interface Place {
  from: number;
  start: number;
  end: number;
  /** It has an anchor or a tag: writing here would mean something else, or somewhere else too. */
  marked: boolean;
}
export interface ScalarNode extends Place {
  kind: 'scalar';
  look: ScalarLook;
}
export interface EmptyNode extends Place {
  kind: 'empty';
}
export interface AliasNode extends Place {
  kind: 'alias';
}
export interface Entry {
  key: string;
  /** With its quote. */
  start: number;
  quoted: boolean;
  value: Node;
}
export interface MapNode extends Place {
  kind: 'map';
  flow: boolean;
  entries: Entry[];
}
export interface Item {
  /** Of the dash; inside brackets of the item. */
  start: number;
  value: Node;
}
export interface ListNode extends Place {
  kind: 'list';
  flow: boolean;
  items: Item[];
}
export type Node = ScalarNode | EmptyNode | AliasNode | MapNode | ListNode;

/** The nodes of one document. Throws CannotEdit for forms that nothing is written into (complex keys, directives). */
export function nodesOf(text: string): Node {
  return new Builder(text).root();
}

const looks: Readonly<Record<number, ScalarLook>> = {
  [SCALAR_STYLE.PLAIN]: 'plain',
  [SCALAR_STYLE.SINGLE_QUOTED]: 'single',
  [SCALAR_STYLE.DOUBLE_QUOTED]: 'double',
  [SCALAR_STYLE.LITERAL_BLOCK]: 'literal',
  [SCALAR_STYLE.FOLDED_BLOCK]: 'folded',
};

class Builder {
  readonly #text: string;
  readonly #events: readonly Event[];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#events = parseEvents(text, { maxDepth });
  }

  root(): Node {
    const first = this.#events[this.#at++];
    if (first?.type !== EVENT_ID.DOCUMENT || first.directives.length > 0)
      throw new CannotEdit('the document has directives');
    return this.#node(0);
  }

  #node(from: number): Node {
    const event = this.#events[this.#at++];
    switch (event?.type) {
      case EVENT_ID.SCALAR:
        return this.#scalar(event, from);
      case EVENT_ID.ALIAS: {
        const { anchorStart, anchorEnd } = event;
        return { kind: 'alias', from, start: anchorStart - 1, end: anchorEnd, marked: true };
      }
      case EVENT_ID.MAPPING:
        return this.#map(event, from);
      case EVENT_ID.SEQUENCE:
        return this.#list(event, from);
      default:
        throw new CannotEdit('the document ends too early');
    }
  }

  #map(event: Extract<Event, { type: typeof EVENT_ID.MAPPING }>, from: number): MapNode {
    const { start } = event;
    const flow = event.style === COLLECTION_STYLE.FLOW;
    const entries: Entry[] = [];
    while (!this.#popped()) entries.push(this.#entry());
    const last = entries.at(-1)?.value.end ?? start + (flow ? 1 : 0);
    const end = flow ? this.#closing(last, '}') : last;
    return { kind: 'map', from, start, end, marked: isMarked(event), flow, entries };
  }

  #list(event: Extract<Event, { type: typeof EVENT_ID.SEQUENCE }>, from: number): ListNode {
    const { start } = event;
    const flow = event.style === COLLECTION_STYLE.FLOW;
    const items: Item[] = [];
    let end = start + (flow ? 1 : 0);
    while (!this.#popped()) {
      const at = this.#blank(end, flow ? ',' : '');
      if (!flow && this.#text[at] !== '-')
        throw new CannotEdit('a list is written in a way that is not known here');
      const value = this.#node(flow ? at : at + 1);
      items.push({ start: at, value });
      end = value.end;
    }
    if (flow) end = this.#closing(end, ']');
    return { kind: 'list', from, start, end, marked: isMarked(event), flow, items };
  }

  #popped(): boolean {
    if (this.#events[this.#at]?.type !== EVENT_ID.POP) return false;
    this.#at++;
    return true;
  }

  #entry(): Entry {
    const event = this.#events[this.#at++];
    if (
      event?.type !== EVENT_ID.SCALAR ||
      event.valueStart < 0 ||
      event.anchorStart >= 0 ||
      event.tagStart >= 0
    )
      throw new CannotEdit('a key is more than a plain text');
    const quoted = event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED;
    const start = event.valueStart - (quoted ? 1 : 0);
    const keyEnd = event.valueEnd + (quoted ? 1 : 0);
    const colon = /^[ \t]*:/.exec(this.#text.slice(keyEnd, keyEnd + 200));
    if (colon === null) throw new CannotEdit('a key is written in a way that is not known here');
    const key = getScalarValue(this.#text, event);
    return { key, start, quoted, value: this.#node(keyEnd + colon[0].length) };
  }

  #scalar(event: Extract<Event, { type: typeof EVENT_ID.SCALAR }>, from: number): Node {
    const marked = isMarked(event);
    const look = looks[event.style] ?? 'plain';
    if (event.valueStart < 0) {
      const end = marked ? Math.max(event.anchorEnd, event.tagEnd) : from;
      return { kind: 'empty', from, start: end, end, marked };
    }
    if (look === 'literal' || look === 'folded') {
      const header = this.#text.slice(from).search(look === 'literal' ? /\|/ : />/);
      const end = event.chomping === CHOMPING_MODE.KEEP ? event.valueEnd : this.#withoutBlankLines(event);
      return { kind: 'scalar', look, from, start: from + header, end, marked };
    }
    const quote = look === 'plain' ? 0 : 1;
    return {
      kind: 'scalar',
      look,
      from,
      start: event.valueStart - quote,
      end: event.valueEnd + quote,
      marked,
    };
  }

  /** Blank lines behind a block are not its own, unless it keeps them. */
  #withoutBlankLines({ valueStart, valueEnd }: { valueStart: number; valueEnd: number }): number {
    const body = this.#text.slice(valueStart, valueEnd);
    return valueStart + body.replace(/\n(?:[ \t]*\n)+$/, '\n').length;
  }

  /** The first place from here that is neither space, line break, comment nor one of `also`. */
  #blank(from: number, also: string): number {
    let at = from;
    for (; at < this.#text.length; at++) {
      const character = this.#text[at] ?? '';
      if (character === '#')
        at = this.#text.indexOf('\n', at) === -1 ? this.#text.length : this.#text.indexOf('\n', at);
      else if (!/\s/.test(character) && !(also !== '' && also.includes(character))) break;
    }
    return at;
  }

  #closing(from: number, bracket: string): number {
    const at = this.#blank(from, ',');
    if (this.#text[at] !== bracket)
      throw new CannotEdit('brackets are written in a way that is not known here');
    return at + 1;
  }
}

function isMarked({ anchorStart, tagStart }: { anchorStart: number; tagStart: number }): boolean {
  return anchorStart >= 0 || tagStart >= 0;
}
