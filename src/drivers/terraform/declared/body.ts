import { pieceAt } from '../../../declared/terraform/tokens.ts';
import type { Json, JsonObject } from '../../../json/json.ts';

/** One block at the top of a file, with all that stands in it. */
export interface WholeBlock {
  type: string;
  labels: string[];
  line: number;
  body: JsonObject;
}

/** A piece of HCL that means something; `glued` if nothing stands between it and the one before. */
interface Piece {
  kind: 'word' | 'text' | 'sign' | 'heredoc' | 'newline';
  text: string;
  line: number;
  glued: boolean;
}

/**
 * The blocks of an HCL file with their attributes and inner blocks. Plain values are values; an expression is its text in `${…}`, as in
 * Terraform's JSON syntax, and is not evaluated. Inner blocks are lists under their type. Never throws: what is not understood is left out.
 */
export function wholeBlocks(hcl: string): WholeBlock[] {
  return new Reader(piecesOf(hcl)).blocks();
}

function piecesOf(hcl: string): Piece[] {
  const pieces: Piece[] = [];
  let line = 1;
  let glued = false;
  for (let at = 0; at < hcl.length; ) {
    const { kind, end } = pieceAt(hcl, at);
    const text = hcl.slice(at, end);
    const heredoc = kind === undefined && text.startsWith('<<') && text.length > 2;
    const found = heredoc ? 'heredoc' : (kind ?? (text === '\n' ? 'newline' : undefined));
    if (found !== undefined) pieces.push({ kind: found, text, line, glued });
    glued = found !== undefined && found !== 'newline';
    line += text.split('\n').length - 1;
    at = end;
  }
  return pieces;
}

/** Blocks and expressions nest no deeper than this, and blocks have no more labels: more is an attack. */
const deepest = 100;
const mostLabels = 4;

class Reader {
  readonly #pieces: readonly Piece[];
  #at = 0;

  constructor(pieces: readonly Piece[]) {
    this.#pieces = pieces;
  }

