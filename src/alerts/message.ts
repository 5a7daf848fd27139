import { failureCodes, isFailureCode } from '../failure/codes.ts';
import type { Finding } from '../findings/finding.ts';
import { resourceTitle } from '../findings/finding.ts';
import type {
  BlindSubject,
  DigestSubject,
  DriftSubject,
  Incident,
  RefusedSubject,
  Subject,
  Transition,
} from '../incidents/incident.ts';
import {
  changeWords,
  countWords,
  findingSaying,
  findingSentence,
  plural,
  sourceWords,
} from '../report/words.ts';
import type { Telling } from './outlet.ts';
import { type Line, outside, type Piece, say, words } from './say.ts';
import { clockWords, spanWords } from './time.ts';

/** What is told of an incident, the same for every outlet. */
export interface Message {
  /** The verdict in one word. */
  verdict: 'DRIFT' | 'INVALID' | 'REFUSED' | 'BLIND' | 'RESOLVED' | 'OPEN';
  /** What follows the verdict on the first line. */
  headline: Piece[];
  /** The story; empty once it is over. */
  lines: Line[];
}

const mostChanges = 20;

/** The message of a transition: the verdict first, then what differs, who did it, where it is declared, what comes next. */
export function messageOf(transition: Transition, telling: Telling): Message {
  const { incident } = transition;
  if (incident.state === 'resolved') return resolved(incident, telling);
  const next: Line = { pieces: say`next: ${words(telling.next)}`, vital: true };
  const { verdict, headline, lines } = story(incident, telling);
  return { verdict, headline: [...headline, ...facts(transition, telling)], lines: [...lines, next] };
}

function story(incident: Incident, telling: Telling): Message {
  const { subject } = incident;
  switch (subject.kind) {
    case 'drift':
      return drift(subject, telling);
    case 'digest':
      return digest(subject);
    case 'refused':
      return refused(subject, telling);
    case 'blind':
      return blind(subject);
  }
}

function drift(subject: DriftSubject, telling: Telling): Message {
  const { finding } = subject;
  const shown = (finding.changes ?? []).slice(0, mostChanges);
  const more = (finding.changes?.length ?? 0) - shown.length + (subject.omitted ?? 0);
  return {
    verdict: finding.type === 'invalid' ? 'INVALID' : 'DRIFT',
    headline: say`${subject.unit}: ${resourceTitle(finding.resource)} ${words(findingSaying(finding))}`,
    lines: [
      ...(finding.message ? [{ pieces: say`${finding.message}` }] : []),
      ...shown.flatMap(changeLines),
      ...(more > 0 ? [{ pieces: say`and ${words(plural(more, 'more change'))}` }] : []),
      ...declaredIn(finding, telling),
    ],
  };
}

function changeLines(change: Parameters<typeof changeWords>[0]): Line[] {
  const { path, declared, live, secret, by } = changeWords(change);
  const values = secret === undefined ? say`${declared} → ${live}` : say`${words(secret)}`;
  return [
    { pieces: say`${path}: ${values}` },
    ...(by === undefined ? [] : [{ pieces: say`by ${by}`, inner: true }]),
  ];
}

function declaredIn(finding: Finding, telling: Telling): Line[] {
  const place = sourceWords(finding);
  if (place === undefined || finding.source === undefined) return [];
  const { file, line, revision: earlier } = finding.source;
  const revision = earlier ?? telling.revision;
  const link = revision === null ? undefined : telling.link?.(revision, file, line);
  if (earlier === undefined) return [{ pieces: say`declared in ${outside(place, link)}`, vital: true }];
  const pieces = say`was declared in ${outside(place, link)} at ${short(earlier)}`;
  return [{ pieces, vital: true }];
}

function digest(subject: DigestSubject): Message {
  const more = subject.total - subject.worst.length;
  const counts = new Map(Object.entries(subject.counts)) as Parameters<typeof countWords>[0];
  return {
    verdict: 'DRIFT',
    headline: say`${subject.unit}: ${words(plural(subject.total, 'resource'))} ${words(subject.total === 1 ? 'is' : 'are')} not as declared`,
    lines: [
      { pieces: say`${words(countWords(counts))}` },
      ...subject.worst.map(finding => ({ pieces: say`${findingSentence(finding)}`, inner: true })),
      ...(more > 0 ? [{ pieces: say`and ${words(more)} more`, inner: true }] : []),
    ],
  };
}

function refused(subject: RefusedSubject, telling: Telling): Message {
  const { branch, revision, authorized, changes } = subject;
  const more = Math.max(changes.length - mostChanges, 0) + (subject.omitted ?? 0);
  return {
    verdict: 'REFUSED',
    headline: say`${`${branch}@${short(revision)}`}: not authorized, ${short(authorized)} stays in use in ${telling.repository}`,
    lines: [
      ...subject.reasons.map(reason => ({ pieces: say`because ${reason}` })),
      ...changes.slice(0, mostChanges).map(change => ({ pieces: say`would have: ${change}` })),
      ...(more > 0 ? [{ pieces: say`and ${words(more)} more` }] : []),
    ],
  };
}

