import { resourceTitle } from '../findings/finding.ts';
import { brief, type Paint, paint, visible } from '../report/terminal.ts';
import { findingSentence, plural, sourceWords } from '../report/words.ts';
import type { Action, FieldPreview, Preview, ResourcePreview } from './model.ts';
import { actionSigns, asides, comparedLine, fieldWords, riskWords, unitLine, verdictLine } from './words.ts';

/** The preview for a terminal: units, then resources in the reviewer's order, the verdict last, where the eye is. */
export function previewText(preview: Preview, options: { colour: boolean }): string {
  const look = paint(options.colour);
  const units = preview.units
    .filter(({ effect }) => effect !== 'unaffected')
    .flatMap(unit => [
      look.strong(brief(unitLine(unit, preview.resources), 400)),
      ...unit.problems.map(problem => `  ${look.unsure(brief(problem, 2000))}`),
      ...unit.notes.map(note => `  ${look.faint(brief(note, 1000))}`),
    ]);
  const still = preview.units.filter(({ effect }) => effect === 'unaffected').length;
  const failures = preview.failures.flatMap(finding => [
    look.bad(brief(`${findingSentence(finding)}  ${sourceWords(finding) ?? ''}`.trim(), 400)),
    ...(finding.message === undefined ? [] : [`  ${brief(finding.message, 2000)}`]),
  ]);
  const parts = [
    ...(units.length === 0 ? [] : [units.join('\n')]),
    ...(still === 0 ? [] : [look.faint(`${plural(still, 'unit')} not affected`)]),
    ...(failures.length === 0 ? [] : [failures.join('\n')]),
    ...preview.resources.map(resource => resourceText(resource, look)),
    [
      look.strong(visible(verdictLine(preview))),
      visible(comparedLine(preview)),
      ...asides(preview).map(words => look.faint(brief(words, 1000))),
    ].join('\n'),
  ];
  return `${parts.join('\n\n')}\n`;
}

function resourceText(resource: ResourcePreview, look: Paint): string {
  const { sign } = actionSigns[resource.action];
  const place = sourceWords(resource);
  const risks = resource.risks.map(risk => riskWords[risk]).join(', ');
  const head = `${toneOf(resource.action, look)(`${sign} ${brief(resourceTitle(resource.resource), 300)}`)}${
    risks === '' ? '' : ` [${risks}]`
  }${place === undefined ? '' : `  ${look.faint(brief(place, 300))}`}`;
  return [
    head,
    ...resource.problems.map(problem => `    ${look.bad(brief(problem, 2000))}`),
    ...resource.highlights.map(words => `    ${brief(words, 300)}`),
    ...resource.notes.map(note => `    ${look.faint(brief(note, 1000))}`),
    ...resource.fields.map(field => `    ${fieldLine(field)}`),
  ].join('\n');
}

/** `path: before → after (aside)` as one harmless line. */
export function fieldLine(field: FieldPreview): string {
  const words = fieldWords(field);
  const path = brief(words.path, 300);
  if (words.secret !== undefined) return `${path}: ${brief(words.secret, 300)}`;
  const aside = words.aside === undefined ? '' : ` (${brief(words.aside, 400)})`;
  return `${path}: ${brief(words.before)} → ${brief(words.after)}${aside}`;
}

function toneOf(action: Action, look: Paint): (text: string) => string {
  if (action === 'remove' || action === 'recreate') return look.bad;
  if (action === 'create') return look.good;
  return action === 'none' ? look.faint : look.unsure;
}
