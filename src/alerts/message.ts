import type { Incident } from '../incidents/incident.ts';
import { flapWords, stateLines } from './behaviour.ts';
import { over } from './ends.ts';
import { at } from './naming.ts';
import type { Telling } from './outlet.ts';
import { type Line, type Piece, say, words } from './say.ts';
import type { Severity } from './severity.ts';
import { story } from './stories.ts';
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

/**
 * The message of an incident as it is now: the verdict first, then what differs, who did it, where it is declared, who owns that, what people
 * did about it, what comes next. `most` is how many changes and the like are listed; the rest is counted.
 */
export function messageOf(incident: Incident, telling: Telling, most = mostChanges): Message {
  if (incident.state === 'resolved') return resolved(incident, telling);
  const next: Line = { pieces: say`next: ${words(telling.next)}`, vital: true };
  const { verdict, headline, lines } = story(incident, telling, most);
  return {
    verdict,
    severity: telling.severity,
    headline: [...headline, ...facts(incident, telling)],
    lines: [...lines, ...stateLines(incident), next],
  };
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

/** `(main@abc1234, since 14:02:11Z)`. */
function facts(incident: Incident, telling: Telling): Piece[] {
  const where =
    incident.subject.kind === 'drift' || incident.subject.kind === 'digest' ? at(telling, '') : [];
  const since = `since ${clockWords(incident.openedAt, incident.updatedAt)}`;
  const { changedAt } = incident;
  const changed = changedAt === undefined ? '' : `, changed at ${clockWords(changedAt, incident.updatedAt)}`;
  const rest = words(`${since}${changed}${flapWords(incident)})`);
  return where.length === 0 ? say` (${rest}` : say` (${where}, ${rest}`;
}
