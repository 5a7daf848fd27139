import type { Json } from '../../json/json.ts';
import { CannotEdit, type ListNode, type MapNode, type Node, nodesOf } from './nodes.ts';
import { behind, blockEntry, blockItem, inlineText, keyText, literalText } from './value-text.ts';

/** One change of one document. A path holds keys of maps and positions in lists. */
export type Edit =
  | { op: 'set'; path: readonly (string | number)[]; value: Json }
  | { op: 'remove'; path: readonly (string | number)[] }
  /** A new item at the end of a list. */
  | { op: 'append'; path: readonly (string | number)[]; value: Json };

/** Replaces [start, end). */
interface Splice {
  start: number;
  end: number;
  text: string;
}

/**
 * A document's text with one change, and every other byte as it was: comments, quotes, order and indentation stay. `json` writes
 * as JSON does. Throws CannotEdit where the place cannot be written to.
 */
export function edited(text: string, edit: Edit, json: boolean): string {
  const root = nodesOf(text);
  const splices = new Editor(text, json).splices(root, edit);
  return splices
    .toSorted((a, b) => b.start - a.start)
    .reduce((rest, { start, end, text: put }) => rest.slice(0, start) + put + rest.slice(end), text);
}

class Editor {
  readonly #text: string;
  readonly #json: boolean;

  constructor(text: string, json: boolean) {
    this.#text = text;
    this.#json = json;
  }

  splices(root: Node, edit: Edit): Splice[] {
    const { path } = edit;
    if (edit.op === 'append') {
      const list = this.#descend(root, path);
      return this.#append(list.node, edit.value, list.indent);
    }
    const last = path.at(-1);
    if (last === undefined) throw new CannotEdit('the object as a whole');
    const { node: parent, indent } = this.#descend(root, path.slice(0, -1));
    if (parent.marked) throw new CannotEdit('it has an anchor, a tag or is an alias');
    if (edit.op === 'remove') return this.#remove(parent, last);
    if (parent.kind === 'empty' && typeof last === 'string')
      return [{ start: parent.end, end: parent.end, text: behind({ [last]: edit.value }, indent) }];
    if (parent.kind === 'list') {
      const item = typeof last === 'number' ? parent.items[last] : undefined;
      if (item === undefined) throw new CannotEdit('there is no such item');
      return this.#replace(item.value, edit.value, this.#column(item.start), parent.flow);
    }
    if (parent.kind !== 'map') throw new CannotEdit('there is no place for it');
    const entry = parent.entries.find(({ key }) => key === last);
    if (entry === undefined) return this.#insert(parent, String(last), edit.value);
    return this.#replace(entry.value, edit.value, this.#column(entry.start), parent.flow);
  }

