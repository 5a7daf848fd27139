import { resourceTitle } from '../findings/finding.ts';
import { fenced, inlineCode } from '../report/markdown.ts';
import { brief } from '../report/terminal.ts';
import { findingSentence, plural, sourceWords } from '../report/words.ts';
import type { Preview, ResourcePreview } from './model.ts';
import { fieldLine } from './text.ts';
import { actionSigns, asides, comparedLine, riskWords, unitLine, verdictLine } from './words.ts';

export interface MarkdownOptions {
  /** Code points at most; whole resources are left out, least dangerous first, and counted. GitHub's limit is 65,536. */
  limit?: number;
  /** Where the whole page can be seen. */
  link?: string | undefined;
  /** Marks the comment, so that the next run finds and edits it. */
  marker?: string | undefined;
}

/** The hidden marker of a sticky comment; one per environment. Only together with its author does it prove anything. */
export function markerOf(environment: string | undefined): string {
  return `<!-- holdfast:preview environment=${(environment ?? '').replace(/[^a-z0-9-]/g, '')} -->`;
}

/**
 * The preview for a comment on the pull request or a step summary. Text from outside stands only in code spans and fences; every
 * fence and every `<details>` that is opened is closed, whatever had to be left out.
 */
export function previewMarkdown(preview: Preview, options: MarkdownOptions = {}): string {
  const { limit = 60_000, link, marker } = options;
  const head = [
    ...(marker === undefined ? [] : [marker]),
    `**${inlineCode(verdictLine(preview))}**`,
    inlineCode(comparedLine(preview)),
    ...asides(preview).map(words => inlineCode(words)),
    ...(link === undefined
      ? []
      : [`[The whole preview](<${link.replace(/[<>\s\\]/g, encodeURIComponent)}>)`]),
  ].join('\n\n');
  const tail = 400;
  const budget = new Budget(Math.max(0, limit - length(head) - tail));
  const kept = [
    ...fitting(budget, unitParts(preview), left => `- and ${plural(left, 'more unit')}`, '\n'),
    ...fitting(
      budget,
      failureParts(preview),
      left => `${plural(left, 'more problem')} left out here.`,
      '\n\n',
    ),
    ...fitting(
      budget,
      preview.resources.map(resourcePart),
      left =>
        `${plural(left, 'more resource')} left out here${link === undefined ? '; `holdfast preview` shows all' : ''}.`,
      '\n\n',
    ),
  ];
  return `${[head, ...kept].join('\n\n')}\n`;
}

/** As many parts as fit, joined, and a line that counts the others. */
function fitting(
  budget: Budget,
  parts: readonly string[],
  more: (left: number) => string,
  glue: string,
): string[] {
  const kept: string[] = [];
  for (const part of parts) {
    if (!budget.take(length(part) + glue.length)) break;
    kept.push(part);
  }
  const left = parts.length - kept.length;
  return [...(kept.length === 0 ? [] : [kept.join(glue)]), ...(left === 0 ? [] : [more(left)])];
}

class Budget {
  #left: number;

  constructor(left: number) {
    this.#left = left;
  }

  take(size: number): boolean {
    if (size > this.#left) return false;
    this.#left -= size;
    return true;
  }
}

function unitParts({ units, resources }: Preview): string[] {
  const affected = units.filter(({ effect }) => effect !== 'unaffected');
  const still = units.length - affected.length;
  return [
    ...affected.flatMap(unit => [
      `- ${inlineCode(unitLine(unit, resources))}`,
      ...unit.problems.map(problem => `  - ⚠ ${inlineCode(brief(problem, 400))}`),
      ...unit.notes.map(note => `  - ${inlineCode(brief(note, 400))}`),
    ]),
    ...(still === 0 ? [] : [`- ${plural(still, 'unit')} not affected`]),
  ];
}

function failureParts({ failures }: Preview): string[] {
  return failures.map(finding => {
    const place = sourceWords(finding);
    const head = `⚠ ${inlineCode(findingSentence(finding))}${place === undefined ? '' : ` (${inlineCode(place)})`}`;
    return finding.message === undefined ? head : `${head}\n\n${fenced([brief(finding.message, 2000)])}`;
  });
}

const mostFields = 100;

function resourcePart(resource: ResourcePreview): string {
  const { sign, word } = actionSigns[resource.action];
  const title = `${sign} ${word} ${resourceTitle(resource.resource)}`;
  const risks = resource.risks.map(risk => riskWords[risk]).join(', ');
  const place = sourceWords(resource);
  const lines = [
    ...resource.problems.map(problem => `problem: ${brief(problem, 2000)}`),
    ...resource.highlights.map(words => brief(words, 300)),
    ...resource.notes.map(note => brief(note, 1000)),
    ...resource.fields.slice(0, mostFields).map(fieldLine),
    ...(resource.fields.length > mostFields
      ? [`and ${resource.fields.length - mostFields} more fields`]
      : []),
  ];
  const asides = [
    ...(resource.problems.length > 0 ? ['⚠ problem'] : []),
    ...(risks === '' ? [] : [`**${risks}**`]),
    ...(place === undefined ? [] : [inlineCode(place)]),
  ].join(' · ');
  const head = `${inlineCode(title)}${asides === '' ? '' : ` · ${asides}`}`;
  if (lines.length === 0) return head;
  const open = resource.problems.length > 0 || resource.risks.length > 0 ? ' open' : '';
  // Inside of <summary> Markdown is read only after a blank line, so the title stands before it
  return `${head}\n\n<details${open}><summary>${plural(lines.length, 'line')}</summary>\n\n${fenced(lines)}\n\n</details>`;
}

function length(text: string): number {
  let points = 0;
  for (const _ of text) points += 1;
  return points;
}
