import { spanWords } from '../../alerts/time.ts';
import { untilWords } from '../../converge/freeze/hold.ts';
import type { Sync } from '../../converge/sync.ts';
import { resourceKey, resourceTitle, type Source } from '../../findings/finding.ts';
import { type Incident, isLive, unitOf } from '../../incidents/incident.ts';
import { anchorOf } from '../../page/document.ts';
import { listOf } from '../../page/list.ts';
import { html, Markup } from '../../report/markup.ts';
import { verdictWords } from '../../report/summary.ts';
import { brief } from '../../report/terminal.ts';
import { plural, sourceWords } from '../../report/words.ts';
import { changesTable } from './changes.ts';
import { historyPath } from './history.ts';
import { plot } from './plot.ts';
import type { PageState } from './state.ts';
import { incidentId, incidentState, incidentTitle, syncTitle } from './words.ts';

/** A page: what stands in its title, its head and its main part. */
export interface View {
  title: string;
  head: Markup;
  main: Markup;
  /** What the filter looks through, in words. */
  filtered: string;
}

const signs = { 'in-sync': '✓', drifted: '!', unknown: '?' } as const;
/** A unit that was not compared for so long is said to be so: nobody may be looking. */
const staleMs = 15 * 60_000;

/** All units, what is open, the last day, the newest syncs. */
export function overview(state: PageState): View {
  const open = state.incidents.filter(isLive);
  const drifted = state.units.filter(unit => unit.state.verdict === 'drifted').length;
  const unknown = state.units.filter(unit => unit.state.verdict === 'unknown').length;
  const where = state.environment === undefined ? '' : `${state.environment}: `;
  const verdict =
    state.units.length === 0
      ? 'no unit was compared yet'
      : drifted + unknown === 0
        ? `all ${plural(state.units.length, 'unit')} in sync`
        : [
            ...(drifted === 0 ? [] : [`${drifted} drifted`]),
            ...(unknown === 0 ? [] : [`${unknown} unknown`]),
          ].join(', ');
  return {
    title: `Holdfast: ${where}${verdict}`,
    filtered: 'units, incidents and syncs',
    head: html`<h1>${where}${verdict}</h1>
<p class="soft">Branch ${state.branch}, read at ${state.readAt}. This page only shows.</p>
${freezes(state)}`,
    main: html`<h2 id="units">Units</h2>
${unitsTable(state)}${incidentsSection('What is open', 'open', open, state.readAt)}<h2 id="day">The last day</h2>
${plot(state.incidents, state.readAt)}${incidentsSection(
  'Put right in the last day',
  'resolved',
  state.incidents.filter(incident => isOfLastDay(incident, state.readAt)).slice(0, 50),
  state.readAt,
)}${syncsSection(state.syncs.slice(0, 20), state.readAt)}`,
  };
}

function isOfLastDay({ state, resolvedAt = '' }: Incident, now: string): boolean {
  return state === 'resolved' && Date.parse(now) - Date.parse(resolvedAt) < 86_400_000;
}

/** What is held now: until then merging changes nothing. */
function freezes({ freezes: all, holdsUnknown }: PageState): Markup {
  const held = all.map(freeze => {
    const units = freeze.units === undefined ? 'all units' : freeze.units.join(', ');
    const by = freeze.by === undefined ? '' : `, by ${freeze.by}`;
    return html`<p class="notice"><b>Frozen ${untilWords(freeze)}</b> (${brief(units, 300)}): ${brief(`${freeze.reason}${by}`, 1000)}. Merging will apply after.</p>
`;
  });
  return html`${held}${holdsUnknown === undefined ? '' : html`<p class="notice">Whether somebody holds a unit by hand is not known: ${brief(holdsUnknown, 500)}</p>\n`}`;
}

function unitsTable({ units, readAt }: PageState): Markup {
  if (units.length === 0) return html`<p class="soft">The daemon has not compared a unit yet.</p>\n`;
  return html`<div class="table" role="region" aria-label="Units" tabindex="0"><table>
<thead><tr><th scope="col">Unit</th><th scope="col">Verdict</th><th scope="col">As declared</th><th scope="col">Revision</th><th scope="col">Compared</th></tr></thead>
<tbody>
${units.map(unit => unitRow(unit, readAt))}</tbody>
</table></div>
`;
}

