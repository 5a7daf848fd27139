import type { Finding, Note } from '../findings/finding.ts';
import { resourceTitle } from '../findings/finding.ts';
import type { Report } from './report.ts';
import { comparedWords, summaryWords, unitWords } from './summary.ts';
import { brief, visible } from './terminal.ts';
import { changeLine } from './text.ts';
import { changeWords, findingSaying, noteWords, plural, problemWords, sourceWords } from './words.ts';

/**
 * The report for a comment or a step summary. Text from outside stands only in code spans and fences, where Markdown,
 * HTML and mentions mean nothing. It stays below `limit` code points by leaving out whole findings, which are counted.
 */
export function renderMarkdown(report: Report, options: { limit?: number } = {}): string {
  const limit = options.limit ?? 60_000;
  const head = [
    `**${summaryWords(report)}**`,
    inlineCode(comparedWords(report)),
    report.units.map(unit => `- ${inlineCode(unitWords(unit, report))}`).join('\n'),
  ].filter(part => part !== '');
  const parts = shortened(head.join('\n\n'), limit);
  let used = length(parts);
  let left = report.findings.length;
  const kept = [parts];
  for (const finding of report.findings) {
    const part = findingPart(finding);
    used += length(part) + 2;
    if (used > limit - 100) break;
    kept.push(part);
    left -= 1;
  }
  const command = report.kubernetesVersion === undefined ? 'diff' : 'validate';
  if (left > 0)
    kept.push(`${plural(left, 'more finding')} left out here; \`holdfast ${command}\` shows all.`);
  else kept.push(...notesPart(report.notes ?? [], limit - used));
  return `${kept.join('\n\n')}\n`;
}

/** Cuts whole lines at the end. */
function shortened(text: string, limit: number): string {
  const lines = text.split('\n');
  let used = 0;
  const fitting = lines.findIndex(line => {
    used += length(line) + 1;
    return used > limit - 200;
  });
  if (fitting === -1) return text;
  return [...lines.slice(0, fitting), `- and ${lines.length - fitting} more`].join('\n');
}

/** Notes as far as they fit; the others are counted. */
function notesPart(notes: readonly Note[], room: number): string[] {
  const lines: string[] = [];
  let used = 100;
  for (const note of notes) {
    const line = brief(noteWords(note), 2000);
    used += length(line) + 1;
    if (used > room) break;
    lines.push(line);
  }
  if (lines.length < notes.length) lines.push(`${plural(notes.length - lines.length, 'more note')} left out`);
  return notes.length === 0 ? [] : [fenced(lines)];
}

function findingPart(finding: Finding): string {
  const place = sourceWords(finding);
  const head = `#### ${inlineCode(resourceTitle(finding.resource))} ${findingSaying(finding)}${place === undefined ? '' : ` (${inlineCode(place)})`}`;
  const lines = [
    ...(finding.message === undefined ? [] : [brief(finding.message, 2000)]),
    ...(finding.problems ?? []).map(problem => brief(problemWords(problem), 1000)),
    ...(finding.changes ?? []).flatMap(change => {
      const by = changeWords(change).by;
      return [changeLine(change, { value: 200 }), ...(by === undefined ? [] : [`  by ${brief(by)}`])];
    }),
  ];
  return lines.length === 0 ? head : `${head}\n\n${fenced(lines)}`;
}

/** Lines inside a fence that none of them can close. */
export function fenced(lines: readonly string[]): string {
  const shown = lines.map(visible);
  const fence = '`'.repeat(Math.max(3, longestRun(shown.join('\n')) + 1));
  return [fence, ...shown, fence].join('\n');
}

/** Text as one code span that it cannot leave. */
export function inlineCode(text: string): string {
  const shown = brief(text, 400);
  const ticks = '`'.repeat(longestRun(shown) + 1);
  const pad = shown === '' || /^[` ]|[` ]$/.test(shown) ? ' ' : '';
  return `${ticks}${pad}${shown}${pad}${ticks}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map(run => run.length));
}

function length(text: string): number {
  let points = 0;
  for (const _ of text) points += 1;
  return points;
}