  /** The node at a path, and how far what leads to it is indented. */
  #descend(root: Node, path: readonly (string | number)[]): { node: Node; indent: number } {
    let node = root;
    let indent = 0;
    for (const step of path) {
      if (node.kind === 'alias') throw new CannotEdit('it stands behind an alias');
      let part: { start: number; value: Node } | undefined;
      if (node.kind === 'map') part = node.entries.find(({ key }) => key === step);
      else if (node.kind === 'list' && typeof step === 'number') part = node.items[step];
      if (part === undefined) throw new CannotEdit('it is not written here');
      indent = this.#column(part.start);
      node = part.value;
    }
    return { node, indent };
  }

  /** Another value in the place of a scalar, of nothing, or of an empty collection. */
  #replace(node: Node, value: Json, indent: number, flow: boolean): Splice[] {
    if (node.marked) throw new CannotEdit('it has an anchor, a tag or is an alias');
    const full =
      (node.kind === 'map' && node.entries.length > 0) || (node.kind === 'list' && node.items.length > 0);
    if (full || node.kind === 'alias') throw new CannotEdit('a whole stands in its place');
    if (node.kind === 'empty') {
      const text = flow ? ` ${inlineText(value, { flow, json: this.#json })}` : behind(value, indent);
      return [{ start: node.end, end: node.end, text }];
    }
    const like = node.kind === 'scalar' ? node.look : undefined;
    if (like === 'literal' || like === 'folded') return this.#replaceBlock(node, value, indent);
    const multiline =
      !flow && !this.#json && typeof value === 'string' && like !== 'double' && like !== 'single';
    const literal = multiline ? literalText(value, indent + 2) : undefined;
    const isEnd = /^[ \t]*(?:\n|$)/.test(this.#text.slice(node.end));
    const text = (isEnd ? literal : undefined) ?? inlineText(value, { flow, json: this.#json, like });
    return [{ start: node.start, end: node.end, text }];
  }

  /** A block scalar ends with its last line that says something; blank lines behind it stay where they are. */
  #replaceBlock(node: Node, value: Json, indent: number): Splice[] {
    const own = this.#text.slice(node.start, node.end);
    const header = /^[^\n]*/.exec(own)?.[0] ?? '';
    if (header.includes('#')) throw new CannotEdit('a comment stands behind the sign of a block');
    const body = own.replace(/\n$/, '');
    const lines = own.slice(header.length + 1).split('\n');
    const depth = /^ */.exec(lines.find(line => line.trim() !== '') ?? '')?.[0].length ?? 0;
    const text =
      (typeof value === 'string' ? literalText(value, depth > 0 ? depth : indent + 2) : undefined) ??
      inlineText(value, { flow: false, json: false });
    return [{ start: node.start, end: node.start + body.length, text }];
  }

  #insert(map: MapNode, key: string, value: Json): Splice[] {
    const last = map.entries.at(-1);
    if (map.flow)
      return [
        this.#insideBrackets(
          map,
          last?.value.end,
          last?.start,
          `${keyText(key, { flow: true, json: this.#json })}: ${inlineText(value, { flow: true, json: this.#json })}`,
        ),
      ];
    if (last === undefined) throw new CannotEdit('there is no place for it');
    return [this.#below(last.value.end, blockEntry(key, value, this.#column(map.entries[0]?.start ?? 0)))];
  }

  #append(node: Node, value: Json, indent: number): Splice[] {
    if (node.marked) throw new CannotEdit('it has an anchor, a tag or is an alias');
    if (node.kind === 'empty') return [{ start: node.end, end: node.end, text: behind([value], indent) }];
    if (node.kind !== 'list') throw new CannotEdit('there is no list');
    const last = node.items.at(-1);
    if (node.flow)
      return [
        this.#insideBrackets(
          node,
          last?.value.end,
          last?.start,
          inlineText(value, { flow: true, json: this.#json }),
        ),
      ];
    return [
      this.#below(last?.value.end ?? node.end, blockItem(value, this.#column(node.items[0]?.start ?? 0))),
    ];
  }

  /** Behind the last of what is inside brackets, set apart from it as that is from the one before. */
  #insideBrackets(
    node: MapNode | ListNode,
    lastEnd: number | undefined,
    lastStart: number | undefined,
    text: string,
  ): Splice {
    if (lastEnd === undefined || lastStart === undefined)
      return { start: node.start + 1, end: node.start + 1, text };
    const before = /(?:^|[,{[])(\s*)$/.exec(this.#text.slice(node.start, lastStart))?.[1] ?? ' ';
    const apart = before.includes('\n') ? before : ' ';
    return { start: lastEnd, end: lastEnd, text: `,${apart}${text}` };
  }

  /** Lines below the one on which something ends. */
  #below(end: number, lines: string): Splice {
    if (this.#text[end - 1] === '\n') return { start: end, end, text: `${lines}\n` };
    const newline = this.#text.indexOf('\n', end);
    if (newline === -1) return { start: this.#text.length, end: this.#text.length, text: `\n${lines}` };
    return { start: newline + 1, end: newline + 1, text: `${lines}\n` };
  }

  #remove(parent: Node, last: string | number): Splice[] {
    if (parent.kind === 'map') {
      const at = parent.entries.findIndex(({ key }) => key === last);
      const entry = parent.entries[at];
      if (entry === undefined) throw new CannotEdit('it is not written here');
      return this.#cut(
        parent,
        parent.entries.map(({ start, value }) => ({ start, end: value.end })),
        at,
        '{}',
      );
    }
    if (parent.kind === 'list' && typeof last === 'number' && last < parent.items.length)
      return this.#cut(
        parent,
        parent.items.map(({ start, value }) => ({ start, end: value.end })),
        last,
        '[]',
      );
    throw new CannotEdit('it is not written here');
  }

  #cut(
    parent: MapNode | ListNode,
    parts: { start: number; end: number }[],
    at: number,
    empty: string,
  ): Splice[] {
    const [part, next, before] = [parts[at], parts[at + 1], parts[at - 1]];
    if (part === undefined) return [];
    if (parent.flow) {
      if (next !== undefined) return [{ start: part.start, end: next.start, text: '' }];
      return [{ start: before?.end ?? part.start, end: part.end, text: '' }];
    }
    const lineStart = this.#text.lastIndexOf('\n', part.start - 1) + 1;
    const first = this.#text.slice(lineStart, part.start).trim() !== '';
    if (first) {
      // the first key of a list item stands on the line of the dash: the next one moves there
      if (next !== undefined) return [{ start: part.start, end: next.start, text: '' }];
      return [{ start: part.start, end: this.#contentEnd(part.end), text: empty }];
    }
    const lines = { start: lineStart, end: this.#lineEnd(part.end), text: '' };
    if (parts.length > 1) return [lines];
    if (parent.from === 0) throw new CannotEdit('nothing would be left of the document');
    return [{ start: parent.from, end: parent.from, text: ` ${empty}` }, lines];
  }

  #lineEnd(end: number): number {
    if (this.#text[end - 1] === '\n') return end;
    const newline = this.#text.indexOf('\n', end);
    return newline === -1 ? this.#text.length : newline + 1;
  }

  #contentEnd(end: number): number {
    return this.#text[end - 1] === '\n' ? end - 1 : end;
  }

  #column(at: number): number {
    return at - (this.#text.lastIndexOf('\n', at - 1) + 1);
  }
}