function unitRow({ name, state, frozen }: PageState['units'][number], now: string): Markup {
  const { verdict, declared, inSync, revision, tip, comparedAt, driver } = state;
  const age = Number.isNaN(Date.parse(comparedAt))
    ? 'at an unknown time'
    : `${spanWords(comparedAt, now)} ago`;
  const stale = !(Date.parse(now) - Date.parse(comparedAt) <= staleMs);
  const waits =
    tip === undefined ? '' : html` <span class="soft">(tip ${tip.slice(0, 7)} is not in use)</span>`;
  const held = frozen === undefined ? '' : html` <span class="unsure">frozen ${untilWords(frozen)}</span>`;
  return html`<tr data-row><th scope="row"><a href="/units/${encodeURIComponent(name)}">${name}</a> <span class="soft">${driver}</span></th><td data-label="Verdict"><span class="verdict ${verdict}"><span aria-hidden="true">${signs[verdict]}</span> ${verdictWords[verdict]}</span>${held}</td><td data-label="As declared">${inSync} of ${declared}</td><td data-label="Revision"><code>${revision === null ? 'none' : revision.slice(0, 12)}</code>${waits}</td><td data-label="Compared">${age}${stale ? html` <span class="unsure">may be otherwise by now</span>` : ''}</td></tr>
`;
}

function incidentsSection(title: string, id: string, incidents: readonly Incident[], now: string): Markup {
  return html`<h2 id="${id}">${title} (${incidents.length})</h2>
${incidents.length === 0 ? html`<p class="soft">Nothing.</p>\n` : listOf(incidents.map(incident => incidentArticle(incident, now)))}`;
}

export function incidentArticle(incident: Incident, now: string): Markup {
  const live = isLive(incident);
  const { subject } = incident;
  const finding = subject.kind === 'drift' ? subject.finding : undefined;
  const look = live ? (subject.kind === 'blind' ? 'blind' : 'open') : 'past';
  const open = Markup.trusted(live ? ' open' : '');
  const flaps = incident.flaps > 0 ? `, ${incident.flaps + 1} times` : '';
  return html`<article class="${look}" id="${anchorOf(incidentId(incident))}"><details${open}><summary><b>${subject.kind}</b><h3>${brief(incidentTitle(incident), 300)}</h3> <span class="soft">${brief(incidentState(incident, now), 200)}${flaps}</span></summary>${declaredAt(finding)}${subjectBody(incident)}${notes(incident)}${historyLink(incident)}</details></article>
`;
}

function declaredAt(finding: { source?: Source } | undefined): Markup {
  const place = finding === undefined ? undefined : sourceWords(finding);
  return place === undefined ? html`` : html`<p>Declared at <code>${brief(place, 300)}</code></p>`;
}

function historyLink({ subject }: Incident): Markup {
  if (subject.kind !== 'drift') return html``;
  const { unit, finding } = subject;
  return html`<p><a href="${historyPath(unit, resourceKey(finding.resource))}">History of this resource</a></p>`;
}

function subjectBody({ subject }: Incident): Markup {
  switch (subject.kind) {
    case 'drift':
      return html`${message(subject.finding.message)}${changesTable(subject.finding.changes ?? [])}`;
    case 'digest':
      return html`<ul class="plain">
${subject.worst.map(finding => html`<li>${brief(resourceTitle(finding.resource), 300)} (${finding.type})</li>\n`)}</ul>
`;
    case 'refused':
      return html`<p>Refused, because:</p><ul>
${subject.reasons.map(reason => html`<li>${brief(reason, 1000)}</li>\n`)}</ul>
<p>It would have:</p><ul>
${subject.changes.map(change => html`<li>${brief(change, 300)}</li>\n`)}</ul>
`;
    case 'blind':
      return html`${message(subject.message)}<p class="soft">This says nothing about drift. Units: ${brief(subject.units.join(', ') || 'none', 500)}</p>
`;
  }
}

function message(text: string | undefined): Markup {
  return text === undefined ? html`` : html`<p class="bad">${brief(text, 2000)}</p>\n`;
}

function notes({ notes: all }: Incident): Markup {
  if (all.length === 0) return html``;
  return html`<ul class="plain">
${all.map(note => html`<li class="soft"><time datetime="${note.at}">${note.at}</time> ${note.what}${note.who === undefined ? '' : ` by ${brief(note.who.name, 100)}`}</li>\n`)}</ul>
`;
}

function syncsSection(syncs: readonly Sync[], now: string): Markup {
  return html`<h2 id="syncs">Syncs (${syncs.length})</h2>
${
  syncs.length === 0
    ? html`<p class="soft">None yet.</p>\n`
    : html`<ul class="plain">
${syncs.map(sync => html`<li data-row><a href="/syncs/${encodeURIComponent(sync.metadata.name)}">${syncTitle(sync)}</a> <span class="soft">${spanWords(sync.metadata.creationTimestamp, now)} ago, ${sync.spec.reason}${pullWords(sync)}</span></li>\n`)}</ul>
`
}`;
}

