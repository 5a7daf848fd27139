import type { Source } from '../../findings/finding.ts';
import { type Token, tokensOf } from './tokens.ts';

/** One block at the top of a file: `resource "aws_s3_bucket" "data"`, `module "network"`, `backend "s3"` (of `terraform`). */
export interface Block {
  type: string;
  labels: string[];
  source: Source;
  /** Of a module call: what its `source` says, where that is a plain text. */
  from?: string;
}

/** The blocks of a file, with their lines. Never throws: a file that is no HCL or JSON has those that can be made out. */
export function blocksOf(file: string, text: string): Block[] {
  return file.endsWith('.json') ? jsonBlocks(file, text) : hclBlocks(file, tokensOf(text));
}

/** Blocks within `terraform` that count as if they stood at the top. */
const inTerraform: readonly (string | undefined)[] = ['backend', 'cloud'];

function hclBlocks(file: string, tokens: readonly Token[]): Block[] {
  const blocks: Block[] = [];
  const open: (Block | undefined)[] = [];
  for (const [at, token] of tokens.entries()) {
    if (isSign(token, '}')) open.pop();
    else if (isSign(token, '{')) {
      const block = headerBefore(tokens, at, file);
      open.push(block);
      if (block !== undefined && isTop(open)) blocks.push(block);
    } else if (open.length === 1) addSource(open[0], tokens.slice(at, at + 3));
  }
  return blocks;
}

function isSign({ kind, text }: Token, sign: string): boolean {
  return kind === 'sign' && text === sign;
}

function addSource(block: Block | undefined, [name, equals, value]: readonly Token[]): void {
  if (block?.type !== 'module' || name?.kind !== 'word' || name.text !== 'source') return;
  if (equals?.text === '=' && value?.kind === 'text') block.from = value.text;
}

function isTop(open: readonly (Block | undefined)[]): boolean {
  return (
    open.length === 1 ||
    (open.length === 2 && open[0]?.type === 'terraform' && inTerraform.includes(open[1]?.type))
  );
}

/** The block that a brace begins: a word and its labels right before it. */
function headerBefore(tokens: readonly Token[], brace: number, file: string): Block | undefined {
  const labels: string[] = [];
  let at = brace - 1;
  for (; tokens[at]?.kind === 'text' && labels.length < 2; at -= 1) labels.unshift(tokens[at]?.text ?? '');
  const word = tokens[at];
  if (word?.kind !== 'word') return undefined;
  return { type: word.text, labels, source: { file, line: word.line } };
}

/** How many labels a block of the top has in JSON, where they are keys within keys. */
const labelCounts: Readonly<Record<string, number>> = {
  ...{ resource: 2, data: 2, ephemeral: 2 },
  ...{ module: 1, output: 1, variable: 1, provider: 1, backend: 1, cloud: 0 },
};

function jsonBlocks(file: string, text: string): Block[] {
  const found = entriesOf(parsed(text)).flatMap(([type, body]) =>
    type === 'terraform'
      ? entriesOf(body).flatMap(([inner, value]) =>
          inTerraform.includes(inner) ? labelled(inner, value) : [],
        )
      : labelled(type, body),
  );
  return found.map(({ type, labels, body }) => {
    const from = Object.fromEntries(entriesOf(body))['source'];
    const source = { file, line: lineOf(text, labels) };
    return { type, labels, source, ...(type === 'module' && typeof from === 'string' ? { from } : {}) };
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function labelled(
  type: string,
  body: unknown,
  labels: string[] = [],
): { type: string; labels: string[]; body: unknown }[] {
  const count = labelCounts[type];
  if (count === undefined) return [];
  if (labels.length === count) return [{ type, labels, body }];
  return entriesOf(body).flatMap(([label, inner]) => labelled(type, inner, [...labels, label]));
}

/** Of an object, or of all objects of a list. */
function entriesOf(value: unknown): [string, unknown][] {
  if (Array.isArray(value)) return value.flatMap(entriesOf);
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

/** Where the labels stand one after another; JSON has no positions, and names are rarely there twice. */
function lineOf(text: string, labels: readonly string[]): number {
  let at = 0;
  for (const label of labels) at = Math.max(at, text.indexOf(JSON.stringify(label), at));
  return text.slice(0, at).split('\n').length;
}
