import type { FieldChange, FieldProblem, Finding, Note, Verdict } from '../findings/finding.ts';
import type { Report, UnitReport } from './report.ts';
import { comparedWords, summaryWords, unitWords } from './summary.ts';
import { brief, type Paint, paint, visible } from './terminal.ts';
import { changeWords, findingSentence, leftOutWords, noteWords, problemWords, sourceWords } from './words.ts';

export interface TextOptions {
  colour: boolean;
  /** Also tells what was left out of the comparison, and why. */
  verbose?: boolean | undefined;
}

/** The report for people: a line for each unit, each finding with its fields below it, and the counts at the end. */
export function renderText(report: Report, options: TextOptions): string {
  const look = paint(options.colour);
  const units = report.units.map(unit =>
    [
      unitLine(unit, report, look),
      ...report.findings.filter(finding => finding.unit === unit.name).flatMap(f => findingLines(f, look)),
      ...(report.notes ?? []).filter(note => note.unit === unit.name).map(note => noteLine(note, look)),
      ...leftOutLines(report, unit.name, options, look),
    ].join('\n'),
  );
  const named = new Set(report.units.map(unit => unit.name));
  const others = report.findings.filter(finding => !named.has(finding.unit));
  if (others.length > 0) units.push(others.flatMap(finding => findingLines(finding, look)).join('\n'));
  return `${[...units, `${summaryWords(report)} ${comparedWords(report)}`].join('\n\n')}\n`;
}

function unitLine(unit: UnitReport, report: Report, look: Paint): string {
  return look.strong(byVerdict(unit.verdict, look)(visible(unitWords(unit, report))));
}

/** Each thing that was left out on a line of its own, or else how many there are. */
function leftOutLines(report: Report, unit: string, { verbose }: TextOptions, look: Paint): string[] {
  const left = (report.leftOut ?? []).filter(each => each.unit === unit);
  if (verbose === true) return left.map(each => look.faint(`  ${brief(leftOutWords(each), 1000)}`));
  return left.length === 0 ? [] : [look.faint(`  left out by rules: ${left.length} (--verbose tells which)`)];
}

function noteLine(note: Note, look: Paint): string {
  return look.faint(`  ${brief(noteWords(note), 2000)}`);
}

function byVerdict(verdict: Verdict, look: Paint): (text: string) => string {
  return { 'in-sync': look.good, drifted: look.bad, unknown: look.unsure }[verdict];
}

function findingLines(finding: Finding, look: Paint): string[] {
  const place = sourceWords(finding);
  const tone = finding.type === 'unknown' ? look.unsure : look.bad;
  const head = `  ${tone(brief(findingSentence(finding), 400))}${place === undefined ? '' : `  ${look.faint(brief(place, 300))}`}`;
  const message = finding.message === undefined ? [] : [`    ${brief(finding.message, 2000)}`];
  const problems = (finding.problems ?? []).map(problemLine);
  return [
    head,
    ...message,
    ...problems,
    ...(finding.changes ?? []).flatMap(change => changeLines(change, look)),
  ];
}

function problemLine(problem: FieldProblem): string {
  return `    ${brief(problemWords(problem), 1000)}`;
}

function changeLines(change: FieldChange, look: Paint): string[] {
  const by = changeWords(change).by;
  return [
    `    ${changeLine(change, { value: 200 })}`,
    ...(by === undefined ? [] : [look.faint(`      by ${brief(by)}`)]),
  ];
}

/** `path: declared → live` as one harmless line; values longer than `value` characters are shortened. */
export function changeLine(change: FieldChange, limits: { value: number }): string {
  const words = changeWords(change);
  const path = brief(words.path, 300);
  if (words.secret !== undefined) return `${path}: ${words.secret}`;
  return `${path}: ${brief(words.declared, limits.value)} → ${brief(words.live, limits.value)}`;
}
