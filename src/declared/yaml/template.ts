import { ParseFailure } from './parse.ts';
import { lineAt } from './problem.ts';

const action = /\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}|<%[\s\S]*?%>/g;
const wholeLines =
  /^[ \t]*(?:\{\{[^\n]*?\}\}|\{\{-?[ \t]*\/\*[\s\S]*?\*\/[ \t]*-?\}\}|\{%[^\n]*?%\}|<%[^\n]*?%>)[ \t]*$/gm;

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
  action.lastIndex = 0;
  const first = action.exec(text);
  if (first === null) return undefined;
  const without = text.replace(action, masked);
  const withoutLines = text
    .replace(wholeLines, found => found.replace(/[^\n]/g, ' '))
    .replace(action, masked);
  const blamed = [withoutLines, without].some(changed => {
    const now = failureOf(read, changed);
    return now === undefined || now.line !== trouble.line || now.message !== trouble.message;
  });
  return blamed ? lineAt(text, first.index) : undefined;
}

/** As long as it was, with the same lines, and a plain word to YAML. */
function masked(found: string): string {
  return found.replace(/[^\n]/g, 'x');
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
