import { spanWords } from '../../alerts/time.ts';
import type { Sync } from '../../converge/sync.ts';
import { phaseOf } from '../../converge/sync.ts';
import { type ResourceRef, resourceKey, resourceTitle } from '../../findings/finding.ts';
import type { Incident } from '../../incidents/incident.ts';
import { html, type Markup } from '../../report/markup.ts';
import { brief } from '../../report/terminal.ts';
import { attributionWords, findingSaying } from '../../report/words.ts';
import { changesTable } from './changes.ts';
import type { PageState } from './state.ts';
import type { View } from './views.ts';

/** Where the history of a resource is; `key` is its `resourceKey`. */
export function historyPath(unit: string, key: string): string {
  return `/units/${encodeURIComponent(unit)}/resource?key=${encodeURIComponent(key.toWellFormed())}`;
}

interface Entry {
  at: string;
  what: Markup;
}

/**
 * What is kept of one resource, newest first: when it came to differ, in what and by whom, when it was as declared again, and each
 * sync that touched it. Undefined where nothing is known of it.
 */
export function historyView(state: PageState, unit: string, key: string): View | undefined {
  const incidents = state.incidents.flatMap(incident => {
    const { subject } = incident;
    const mine =
      subject.kind === 'drift' && subject.unit === unit && resourceKey(subject.finding.resource) === key;
    return mine ? [{ incident, finding: subject.finding }] : [];
  });
  const syncs = state.syncs.filter(({ spec }) => spec.unit === unit);
  const entries = [
    ...incidents.flatMap(({ incident, finding }) => ofIncident(incident, finding)),
    ...syncs.flatMap(sync => ofSync(sync, key)),
  ].sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
  if (entries.length === 0) return undefined;
  const resource = incidents[0]?.finding.resource;
  const title = resource === undefined ? key : resourceTitle(resource);
  return {
    title: `Holdfast: ${brief(title, 200)}`,
    filtered: 'entries',
    head: html`<p><a href="/">All units</a> · <a href="/units/${encodeURIComponent(unit)}">${unit}</a></p>
<h1>${brief(title, 300)}</h1>
<p class="soft">What is kept of it, newest first. Read at ${state.readAt}.</p>
`,
    main: html`<h2 id="history">History (${entries.length})</h2>
<ol class="story">
${entries.map(({ at, what }) => html`<li data-row><time datetime="${at}">${at}</time>${what}</li>\n`)}</ol>
`,
  };
}

type Drift = Extract<Incident['subject'], { kind: 'drift' }>['finding'];

function ofIncident(incident: Incident, finding: Drift): Entry[] {
  const { openedAt, resolvedAt, notes } = incident;
  const hands = new Set(
    (finding.changes ?? []).flatMap(({ by }) => (by === undefined ? [] : [attributionWords(by)])),
  );
  const who = hands.size === 0 ? '' : `, by ${[...hands].join(', ')}`;
  const opened = html`<b>${brief(findingSaying(finding), 200)}</b>${brief(who, 300)}${finding.message === undefined ? '' : html`<p class="bad">${brief(finding.message, 1000)}</p>`}${changesTable(finding.changes ?? [])}`;
  return [
    { at: openedAt, what: opened },
    ...notes.map(note => ({
      at: note.at,
      what: html`${note.what}${note.who === undefined ? '' : ` by ${brief(note.who.name, 100)}`}`,
    })),
    ...(resolvedAt === undefined
      ? []
      : [{ at: resolvedAt, what: html`<b>as declared again</b>, after ${spanWords(openedAt, resolvedAt)}` }]),
  ];
}

function ofSync(sync: Sync, key: string): Entry[] {
  const { metadata, spec, status } = sync;
  const planned = status?.plan?.actions.find(({ resource }) => isOf(resource, key));
  const result = status?.results?.find(({ resource }) => isOf(resource, key));
  if (planned === undefined && result === undefined) return [];
  const pulls = status?.authorization?.pulls ?? [];
  const by = pulls.length === 0 ? spec.reason : pulls.map(({ number }) => `#${number}`).join(', ');
  const paths = planned?.paths ?? [];
  const said = result === undefined ? phaseOf(sync) : result.result;
  return [
    {
      at: status?.finishedAt ?? status?.startedAt ?? metadata.creationTimestamp,
      what: html`<a href="/syncs/${encodeURIComponent(metadata.name)}">sync</a> <b>${planned?.action ?? result?.action ?? ''}: ${said}</b> (${by})${paths.length === 0 ? '' : html` <code>${brief(paths.join(' '), 400)}</code>`}${result?.message === undefined ? '' : html`<p class="soft">${brief(result.message, 500)}</p>`}`,
    },
  ];
}

/** Records of syncs may leave out the API version. */
function isOf(
  {
    apiVersion,
    kind,
    namespace,
    name,
    type,
  }: NonNullable<NonNullable<Sync['status']>['results']>[number]['resource'],
  key: string,
): boolean {
  const of = (ref: ResourceRef) => resourceKey(ref) === key;
  if (kind === undefined) return type !== undefined && of({ type, name });
  const place = { kind, name, ...(namespace === undefined ? {} : { namespace }) };
  if (apiVersion !== undefined) return of({ apiVersion, ...place });
  return key.endsWith(resourceKey({ apiVersion: '', ...place }));
}