function pullWords({ status }: Sync): string {
  const pulls = status?.authorization?.pulls ?? [];
  return pulls.length === 0 ? '' : `, by ${pulls.map(({ number }) => `#${number}`).join(', ')}`;
}

/** One unit: its verdict, its incidents by resource (the history of each), its syncs. Undefined where none is known. */
export function unitView(state: PageState, name: string): View | undefined {
  const unit = state.units.find(each => each.name === name);
  const incidents = state.incidents.filter(incident => unitOf(incident) === name);
  const syncs = state.syncs.filter(sync => sync.spec.unit === name);
  if (unit === undefined && incidents.length + syncs.length === 0) return undefined;
  return {
    title: `Holdfast: ${name}`,
    filtered: 'incidents and syncs',
    head: html`<p><a href="/">All units</a></p>
<h1>${name}${unit === undefined ? '' : `: ${verdictWords[unit.state.verdict]}`}</h1>
`,
    main: html`${unit === undefined ? '' : unitsTable({ ...state, units: [unit] })}${incidentsSection('What is open', 'open', incidents.filter(isLive), state.readAt)}<h2 id="day">The last day</h2>
${plot(incidents, state.readAt)}${incidentsSection(
  'History',
  'history',
  incidents.filter(incident => !isLive(incident)),
  state.readAt,
)}${syncsSection(syncs.slice(0, 100), state.readAt)}`,
  };
}

/** One Sync with its evidence, its plan and what became of each resource. */
export function syncView(state: PageState, name: string): View | undefined {
  const sync = state.syncs.find(({ metadata }) => metadata.name === name);
  if (sync === undefined) return undefined;
  const { status, spec, metadata } = sync;
  return {
    title: `Holdfast: ${syncTitle(sync)}`,
    filtered: 'resources',
    head: html`<p><a href="/">All units</a> · <a href="/units/${encodeURIComponent(spec.unit)}">${spec.unit}</a></p>
<h1>${syncTitle(sync)}</h1>
<p class="soft">${metadata.name}, asked for at ${metadata.creationTimestamp} (${spec.reason}${spec.requestedBy === undefined ? '' : ` by ${brief(spec.requestedBy, 100)}`})${status?.finishedAt === undefined ? '' : `, ended at ${status.finishedAt}`}</p>
`,
    main: html`${status?.message === undefined ? '' : html`<p>${brief(status.message, 2000)}</p>\n`}${evidence(status)}${planned(status)}${results(status)}`,
  };
}

function evidence(status: Sync['status']): Markup {
  const found = status?.authorization;
  if (found === undefined) return html``;
  return html`<h2 id="evidence">Evidence: ${found.verdict}</h2>
<ul>
${found.pulls.map(pull => html`<li>#${pull.number} ${brief(pull.title, 200)}${pull.author == null ? '' : ` by ${pull.author}`}, approved by ${brief(pull.approvers.join(', ') || 'nobody', 300)}, merged as <code>${pull.mergeCommit.slice(0, 12)}</code></li>\n`)}${(found.reasons ?? []).map(reason => html`<li>${brief(reason, 500)}</li>\n`)}</ul>
${found.digest === undefined || found.digest === '' ? '' : html`<p class="soft">Digest of the evidence <code>${found.digest}</code></p>\n`}`;
}

function planned(status: Sync['status']): Markup {
  const plan = status?.plan;
  if (plan === undefined) return html``;
  return html`<h2 id="plan">Plan: ${plan.creates} created, ${plan.changes} changed, ${plan.recreates} recreated, ${plan.prunes} pruned</h2>
<p class="soft">Digest <code>${plan.digest}</code></p>
<ul class="plain">
${plan.actions.slice(0, 500).map(({ action, resource, paths = [] }) => html`<li data-row><b>${action}</b> ${brief(titleOf(resource), 300)}${paths.length === 0 ? '' : html` <code class="soft">${brief(paths.join(' '), 400)}</code>`}</li>\n`)}</ul>
`;
}

function results(status: Sync['status']): Markup {
  const all = status?.results ?? [];
  if (all.length === 0) return html``;
  return html`<h2 id="results">Results (${all.length})</h2>
<ul class="plain">
${all.slice(0, 500).map(({ resource, result, message: words }) => html`<li data-row><b class="${result === 'failed' ? 'bad' : ''}">${result}</b> ${brief(titleOf(resource), 300)}${words === undefined ? '' : ` ${brief(words, 500)}`}</li>\n`)}</ul>
`;
}

function titleOf(resource: NonNullable<NonNullable<Sync['status']>['results']>[number]['resource']): string {
  const { kind, type, namespace, name } = resource;
  return `${kind ?? type ?? ''} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}
