import { visible } from '../report/terminal.ts';

/** Text from outside on one line without control characters, as in a title; shortened. */
export function oneLine(text: string, most = 120): string {
  const line = visible(text.replace(/\s+/g, ' ')).trim();
  return line.length <= most ? line : `${[...line].slice(0, most - 1).join('')}…`;
}

/**
 * Text from outside as a code span of Markdown, in which no mention, link, reference or HTML means anything: its fence is longer
 * than any run of backticks in it.
 */
export function markdownCode(text: string, most = 200): string {
  const line = oneLine(text, most);
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = line === '' || line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}
