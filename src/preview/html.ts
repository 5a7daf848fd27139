import { type Finding, resourceKey, resourceTitle } from '../findings/finding.ts';
import { anchorOf, pageDocument } from '../page/document.ts';
import { listOf } from '../page/list.ts';
import { html, Markup } from '../report/markup.ts';
import { brief } from '../report/terminal.ts';
import { findingSentence, plural, sourceWords } from '../report/words.ts';
import { fieldList } from './html-fields.ts';
import type { Preview, ResourcePreview, UnitPreview } from './model.ts';
import { countActions } from './model.ts';
import {
  actionOrder,
  actionSigns,
  asides,
  comparedLine,
  riskWords,
  troubleWords,
  unitWords,
  verdictLine,
} from './words.ts';

/** The preview as one file: the verdict first, then what fails, then resources, most dangerous first. */
export function previewHtml(preview: Preview): string {
  const room = { yaml: new Room(500_000), fields: new Room(900_000) };
  const dangerous = preview.resources.filter(
    ({ risks, problems }) => risks.length > 0 || problems.length > 0,
  );
  const first = new Set(dangerous);
  const rest = preview.resources.filter(resource => !first.has(resource));
  return pageDocument({
    title: verdictLine(preview),
    filtered: 'resources',
    head: html`<h1>${brief(verdictLine(preview), 400)}</h1>
<p class="soft">${comparedLine(preview)}</p>
${counts(preview)}${asides(preview).map(words => html`<p class="soft">${brief(words, 1000)}</p>\n`)}`,
    main: html`${unitsSection(preview)}${failuresSection(preview.failures)}${section('Look at these first', 'first', dangerous, room)}${section('Other changes', 'others', rest, room)}${nothing(preview)}`,
  });
}

/** What a page still has room for, in characters: all of it is there to be read, and a page of thousands of resources must open. */
class Room {
  #left: number;

  constructor(left: number) {
    this.#left = left;
  }

  take(size: number): boolean {
    this.#left -= size;
    return this.#left >= 0;
  }
}

interface Rooms {
  yaml: Room;
  fields: Room;
}

function counts(preview: Preview): Markup {
  const numbers = countActions(preview);
  const trouble = troubleWords(preview);
  const shown = actionOrder.filter(action => numbers[action] > 0);
  if (shown.length === 0 && trouble === '') return html``;
  return html`<ul class="counts" aria-label="Counts by action">
${trouble === '' ? '' : html`<li class="failing">${trouble}</li>\n`}${shown.map(action => html`<li class="${action}"><b>${numbers[action]}</b> ${actionSigns[action].done}</li>\n`)}</ul>
`;
}

/** So many units are shown at once; of more only those of which something is to be known. */
const mostUnits = 12;

function unitsSection({ units, resources, unreadable }: Preview): Markup {
  if (unreadable !== undefined) return html``;
  const affected = units.filter(({ effect }) => effect !== 'unaffected');
  const still = units.length - affected.length;
  const told = affected.filter(unit => unit.problems.length + unit.notes.length > 0);
  const plain = affected.length > mostUnits ? affected.filter(unit => !told.includes(unit)) : [];
  const shown = plain.length === 0 ? affected : told;
  const items = (some: readonly UnitPreview[]) => some.map(unit => unitItem(unit, resources));
  return html`<h2 id="units">Units (${affected.length})</h2>
<ul class="plain">
${items(shown)}${still === 0 ? '' : html`<li class="soft">${plural(still, 'unit')} not affected</li>\n`}</ul>
${plain.length === 0 ? '' : html`<details><summary>${plural(plain.length, 'more unit')}</summary><ul class="plain">\n${items(plain)}</ul></details>\n`}`;
}

function unitItem(unit: UnitPreview, resources: readonly ResourcePreview[]): Markup {
  return html`<li><b>${unit.name}</b> <span class="soft">${unit.driver}</span> ${brief(unitWords(unit, resources), 400)}${unit.problems.map(problem => html`<p class="bad">${brief(problem, 2000)}</p>`)}${unit.notes.map(note => html`<p class="soft">${brief(note, 1000)}</p>`)}</li>
`;
}

function failuresSection(failures: readonly Finding[]): Markup {
  if (failures.length === 0) return html``;
  return html`<h2 id="problems">Problems in the declarations (${failures.length})</h2>
${listOf(failures.map(failure))}`;
}

function failure(finding: Finding): Markup {
  const place = sourceWords(finding);
  return html`<article class="failing" tabindex="-1"><div class="head"><h3>${brief(findingSentence(finding), 300)}</h3>${placed(place)}</div>${finding.message === undefined ? '' : html`<p class="bad">${brief(finding.message, 2000)}</p>`}</article>
`;
}

function placed(place: string | undefined): Markup {
  return place === undefined ? html`` : html`<code>${brief(place, 300)}</code>`;
}

function section(title: string, id: string, resources: readonly ResourcePreview[], rooms: Rooms): Markup {
  if (resources.length === 0) return html``;
  return html`<h2 id="${id}">${title} (${resources.length})</h2>
${listOf(resources.map(resource => article(resource, rooms)))}`;
}

function nothing({ resources, failures }: Preview): Markup {
  return resources.length + failures.length > 0
    ? html``
    : html`<p>Nothing that runs is changed by merging.</p>\n`;
}

/** Every character here is there thousands of times on a large page: what the style sheet can say, it says. */
function article(resource: ResourcePreview, { yaml, fields }: Rooms): Markup {
  const { action, problems, risks, notes, highlights } = resource;
  const kind = problems.length > 0 ? `${action} failing` : action;
  const open = Markup.trusted(problems.length + risks.length > 0 ? ' open' : '');
  const tags = risks.map(risk => html` <span class="tag">${riskWords[risk]}</span>`);
  const what =
    highlights.length === 0
      ? ''
      : html`<em>${brief(highlights.map(words => brief(words, 200)).join(' · '), 900)}</em>`;
  const body = html`${problems.map(problem => html`<p class="bad">${brief(problem, 2000)}</p>`)}${notes.map(note => html`<p>${brief(note, 1000)}</p>`)}${fieldList(resource.fields, size => fields.take(size))}${yamlOf(resource, yaml)}`;
  return html`<article class="${kind}" id="${anchorOf(`${resource.unit}/${resourceKey(resource.resource)}`)}"><details${open}><summary><b>${actionSigns[action].word}</b><h3>${brief(resourceTitle(resource.resource), 300)}</h3>${tags}${placed(sourceWords(resource))}${what}</summary>${body}</details></article>
`;
}

function yamlOf({ yaml: text, action }: ResourcePreview, room: Room): Markup {
  if (text === undefined || !room.take(text.length + 80)) return html``;
  const lines = text.split('\n').map(line => html`${brief(line, 400)}\n`);
  return html`<details><summary>${action === 'remove' ? 'What was declared' : 'YAML'}, ${plural(lines.length, 'line')}</summary><pre tabindex="0">${lines}</pre></details>`;
}
