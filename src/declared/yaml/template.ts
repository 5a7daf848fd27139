import { ParseFailure } from './parse.ts';
import { lineAt } from './problem.ts';

const brackets: readonly (readonly [open: string, close: string])[] = [
  ['{{', '}}'],
  ['{%', '%}'],
  ['<%', '%>'],
];

interface Action {
  start: number;
  end: number;
  /** Nothing else stands on its lines. */
  alone: boolean;
}

/**
 * The line, from 1, of the first unrendered template action (`{{ … }}`, `{% … %}`, `<% … %>`) when templates are what keeps
 * a text from being read: without its actions it has no trouble, or another one. Undefined otherwise, so that braces inside
 * the quotes of a text that is broken elsewhere are not blamed.
 */
export function causedByTemplate(
  text: string,
  trouble: ParseFailure,
  read: (text: string) => unknown,
): number | undefined {
  const actions = actionsOf(text);
  const [first] = actions;
  if (first === undefined) return undefined;
  const now = failureOf(read, without(text, actions));
  const blamed = now === undefined || now.line !== trouble.line || now.message !== trouble.message;
  return blamed ? lineAt(text, first.start) : undefined;
}

/** All actions in order, found in one pass. */
function actionsOf(text: string): Action[] {
  const actions: Action[] = [];
  for (const [open, close] of brackets) {
    for (let start = text.indexOf(open); start !== -1; ) {
      const closed = text.indexOf(close, start + 2);
      if (closed === -1) break;
      const end = closed + 2;
      actions.push({ start, end, alone: isAlone(text, start, end) });
      start = text.indexOf(open, end);
    }
  }
  return actions.sort((a, b) => a.start - b.start);
}

function isAlone(text: string, start: number, end: number): boolean {
  let before = start - 1;
  while (text[before] === ' ' || text[before] === '\t') before--;
  let after = end;
  while (text[after] === ' ' || text[after] === '\t') after++;
  return (before < 0 || text[before] === '\n') && (after === text.length || text[after] === '\n');
}

/** The text with the same lines: an action alone on its lines becomes blank, another one a plain word. */
function without(text: string, actions: readonly Action[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, alone } of actions) {
    if (start < at) continue;
    parts.push(text.slice(at, start), text.slice(start, end).replace(/[^\n]/g, alone ? ' ' : 'x'));
    at = end;
  }
  return parts.join('') + text.slice(at);
}

function failureOf(read: (text: string) => unknown, text: string): ParseFailure | undefined {
  try {
    read(text);
    return undefined;
  } catch (error) {
    if (error instanceof ParseFailure) return error;
    throw error;
  }
}