function blind(subject: BlindSubject): Message {
  const units = subject.units.slice(0, mostChanges).join(', ');
  const more = subject.units.length - mostChanges;
  const concerned =
    subject.units.length === 0
      ? []
      : [
          {
            pieces: say`concerns ${words(plural(subject.units.length, 'unit'))}: ${units}${words(more > 0 ? ` and ${more} more` : '')}`,
          },
        ];
  return {
    verdict: 'BLIND',
    headline: say`${subject.origin}: ${words(blindness(subject))}; this says nothing about drift`,
    lines: [{ pieces: say`${subject.message}` }, ...advice(subject), ...concerned],
  };
}

/** What to do about it, unless the message says so already. */
function advice({ code, message }: BlindSubject): Line[] {
  const what = isFailureCode(code) ? failureCodes[code].advice : '';
  return what === '' || message.includes(what) ? [] : [{ pieces: say`${words(what)}` }];
}

/** A declaration is read and not asked. */
function blindness({ itself, origin }: BlindSubject): string {
  if (origin === 'declaration') return 'cannot be used';
  return itself === true ? 'cannot be asked' : 'could not compare';
}

function sight({ itself, origin }: BlindSubject): string {
  if (origin === 'declaration') return 'can be used';
  return itself === true ? 'can be asked' : 'can be compared';
}

function resolved(incident: Incident, telling: Telling): Message {
  const ended = incident.resolvedAt ?? incident.updatedAt;
  const times = words(
    `(after ${spanWords(incident.openedAt, ended)}, at ${clockWords(ended, ended)}${flapWords(incident)})`,
  );
  return { verdict: 'RESOLVED', headline: say`${over(incident, telling)} ${times}`, lines: [] };
}

function over({ subject, undeclared }: Incident, telling: Telling): Piece[] {
  if (undeclared === true) return noLongerDeclared(subject);
  switch (subject.kind) {
    case 'drift':
      return say`${subject.unit}: ${resourceTitle(subject.finding.resource)} ${words(endWords(subject.finding))}${at(telling)}`;
    case 'digest':
      return say`${subject.unit}: the ${words(plural(subject.total, 'resource'))} of this digest are as declared again${at(telling)}`;
    case 'refused':
      return say`${subject.branch}: the branch is authorized again, ${short(subject.revision)} no longer stands in the way`;
    case 'blind':
      return say`${subject.origin}: ${words(sight(subject))} again`;
  }
}

/** What nobody declares is over when it is gone, or declared. */
function endWords({ type }: Finding): string {
  return type === 'orphaned' || type === 'unmanaged' ? 'is gone or declared now' : 'is as declared again';
}

/** Nothing was put right: nothing is compared any more. */
function noLongerDeclared(subject: Subject): Piece[] {
  switch (subject.kind) {
    case 'drift':
      return say`${subject.unit}: ${resourceTitle(subject.finding.resource)} is not compared any more, as the unit is no longer declared`;
    case 'digest':
      return say`${subject.unit}: the ${words(plural(subject.total, 'resource'))} of this digest are not compared any more, as the unit is no longer declared`;
    case 'blind':
      return say`${subject.origin}: no unit that this concerned is declared any more`;
    case 'refused':
      return say`${subject.branch}: nothing is declared there any more`;
  }
}

/** `(main@abc1234, since 14:02:11Z)`. */
function facts({ what, incident }: Transition, telling: Telling): Piece[] {
  const where =
    incident.subject.kind === 'drift' || incident.subject.kind === 'digest' ? at(telling, '') : [];
  const since = `since ${clockWords(incident.openedAt, incident.updatedAt)}`;
  const changed =
    what === 'updated' ? `, changed at ${clockWords(incident.updatedAt, incident.updatedAt)}` : '';
  const rest = words(`${since}${changed}${flapWords(incident)})`);
  return where.length === 0 ? say` (${rest}` : say` (${where}, ${rest}`;
}

function at(telling: Telling, before = ', '): Piece[] {
  if (telling.revision === null) return [];
  const revision = short(telling.revision);
  const name = telling.branch === undefined ? revision : `${telling.branch}@${revision}`;
  return say`${words(before)}${name}`;
}

function flapWords({ flaps }: Incident): string {
  return flaps === 0 ? '' : `, for the ${flaps + 1}${['th', 'st', 'nd', 'rd'][ordinal(flaps + 1)]} time`;
}

function ordinal(count: number): number {
  const last = count % 10;
  return last > 3 || (count % 100 > 10 && count % 100 < 14) ? 0 : last;
}

function short(revision: string): string {
  return revision.slice(0, 7);
}
