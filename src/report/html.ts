import { createHash } from 'node:crypto';
import {
  type FieldChange,
  type FieldProblem,
  type Finding,
  type Note,
  resourceKey,
  resourceTitle,
} from '../findings/finding.ts';
import { html, type Markup } from './markup.ts';
import type { Report, UnitReport } from './report.ts';
import { pageStyle } from './style.ts';
import { comparedWords, summaryWords, unitWords } from './summary.ts';
import { brief } from './terminal.ts';
import { changeWords, findingSaying, noteWords, problemWords, sourceWords } from './words.ts';

const styleHash = createHash('sha256').update(pageStyle.text).digest('base64');
const policy = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'`;

/** The report as one file that loads nothing, runs no script and says so in its Content-Security-Policy. */
export function renderHtml(report: Report): string {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Holdfast: ${summaryWords(report)}</title>
<style>${pageStyle}</style>
</head>
<body>
<main>
<h1>${summaryWords(report)}</h1>
<p>${comparedWords(report)}</p>
${report.units.map(unit => unitSection(unit, report))}
</main>
</body>
</html>
`;
  return page.text;
}

function unitSection(unit: UnitReport, report: Report): Markup {
  return html`<section>
<h2 id="${anchor(unit.name)}" class="${unit.verdict}">${unitWords(unit, report)}</h2>
${report.findings.filter(finding => finding.unit === unit.name).map(findingSection)}${notesList(report.notes?.filter(note => note.unit === unit.name) ?? [])}</section>
`;
}

function findingSection(finding: Finding): Markup {
  const place = sourceWords(finding);
  return html`<details open id="${anchor(`${finding.unit}/${resourceKey(finding.resource)}`)}">
<summary><b>${brief(resourceTitle(finding.resource), 300)}</b> ${findingSaying(finding)}${
    place === undefined ? '' : html` <code>${brief(place, 300)}</code>`
  }</summary>
${finding.message === undefined ? '' : html`<p>${brief(finding.message, 2000)}</p>\n`}${problemList(finding.problems ?? [])}${changeTable(finding.changes ?? [])}</details>
`;
}

function problemList(problems: readonly FieldProblem[]): Markup {
  if (problems.length === 0) return html``;
  return html`<ul>
${problems.map(problem => html`<li>${brief(problemWords(problem), 1000)}</li>\n`)}</ul>
`;
}

function notesList(notes: readonly Note[]): Markup {
  if (notes.length === 0) return html``;
  return html`<ul>
${notes.map(note => html`<li>${brief(noteWords(note), 2000)}</li>\n`)}</ul>
`;
}

function changeTable(changes: readonly FieldChange[]): Markup {
  if (changes.length === 0) return html``;
  return html`<table>
<thead><tr><th scope="col">Field</th><th scope="col">Declared</th><th scope="col">Live</th><th scope="col">By</th></tr></thead>
<tbody>
${changes.map(changeRow)}</tbody>
</table>
`;
}

function changeRow(change: FieldChange): Markup {
  const words = changeWords(change);
  const values =
    words.secret === undefined
      ? html`<td><del>${brief(words.declared, 500)}</del></td><td><ins>${brief(words.live, 500)}</ins></td>`
      : html`<td colspan="2">${words.secret}</td>`;
  return html`<tr><th scope="row"><code>${brief(words.path, 500)}</code></th>${values}<td>${brief(words.by ?? '')}</td></tr>
`;
}

/** A stable id made of harmless characters: `shop/apps/v1/Deployment/shop/cart`. */
function anchor(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll('%2F', '/');
}
