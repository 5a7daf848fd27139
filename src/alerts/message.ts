import { failureCodes, isFailureCode } from '../failure/codes.ts';
import type { FieldChange, Finding } from '../findings/finding.ts';
import { resourceTitle } from '../findings/finding.ts';
import { askedFor } from '../incidents/asked.ts';
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
import type { Severity } from './severity.ts';
import { clockWords, spanWords } from './time.ts';

/** What is told of an incident, the same for every outlet. */
export interface Message {
  /** The verdict in one word. */
  verdict: 'DRIFT' | 'INVALID' | 'REFUSED' | 'BLIND' | 'RESOLVED' | 'OPEN';
  severity: Severity;
  /** What follows the verdict on the first line. */
  headline: Piece[];
  /** The story; empty once it is over. */
  lines: Line[];
}

const mostChanges = 20;
const mostOwners = 5;

/**
 * The message of a transition: the verdict first, then what differs, who did it, where it is declared, who owns that, what people
 * did about it, what comes next. `most` is how many changes and the like are listed; the rest is counted.
 */
export function messageOf(transition: Transition, telling: Telling, most = mostChanges): Message {
  const { incident } = transition;
  if (incident.state === 'resolved') return resolved(incident, telling);
  const next: Line = { pieces: say`next: ${words(telling.next)}`, vital: true };
  const { verdict, headline, lines } = story(incident, telling, most);
  return {
    verdict,
    severity: telling.severity,
    headline: [...headline, ...facts(transition, telling)],
    lines: [...lines, ...stateLines(incident), next],
  };
}

type Story = Pick<Message, 'verdict' | 'headline' | 'lines'>;

function story(incident: Incident, telling: Telling, most: number): Story {
  const { subject } = incident;
  switch (subject.kind) {
    case 'drift':
      return drift(subject, telling, most);
    case 'digest':
      return digest(subject, telling);
    case 'refused':
      return refused(subject, telling, most);
    case 'blind':
      return blind(subject, telling);
  }
}

function drift(subject: DriftSubject, telling: Telling, most: number): Story {
  const { finding } = subject;
  const shown = (finding.changes ?? []).slice(0, most);
  const more = (finding.changes?.length ?? 0) - shown.length + (subject.omitted ?? 0);
  return {
    verdict: finding.type === 'invalid' ? 'INVALID' : 'DRIFT',
    headline: say`${placeOf(telling, subject.unit)}: ${resourceTitle(finding.resource)} ${words(findingSaying(finding))}`,
    lines: [
      ...(finding.message ? [{ pieces: say`${finding.message}` }] : []),
      ...shown.flatMap(changeLines),
      ...(more > 0 ? [{ pieces: say`and ${words(plural(more, 'more change'))}` }] : []),
      ...declaredIn(finding, telling),
    ],
  };
}

/** `prod/shop`, or the unit alone where the installation has no environment. */
export function placeOf({ environment }: Pick<Telling, 'environment'>, unit: string): string {
  return environment === undefined ? unit : `${environment}/${unit}`;
}

/** `prod: `, before what belongs to no unit. */
function environmentWords({ environment }: Telling): Piece[] {
  return environment === undefined ? [] : say`${environment}: `;
}

/** One field: path, old → new, and who set it. */
export function changeLines(change: FieldChange): Line[] {
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
  const owners = (telling.owners ?? []).slice(0, mostOwners);
  const owned = owners.length === 0 ? [] : say`, owned by ${owners.join(' ')}`;
  if (earlier === undefined)
    return [{ pieces: [...say`declared in ${outside(place, link)}`, ...owned], vital: true }];
  const pieces = say`was declared in ${outside(place, link)} at ${short(earlier)}`;
  return [{ pieces: [...pieces, ...owned], vital: true }];
}

/** What people did about it, and how it behaves. */
function stateLines(incident: Incident): Line[] {
  const { acknowledged, snoozed, flapping, flaps, updatedAt } = incident;
  const asked = askedFor(incident);
  const lines: Piece[][] = [];
  if (snoozed !== undefined)
    lines.push(say`snoozed by ${snoozed.by.name} until ${words(clockWords(snoozed.until, updatedAt))}`);
  else if (acknowledged !== undefined)
    lines.push(
      say`acknowledged by ${acknowledged.by.name} at ${words(clockWords(acknowledged.at, updatedAt))}`,
    );
  if (asked !== undefined) {
    const what = asked.id?.startsWith('adopt/') === true ? 'adopting this' : 'converging';
    lines.push(
      say`${words(what)} was asked for by ${asked.who.name} at ${words(clockWords(asked.at, updatedAt))}`,
    );
  }
  if (flapping !== undefined) lines.push(say`${words(flappingWords(flaps))}`);
  return lines.map(pieces => ({ pieces, vital: true }));
}

