import { resourceTitle } from '../findings/finding.ts';
import { type Incident, isLive } from '../incidents/incident.ts';
import type { Message } from '../incidents/outlet.ts';
import { type Line, type Piece, say, words } from '../incidents/say.ts';
import { findingSaying, plural } from '../report/words.ts';
import { spanWords } from './time.ts';

const mostLines = 20;

/** What is still open, the oldest first; undefined when nothing is. `now` is RFC 3339. */
export function summaryOf(
  incidents: readonly Incident[],
  facts: { environment?: string; repository: string; now: string },
): Message | undefined {
  const open = incidents.filter(isLive).toSorted((a, b) => (a.openedAt < b.openedAt ? -1 : 1));
  if (open.length === 0) return undefined;
  const lines = open.slice(0, mostLines).map((incident): Line => {
    const age = words(`, for ${spanWords(incident.openedAt, facts.now)}`);
    return { pieces: [...subjectWords(incident), age, ...attention(incident)] };
  });
  const more = open.length - lines.length;
  const place = facts.environment === undefined ? [] : say`${facts.environment}: `;
  return {
    verdict: 'OPEN',
    severity: 'warning',
    headline: say`${place}${words(plural(open.length, 'incident'))} in ${facts.repository}`,
    lines: more > 0 ? [...lines, { pieces: say`and ${words(more)} more` }] : lines,
  };
}

function attention({ acknowledged, snoozed, state }: Incident): Piece[] {
  if (state === 'snoozed' && snoozed !== undefined) return say`, snoozed by ${snoozed.by.name}`;
  return acknowledged === undefined ? [] : say`, acknowledged by ${acknowledged.by.name}`;
}

function subjectWords({ subject }: Incident): Piece[] {
  switch (subject.kind) {
    case 'drift':
      return say`${subject.unit}: ${resourceTitle(subject.finding.resource)} ${words(findingSaying(subject.finding))}`;
    case 'digest':
      return say`${subject.unit}: ${words(plural(subject.total, 'resource'))} not as declared`;
    case 'refused':
      return say`${`${subject.branch}@${subject.revision.slice(0, 7)}`} is not authorized`;
    case 'blind':
      return say`${subject.origin}: could not compare`;
  }
}
