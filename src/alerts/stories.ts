import { failureCodes, isFailureCode } from '../failure/codes.ts';
import { type FieldChange, type Finding, resourceTitle } from '../findings/finding.ts';
import type {
  BlindSubject,
  DigestSubject,
  DriftSubject,
  Incident,
  RefusedSubject,
} from '../incidents/incident.ts';
import type { Message, Telling } from '../incidents/outlet.ts';
import { type Line, outside, say, words } from '../incidents/say.ts';
import { changeWords, countWords, findingSaying, plural, sourceWords } from '../report/words.ts';
import { environmentWords, placeOf, short } from './naming.ts';

const mostOwners = 5;
const mostUnits = 20;

/** What differs, while it does. */
export type Story = Pick<Message, 'verdict' | 'headline' | 'lines'>;

/** The story of an incident that goes on; `most` is how many changes and the like are listed. */
export function story(incident: Incident, telling: Telling, most: number): Story {
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

function digest(subject: DigestSubject, telling: Telling): Story {
  const more = subject.total - subject.worst.length;
  const counts = new Map(Object.entries(subject.counts)) as Parameters<typeof countWords>[0];
  return {
    verdict: 'DRIFT',
    headline: say`${placeOf(telling, subject.unit)}: ${words(plural(subject.total, 'resource'))} ${words(subject.total === 1 ? 'is' : 'are')} not as declared`,
    lines: [
      { pieces: say`${words(countWords(counts))}` },
      ...subject.worst.map(finding => ({
        pieces: say`${resourceTitle(finding.resource)} ${words(findingSaying(finding))}`,
        inner: true,
      })),
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
  const units = subject.units.slice(0, mostUnits).join(', ');
  const more = subject.units.length - mostUnits;
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
