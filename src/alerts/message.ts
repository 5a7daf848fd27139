import type { Incident } from '../incidents/incident.ts';
import type { Message, Telling } from '../incidents/outlet.ts';
import { type Line, type Piece, say, words } from '../incidents/say.ts';
import { flapWords, stateLines } from './behaviour.ts';
import { over } from './ends.ts';
import { at } from './naming.ts';
import { story } from './stories.ts';
import { clockWords, spanWords } from './time.ts';

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
