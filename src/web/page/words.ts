import { spanWords } from '../../alerts/time.ts';
import { phaseOf, type Sync } from '../../converge/sync.ts';
import type { Incident } from '../../incidents/incident.ts';
import { findingSentence, plural } from '../../report/words.ts';

/** An incident in one line. Text from outside: escape it. */
export function incidentTitle({ subject }: Incident): string {
  switch (subject.kind) {
    case 'drift':
      return `${subject.unit}: ${findingSentence(subject.finding)}`;
    case 'digest':
      return `${subject.unit}: ${plural(subject.total, 'resource')} not as declared`;
    case 'refused':
      return `${subject.branch}@${subject.revision.slice(0, 7)} is not authorized`;
    case 'blind':
      return `${subject.origin} could not be asked`;
  }
}

/** `open for 3 min 5 s`, `acknowledged by alice`, `resolved 2 h ago after 3 min`. */
export function incidentState(incident: Incident, now: string): string {
  const { state, openedAt, resolvedAt, acknowledged, snoozed } = incident;
  if (state === 'resolved' && resolvedAt !== undefined)
    return `resolved ${spanWords(resolvedAt, now)} ago, after ${spanWords(openedAt, resolvedAt)}`;
  const span = `for ${spanWords(openedAt, now)}`;
  if (state === 'acknowledged' && acknowledged !== undefined)
    return `acknowledged by ${acknowledged.by.name}, open ${span}`;
  if (state === 'snoozed' && snoozed !== undefined)
    return `snoozed by ${snoozed.by.name} until ${snoozed.until}, open ${span}`;
  return `open ${span}`;
}

export function syncTitle(sync: Sync): string {
  return `${sync.spec.unit} to ${sync.spec.revision.slice(0, 12)}: ${phaseOf(sync)}`;
}

/** A stable id for links: of a Sync its name, of an incident a part of its key. */
export function incidentId({ key, id }: Incident): string {
  return `${key} ${id}`;
}