/** `comes and goes (4 times so far); told once an hour while it does`. */
export function flappingWords(flaps: number): string {
  return `comes and goes (${flaps + 1} times so far); told once an hour while it does`;
}

function digest(subject: DigestSubject, telling: Telling): Story {
  const more = subject.total - subject.worst.length;
  const counts = new Map(Object.entries(subject.counts)) as Parameters<typeof countWords>[0];
  return {
    verdict: 'DRIFT',
    headline: say`${placeOf(telling, subject.unit)}: ${words(plural(subject.total, 'resource'))} ${words(subject.total === 1 ? 'is' : 'are')} not as declared`,
    lines: [
      { pieces: say`${words(countWords(counts))}` },
      ...subject.worst.map(finding => ({ pieces: say`${findingSentence(finding)}`, inner: true })),
      ...(more > 0 ? [{ pieces: say`and ${words(more)} more`, inner: true }] : []),
      ...(telling.page === undefined ? [] : [{ pieces: say`${outside('all of them', telling.page)}` }]),
    ],
  };
}

function refused(subject: RefusedSubject, telling: Telling, most: number): Story {
  const { branch, revision, authorized, changes } = subject;
  const more = Math.max(changes.length - most, 0) + (subject.omitted ?? 0);
  return {
    verdict: 'REFUSED',
    headline: [
      ...environmentWords(telling),
      ...say`${`${branch}@${short(revision)}`}: not authorized, ${short(authorized)} stays in use in ${telling.repository}`,
    ],
    lines: [
      ...subject.reasons.map(reason => ({ pieces: say`because ${reason}` })),
      ...changes.slice(0, most).map(change => ({ pieces: say`would have: ${change}` })),
      ...(more > 0 ? [{ pieces: say`and ${words(more)} more` }] : []),
    ],
  };
}

function blind(subject: BlindSubject, telling: Telling): Story {
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
    headline: [
      ...environmentWords(telling),
      ...say`${subject.origin}: ${words(blindness(subject))}; this says nothing about drift`,
    ],
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
  const lines = incident.flapping === undefined ? [] : stateLines(incident);
  const headline = say`${over(incident, telling)} ${times}`;
  return { verdict: 'RESOLVED', severity: telling.severity, headline, lines };
}

/** How it ended, in words. */
export function over({ subject, undeclared }: Incident, telling: Telling): Piece[] {
  if (undeclared === true) return noLongerDeclared(subject, telling);
  switch (subject.kind) {
    case 'drift':
      return say`${placeOf(telling, subject.unit)}: ${resourceTitle(subject.finding.resource)} ${words(endWords(subject.finding))}${at(telling)}`;
    case 'digest':
      return say`${placeOf(telling, subject.unit)}: the ${words(plural(subject.total, 'resource'))} of this digest are as declared again${at(telling)}`;
    case 'refused':
      return say`${environmentWords(telling)}${subject.branch}: the branch is authorized again, ${short(subject.revision)} no longer stands in the way`;
    case 'blind':
      return say`${environmentWords(telling)}${subject.origin}: ${words(sight(subject))} again`;
  }
}

/** What nobody declares is over when it is gone, or declared. */
function endWords({ type }: Finding): string {
  return type === 'orphaned' || type === 'unmanaged' ? 'is gone or declared now' : 'is as declared again';
}

/** Nothing was put right: nothing is compared any more. */
function noLongerDeclared(subject: Subject, telling: Telling): Piece[] {
  switch (subject.kind) {
    case 'drift':
      return say`${placeOf(telling, subject.unit)}: ${resourceTitle(subject.finding.resource)} is not compared any more, as the unit is no longer declared`;
    case 'digest':
      return say`${placeOf(telling, subject.unit)}: the ${words(plural(subject.total, 'resource'))} of this digest are not compared any more, as the unit is no longer declared`;
    case 'blind':
      return say`${environmentWords(telling)}${subject.origin}: no unit that this concerned is declared any more`;
    case 'refused':
      return say`${environmentWords(telling)}${subject.branch}: nothing is declared there any more`;
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

/** `, for the 3rd time`. */
export function flapWords({ flaps }: Incident): string {
  return flaps === 0 ? '' : `, for the ${flaps + 1}${['th', 'st', 'nd', 'rd'][ordinal(flaps + 1)]} time`;
}

function ordinal(count: number): number {
  const last = count % 10;
  return last > 3 || (count % 100 > 10 && count % 100 < 14) ? 0 : last;
}

function short(revision: string): string {
  return revision.slice(0, 7);
}
