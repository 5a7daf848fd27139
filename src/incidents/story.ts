import { createHash } from 'node:crypto';
import type { FieldChange, Finding } from '../findings/finding.ts';
import { sortedKeys } from '../report/report.ts';
import { askedFor } from './asked.ts';
import type { Incident, Note, RefusedSubject, Subject, Told, Transition } from './incident.ts';
import type { Line } from './say.ts';

const longestValue = 500;
const mostChanges = 40;
const longestMessage = 2_000;
const mostReasons = 20;

/**
 * A finding as an incident keeps it: long values become their beginning, their length and a hash, so that it fits into
 * a message and into a custom resource, and still differs whenever the whole differed.
 */
export function bounded(finding: Finding): { finding: Finding; omitted?: number } {
  const changes = finding.changes?.slice(0, mostChanges).map(boundedChange);
  const omitted = (finding.changes?.length ?? 0) - mostChanges;
  const kept: Finding = {
    ...finding,
    ...(changes === undefined ? {} : { changes }),
    ...(finding.message === undefined ? {} : { message: shortened(finding.message, longestMessage) }),
  };
  return omitted > 0 ? { finding: kept, omitted } : { finding: kept };
}

/** The lines of a note as an incident keeps them. */
export function boundedLines(lines: readonly Line[]): Line[] {
  return lines.slice(0, mostChanges).map(line => ({
    ...line,
    pieces: line.pieces.slice(0, mostChanges).map(piece => {
      if ('words' in piece) return { words: shortened(piece.words, longestValue) };
      return { ...piece, outside: shortened(piece.outside, longestValue) };
    }),
  }));
}

/** A refusal as an incident keeps it: a push may change any number of files. */
export function boundedRefusal(refusal: Omit<RefusedSubject, 'kind'>): RefusedSubject {
  const reasons = refusal.reasons.slice(0, mostReasons).map(reason => shortened(reason, longestValue));
  const more = refusal.reasons.length - reasons.length;
  const changes = refusal.changes.slice(0, mostChanges).map(change => shortened(change, longestValue));
  const omitted = refusal.changes.length - changes.length;
  return {
    ...refusal,
    kind: 'refused',
    reasons: more === 0 ? reasons : [...reasons, `${more} more reasons`],
    changes,
    ...(omitted === 0 ? {} : { omitted }),
  };
}

function boundedChange(change: FieldChange): FieldChange {
  const { declared, live, ...rest } = change;
  if (change.redacted === true) return rest;
  return {
    ...rest,
    path: shortened(change.path, longestValue),
    ...(declared === undefined ? {} : { declared: boundedValue(declared) }),
    ...(live === undefined ? {} : { live: boundedValue(live) }),
  };
}

function boundedValue(value: unknown): unknown {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length <= longestValue ? value : shortened(text, longestValue);
}

function shortened(text: string, max: number): string {
  if (text.length <= max) return text;
  return `${text.slice(0, max).toWellFormed()}… (${text.length} characters, sha256 ${sha256(text).slice(0, 12)})`;
}

/**
 * Hash of what matters to a reader. Another value, field, type or manager makes another story; another time of writing,
 * line number or number of units that cannot see does not: a message must not change at every read.
 */
export function storyHash(subject: Subject): string {
  return sha256(JSON.stringify(sortedKeys(essence(subject))));
}

function essence(subject: Subject): unknown {
  switch (subject.kind) {
    case 'drift':
      return [subject.kind, findingEssence(subject.finding), subject.omitted ?? 0];
    case 'digest':
      return [subject.kind, subject.total, subject.counts];
    case 'refused':
      return [subject.kind, subject.revision, subject.reasons, subject.changes, subject.omitted ?? 0];
    case 'blind':
      return [subject.kind, subject.origin, subject.code];
  }
}

function findingEssence(finding: Finding): unknown {
  const changes = finding.changes?.map(({ path, op, declared, live, redacted, by }) =>
    JSON.stringify(sortedKeys([path, op, declared, live, redacted ?? false, by?.manager])),
  );
  return [finding.type, finding.resource, finding.code, finding.message, changes?.sort()];
}

/** Hash of all that the message of an incident shows: its story, state and flaps, and what people did with it. */
export function toldHash(incident: Incident): string {
  const { subject, state, flaps, acknowledged, snoozed, flapping } = incident;
  const seen = [storyHash(subject), state, flaps, acknowledged?.by.name, snoozed?.until, flapping?.since];
  const asked = state === 'resolved' ? undefined : askedFor(incident);
  if (asked !== undefined) seen.push(asked.id, asked.who.name, asked.over === true ? 'over' : undefined);
  return sha256(JSON.stringify(seen.map(one => one ?? null)));
}

/**
 * What an outlet that has told `told` must tell now so that people know the newest state; undefined when they do. What
 * came and went in between is not told one by one. First the message itself, then, once that is told, the notes: all of them
 * where the outlet has `threads`, else those with words of their own.
 */
export function untold(
  incident: Incident,
  told: Told | undefined,
  threads: 'threads' | 'none' = 'threads',
): Transition | undefined {
  if (incident.state === 'suspected') return undefined;
  const { flapping } = incident;
  const left = incident.notes.filter(({ seq, what }) => {
    return seq > (told?.seq ?? 0) && (threads === 'threads' || what === 'note');
  });
  const notes = nextNotes(left);
  // One that comes and goes is told once in a window; what somebody has to say of it is told at once.
  if (flapping !== undefined && told?.window === flapping.window) {
    const said = nextNotes(left.filter(note => note.what === 'note' || note.seq <= flapping.seq));
    return said.length === 0 ? undefined : { what: 'noted', incident, notes: said };
  }
  if (told?.hash !== toldHash(incident)) return { what: whatOf(incident, told), incident };
  return notes.length === 0 ? undefined : { what: 'noted', incident, notes };
}

function whatOf({ state, flaps, flapping }: Incident, told: Told | undefined): Transition['what'] {
  if (flapping !== undefined && told !== undefined) return 'flapping';
  if (state === 'resolved') return 'resolved';
  if (told === undefined) return 'opened';
  if (told.state === 'resolved' || flaps > told.flaps) return 'reopened';
  if (state !== told.state) return state === 'open' ? 'woken' : (state as 'acknowledged' | 'snoozed');
  return 'updated';
}

/** The next notes to tell together: those that have no words of their own up to the next that has, or that one alone. */
function nextNotes(left: readonly Note[]): readonly Note[] {
  const own = left.findIndex(note => note.what === 'note');
  if (own === -1) return left;
  return own === 0 ? left.slice(0, 1) : left.slice(0, own);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
