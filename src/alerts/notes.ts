import type { Incident, Note } from '../incidents/incident.ts';
import type { Telling } from '../incidents/outlet.ts';
import { type Line, type Piece, say, words } from '../incidents/say.ts';
import { countWords, plural } from '../report/words.ts';
import { flappingWords, flapWords } from './behaviour.ts';
import { over } from './ends.ts';
import { changeLines } from './stories.ts';
import { clockWords } from './time.ts';

const mostSteps = 6;
const mostChanges = 20;

/**
 * Notes in words, for the thread below the message: what happened, in order, and what differs now. Of many that gathered while
 * nobody could be told only the last are listed. Empty where there is nothing that the message does not say: `shown` is how many
 * changes it lists.
 */
export function noteLines(
  notes: readonly Note[],
  incident: Incident,
  telling: Telling,
  shown: number,
): Line[] {
  const own = notes.filter(note => note.what === 'note');
  if (own.length > 0) return own.flatMap(note => note.lines ?? []);
  const flaps = notes.findLast(note => note.what === 'flapping');
  const steps = notes.filter((note, index) => {
    if (flaps !== undefined) return note.seq >= flaps.seq || note.who !== undefined;
    return note.what !== 'updated' || notes[index + 1]?.what !== 'updated';
  });
  const last = steps.at(-1);
  if (last === undefined) return [];
  if (last.what === 'opened') return details(incident, shown);
  const listed = steps.slice(-mostSteps);
  const before = steps.length - listed.length;
  return [
    ...(before > 0 ? [{ pieces: say`${words(plural(before, 'change'))} before` }] : []),
    ...listed.map(note => ({ pieces: stepWords(note, incident, telling) })),
    ...(differsAnew(last) && incident.state !== 'resolved' ? details(incident, 0) : []),
  ];
}

/** Whether people should see the fields again. */
function differsAnew({ what }: Note): boolean {
  return what === 'updated' || what === 'reopened' || what === 'woken';
}

/** The changes, where there are more than `shown`. */
function details({ subject }: Incident, shown: number): Line[] {
  if (subject.kind !== 'drift') return [];
  const { changes = [] } = subject.finding;
  if (changes.length <= shown) return [];
  const listed = changes.slice(0, mostChanges);
  const more = changes.length - listed.length + (subject.omitted ?? 0);
  return [...listed.flatMap(changeLines), ...(more > 0 ? [{ pieces: say`and ${words(more)} more` }] : [])];
}

function stepWords(note: Note, incident: Incident, telling: Telling): Piece[] {
  const time = words(clockWords(note.at, incident.updatedAt));
  return say`${time} ${saying(note, incident, telling)}`;
}

function saying({ what, who }: Note, incident: Incident, telling: Telling): Piece[] {
  const by = who === undefined ? [] : say` by ${who.name}`;
  switch (what) {
    case 'opened':
      return say`it differs`;
    case 'updated':
      return [words(changedWords(incident))];
    case 'acknowledged':
      return say`acknowledged${by}`;
    case 'snoozed':
      return say`snoozed${by}${until(incident)}`;
    case 'woken':
      return who === undefined
        ? say`the snooze is over, and it still differs`
        : say`the snooze was ended${by}`;
    case 'resolved':
      return over(incident, telling);
    case 'reopened':
      return say`it differs again${words(flapWords(incident))}${begunFlapping(incident)}`;
    case 'flapping':
      return say`${words(flappingWords(incident.flaps))}; now it ${words(incident.state === 'resolved' ? 'is over' : 'lasts')}`;
    case 'note':
      return [];
  }
}

function changedWords({ subject, state }: Incident): string {
  if (subject.kind !== 'digest' || state === 'resolved') return 'what differs has changed';
  const counts = new Map(Object.entries(subject.counts)) as Parameters<typeof countWords>[0];
  return `${plural(subject.total, 'resource')} differ now: ${countWords(counts)}`;
}

function begunFlapping({ flapping, flaps }: Incident): Piece[] {
  return flapping === undefined ? [] : say`; it ${words(flappingWords(flaps))}`;
}

function until({ snoozed, updatedAt }: Incident): Piece[] {
  if (snoozed === undefined) return [];
  return say` until ${words(clockWords(snoozed.until, updatedAt))}; another field that differs ends it`;
}
