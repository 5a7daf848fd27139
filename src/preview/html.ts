import { type Finding, resourceKey, resourceTitle } from '../findings/finding.ts';
import { anchorOf, pageDocument } from '../page/document.ts';
import { html, Markup } from '../report/markup.ts';
import { brief } from '../report/terminal.ts';
import { findingSentence, plural, sourceWords } from '../report/words.ts';
import type { FieldPreview, Preview, ResourcePreview, UnitPreview } from './model.ts';
import { countActions } from './model.ts';
import {
  actionOrder,
  actionSigns,
  asides,
  comparedLine,
  fieldWords,
  riskWords,
  troubleWords,
  unitLine,
  verdictLine,
} from './words.ts';

/** The preview as one file: the verdict first, then what fails, then resources, most dangerous first. */
export function previewHtml(preview: Preview): string {
  const yaml = new YamlBudget(yamlBytes);
  const dangerous = preview.resources.filter(
    ({ risks, problems }) => risks.length > 0 || problems.length > 0,
  );
  const rest = preview.resources.filter(resource => !dangerous.includes(resource));
  return pageDocument({
    title: verdictLine(preview),
    filtered: 'resources',
    head: html`<h1>${brief(verdictLine(preview), 300)}</h1>
<p class="soft">${comparedLine(preview)}</p>
${asides(preview).map(words => html`<p class="note">${brief(words, 1000)}</p>\n`)}${counts(preview)}`,
    main: html`${unitsSection(preview)}${failuresSection(preview.failures)}${section('Look at these first', 'first', dangerous, yaml)}${section('Other changes', 'others', rest, yaml)}${nothing(preview)}`,
  });
}

function counts(preview: Preview): Markup {
  const numbers = countActions(preview);
  const trouble = troubleWords(preview);
  return html`<ul class="counts" aria-label="Counts by action">
${actionOrder
  .filter(action => numbers[action] > 0)
  .map(
    action =>
      html`<li><span class="sign" aria-hidden="true">${actionSigns[action].sign}</span> <b>${numbers[action]}</b> ${actionSigns[action].done}</li>\n`,
  )}${trouble === '' ? '' : html`<li class="risk"><b>⚠</b> ${trouble}</li>\n`}</ul>
`;
}

function unitsSection({ units, resources }: Preview): Markup {
  const affected = units.filter(({ effect }) => effect !== 'unaffected');
  const still = units.length - affected.length;
  return html`<h2 id="units">Units</h2>
<ul class="plain">
${affected.map(unit => unitItem(unit, resources))}${still === 0 ? '' : html`<li class="soft">${plural(still, 'unit')} not affected</li>\n`}</ul>
`;
}

function unitItem(unit: UnitPreview, resources: readonly ResourcePreview[]): Markup {
  return html`<li>${brief(unitLine(unit, resources), 400)}${unit.problems.map(problem => html`<p class="problem">${brief(problem, 2000)}</p>`)}${unit.notes.map(note => html`<p class="note">${brief(note, 1000)}</p>`)}</li>
`;
}

function failuresSection(failures: readonly Finding[]): Markup {
  if (failures.length === 0) return html``;
  return html`<h2 id="problems">Problems in the declarations</h2>
${failures.map(failure)}`;
}

function failure(finding: Finding): Markup {
  const place = sourceWords(finding);
  return html`<article class="failing" tabindex="-1"><div class="body"><h3>${brief(findingSentence(finding), 300)}</h3>${place === undefined ? '' : html` <code>${brief(place, 300)}</code>`}${finding.message === undefined ? '' : html`<p class="problem">${brief(finding.message, 2000)}</p>`}</div></article>
`;
}

/** How much YAML a page holds in all: it is there to be read, and a page of thousands of resources must open all the same. */
const yamlBytes = 1_000_000;

class YamlBudget {
  #left: number;

  constructor(left: number) {
    this.#left = left;
  }

  take(text: string): boolean {
    this.#left -= text.length;
    return this.#left >= 0;
  }
}

function section(
  title: string,
  id: string,
  resources: readonly ResourcePreview[],
  budget: YamlBudget,
): Markup {
  if (resources.length === 0) return html``;
  return html`<h2 id="${id}">${title} (${resources.length})</h2>
${resources.map(resource => article(resource, budget))}`;
}

function nothing({ resources, failures }: Preview): Markup {
  return resources.length + failures.length > 0
    ? html``
    : html`<p>Nothing that runs is changed by merging.</p>\n`;
}

function article(resource: ResourcePreview, budget: YamlBudget): Markup {
  const { sign, word } = actionSigns[resource.action];
  const place = sourceWords(resource);
  const open = resource.problems.length > 0 || resource.risks.length > 0;
  const kind = resource.problems.length > 0 ? `${resource.action} failing` : resource.action;
  const body = html`${resource.problems.map(problem => html`<p class="problem">${brief(problem, 2000)}</p>\n`)}${resource.notes.map(note => html`<p class="note">${brief(note, 1000)}</p>\n`)}${fieldTable(resource.fields)}${yaml(resource, budget)}`;
  return html`<article class="${kind}" id="${anchorOf(`${resource.unit}/${resourceKey(resource.resource)}`)}"><details${Markup.trusted(open ? ' open' : '')}>
<summary><span class="sign" aria-hidden="true">${sign}</span> <span class="tag">${word}</span> <h3>${brief(resourceTitle(resource.resource), 300)}</h3>${resource.risks.map(risk => html` <span class="tag risk">${riskWords[risk]}</span>`)}${resource.highlights.map(words => html` <span class="tag what">${brief(words, 200)}</span>`)}${place === undefined ? '' : html` <code class="soft">${brief(place, 300)}</code>`}</summary>
<div class="body">
${body}</div>
</details></article>
`;
}

const mostFields = 200;

function fieldTable(fields: readonly FieldPreview[]): Markup {
  if (fields.length === 0) return html``;
  const more = fields.length - mostFields;
  return html`<div class="table" role="region" aria-label="Fields" tabindex="0"><table>
<thead><tr><th scope="col">Field</th><th scope="col">Before</th><th scope="col">After</th><th scope="col">Live</th></tr></thead>
<tbody>
${fields.slice(0, mostFields).map(fieldRow)}</tbody>
</table></div>
${more > 0 ? html`<p class="note">and ${more} more fields</p>\n` : ''}`;
}

/** An empty cell would not tell whether anybody looked. */
function liveWords({ why, live }: FieldPreview): string {
  return why === 'merge' && live !== undefined ? 'as before' : '';
}

function fieldRow(field: FieldPreview): Markup {
  const words = fieldWords(field);
  const cells =
    words.secret === undefined
      ? html`<td data-label="Before"><del>${brief(words.before, 500)}</del></td><td data-label="After"><ins>${brief(words.after, 500)}</ins></td><td data-label="Live">${brief(words.aside ?? liveWords(field), 500)}</td>`
      : html`<td colspan="3">${brief(words.secret, 300)}</td>`;
  return html`<tr><th scope="row"><code>${brief(words.path, 500)}</code></th>${cells}</tr>
`;
}

function yaml({ yaml: text, action }: ResourcePreview, budget: YamlBudget): Markup {
  if (text === undefined) return html``;
  if (!budget.take(text))
    return html`<p class="note">Its YAML is left out: the page holds enough already.</p>\n`;
  const lines = text.split('\n').map(line => html`${brief(line, 400)}\n`);
  return html`<details class="yaml"><summary>${action === 'remove' ? 'What was declared' : 'What is declared'} (${plural(lines.length, 'line')} of YAML)</summary><div class="body"><pre tabindex="0">${lines}</pre></div></details>
`;
}
