import { type Finding, resourceTitle } from '../findings/finding.ts';
import type { BlindSubject, Incident, Subject } from '../incidents/incident.ts';
import type { Telling } from '../incidents/outlet.ts';
import { type Piece, say, words } from '../incidents/say.ts';
import { plural } from '../report/words.ts';
import { at, environmentWords, placeOf, short } from './naming.ts';

/** How it ended, in words. */
export function over({ subject, undeclared, forgotten }: Incident, telling: Telling): Piece[] {
  if (forgotten === true) return noLongerKnown(subject, telling);
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

/** Where it goes on it is told anew, by another message. */
function noLongerKnown(subject: Subject, telling: Telling): Piece[] {
  const what =
    subject.kind === 'drift'
      ? say`${placeOf(telling, subject.unit)}: ${resourceTitle(subject.finding.resource)}`
      : subject.kind === 'digest'
        ? say`${placeOf(telling, subject.unit)}: this digest`
        : say`${environmentWords(telling)}${subject.kind === 'blind' ? subject.origin : subject.branch}`;
  return [
    ...what,
    words(
      ': this message is followed no more, as another observer tells now and does not know it; what goes on is told anew',
    ),
  ];
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

function sight({ itself, origin }: BlindSubject): string {
  if (origin === 'declaration') return 'can be used';
  return itself === true ? 'can be asked' : 'can be compared';
}