  blocks(): WholeBlock[] {
    const found: WholeBlock[] = [];
    while (this.#at < this.#pieces.length) {
      const head = this.#header();
      if (head !== undefined) found.push({ ...head, body: this.#body(1) });
      else this.#at += 1;
    }
    return found;
  }

  /** A word and labels before a brace, which is passed; undefined, and nothing passed, where there is none. */
  #header(): Omit<WholeBlock, 'body'> | undefined {
    const first = this.#pieces[this.#at];
    if (first?.kind !== 'word') return undefined;
    const labels: string[] = [];
    let at = this.#at + 1;
    for (
      let piece = this.#pieces[at];
      piece?.kind === 'text' || piece?.kind === 'word';
      piece = this.#pieces[at]
    ) {
      if (labels.length === mostLabels) return undefined;
      labels.push(piece.kind === 'text' ? piece.text.slice(1, -1) : piece.text);
      at += 1;
    }
    if (!is(this.#pieces[at], '{')) return undefined;
    this.#at = at + 1;
    return { type: first.text, labels, line: first.line };
  }

  /** Up to the brace that closes it, which is passed. */
  #body(depth: number): JsonObject {
    const body = new Map<string, Json>();
    const blocks = new Map<string, Json[]>();
    while (this.#at < this.#pieces.length && !is(this.#pieces[this.#at], '}')) {
      const inner = depth < deepest ? this.#header() : undefined;
      const [name, equals, next] = this.#pieces.slice(this.#at, this.#at + 3);
      if (inner !== undefined) {
        const value = labelled(inner.labels, this.#body(depth + 1));
        blocks.set(inner.type, [...(blocks.get(inner.type) ?? []), value]);
      } else if (name?.kind === 'word' && is(equals, '=') && !(is(next, '=') && next?.glued === true)) {
        this.#at += 2;
        body.set(name.text, literalOf(this.#expression(), depth));
      } else this.#at += 1;
    }
    this.#at += 1;
    return Object.fromEntries([...body, ...blocks]);
  }

  /** The pieces of an expression: to the end of the line on which no bracket is open. */
  #expression(): Piece[] {
    const found: Piece[] = [];
    let open = 0;
    for (; this.#at < this.#pieces.length; this.#at += 1) {
      const piece = this.#pieces[this.#at];
      if (piece === undefined || (open === 0 && (piece.kind === 'newline' || is(piece, '}')))) break;
      if (piece.kind === 'sign') open += turn(piece.text);
      found.push(piece);
    }
    return found;
  }
}

function labelled(labels: readonly string[], body: JsonObject): JsonObject {
  return labels.reduceRight<JsonObject>((inner, label) => ({ [label]: inner }), body);
}

function is(piece: Piece | undefined, sign: string): boolean {
  return piece?.kind === 'sign' && piece.text === sign;
}

function turn(sign: string): number {
  if ('([{'.includes(sign)) return 1;
  return ')]}'.includes(sign) ? -1 : 0;
}

const literals = new Map<string, Json>([
  ['true', true],
  ['false', false],
  ['null', null],
]);

function literalOf(all: readonly Piece[], depth: number): Json {
  const pieces = trimmed(all);
  const [first] = pieces;
  if (first === undefined) return null;
  if (pieces.length === 1) {
    if (first.kind === 'text') return textOf(first.text);
    if (first.kind === 'heredoc') return heredocOf(first.text);
    const literal = literals.get(first.text);
    if (literal !== undefined) return literal;
  }
  const text = sourceOf(pieces);
  if (/^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text)) return Number(text);
  if (depth < deepest && closesAtEnd(pieces) && pieces[1]?.text !== 'for') {
    const inner = pieces.slice(1, -1);
    if (is(first, '[')) return parts(inner, false).map(part => literalOf(part, depth + 1));
    if (is(first, '{')) return objectOf(inner, depth);
  }
  return `\${${text}}`;
}

/** Whether the bracket that comes first is closed by the last piece. */
function closesAtEnd(pieces: readonly Piece[]): boolean {
  let open = 0;
  for (const [at, { kind, text }] of pieces.entries()) {
    if (kind === 'sign') open += turn(text);
    if (open === 0) return at === pieces.length - 1 && pieces.length > 1;
  }
  return false;
}

function objectOf(pieces: readonly Piece[], depth: number): Json {
  const entries = parts(pieces, true).flatMap((part): [string, Json][] => {
    const at = part.findIndex(piece => is(piece, '=') || is(piece, ':'));
    if (at < 1) return [];
    const key = part.slice(0, at);
    const [only] = key;
    const name =
      key.length === 1 && only?.kind === 'text'
        ? textOf(only.text)
        : key.length === 1
          ? (only?.text ?? '')
          : sourceOf(key);
    return [[name, literalOf(part.slice(at + 1), depth + 1)]];
  });
  return Object.fromEntries(entries);
}

/** Divided at commas, and in objects at the ends of lines, outside of inner brackets. */
function parts(pieces: readonly Piece[], atLines: boolean): Piece[][] {
  const found: Piece[][] = [[]];
  let open = 0;
  for (const piece of pieces) {
    if (piece.kind === 'sign') open += turn(piece.text);
    if (open === 0 && (is(piece, ',') || (atLines && piece.kind === 'newline'))) found.push([]);
    else found.at(-1)?.push(piece);
  }
  return found.map(trimmed).filter(part => part.length > 0);
}

function trimmed(pieces: readonly Piece[]): Piece[] {
  const real = (piece: Piece) => piece.kind !== 'newline';
  const from = pieces.findIndex(real);
  return from === -1 ? [] : pieces.slice(from, pieces.findLastIndex(real) + 1);
}

/** One way to write it, whatever the blanks between its pieces. */
function sourceOf(pieces: readonly Piece[]): string {
  return pieces
    .filter(({ kind }) => kind !== 'newline')
    .map(({ text, glued }, at) => (glued || at === 0 ? text : ` ${text}`))
    .join('');
}

function textOf(quoted: string): string {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return quoted.slice(1, -1);
  }
}

/** Without its marks; the blanks that all lines begin with go where it says `<<-`. */
function heredocOf(text: string): string {
  const lines = text.split(/\r?\n/).slice(1, -1);
  if (!text.startsWith('<<-')) return lines.map(line => `${line}\n`).join('');
  const indent = Math.min(
    ...lines.filter(line => line.trim() !== '').map(line => /^\s*/.exec(line)?.[0].length ?? 0),
  );
  return lines.map(line => `${line.slice(Number.isFinite(indent) ? indent : 0)}\n`).join('');
}
