import type { Comparison } from '../findings/finding.ts';
import type { Act } from './acts.ts';
import { askedUntil } from './asked.ts';
import { type Blindness, observeBlindness, unitSees } from './blindness.ts';
import { digestDue, settleDigest } from './digest.ts';
import { observeDrift } from './drift.ts';
import type { Incident, Note, RefusedSubject, Transition } from './incident.ts';
import { Draft, defaultRules, type Incidents, type LifeRules } from './life.ts';
import { boundedRefusal } from './story.ts';
import { lastsMs } from './under-way.ts';

/** What the rest of the system learns, as far as incidents go. */
export type Signal =
  /** A unit was compared. While a newly authorized revision is converged, what differs is pending and opens nothing. */
  | { kind: 'compared'; comparison: Comparison; converging?: boolean }
  /** These units exist; what is known of any other is over. */
  | { kind: 'units'; names: readonly string[] }
  /** The tip of a branch was refused, or is authorized (again). */
  | { kind: 'refused'; refusal: Omit<RefusedSubject, 'kind'> }
  | { kind: 'healed'; branch: string }
  /** A source itself cannot be asked (Git, the forge), or can again. */
  | { kind: 'blinded'; blindness: Blindness }
  | { kind: 'sees'; origin: string }
  /** A person did something with an incident. */
  | { kind: 'acted'; key: string; act: Act }
  /** Words for the thread of an incident: what a sync came to, and the like. */
  | { kind: 'noted'; key: string; note: Pick<Note, 'id' | 'lines' | 'who' | 'over'> }
  /** Nothing but time has passed. */
  | { kind: 'passed' };

/**
 * The incidents after a signal, and what people must hear of. Pure: the time (RFC 3339) is passed in, the given incidents
 * stay as they are, and the same signal again changes nothing.
 */
export function advance(
  incidents: Incidents,
  signal: Signal,
  now: string,
  rules: LifeRules = defaultRules,
): { incidents: Incidents; transitions: Transition[] } {
  const draft = new Draft(incidents, now, rules);
  workIn(draft, signal);
  draft.pass();
  return { incidents: draft.incidents, transitions: draft.transitions };
}

/** When `advance` must be called with `passed` at the latest, in milliseconds since the epoch. */
export function nextDue(incidents: Incidents, rules: LifeRules = defaultRules): number | undefined {
  let due: number | undefined;
  for (const incident of incidents.values()) {
    for (const at of duesOf(incident, rules)) due = Math.min(at, due ?? at);
  }
  return due;
}

function duesOf(incident: Incident, rules: LifeRules): number[] {
  const { state, suspectedAt, snoozed, flapping } = incident;
  const asked = askedUntil(incident, rules);
  return [
    ...(asked === undefined ? [] : [asked]),
    ...(state === 'suspected' && suspectedAt !== undefined
      ? [Date.parse(suspectedAt) + lastsMs(incident, rules)]
      : []),
    ...(state === 'snoozed' && snoozed !== undefined ? [Date.parse(snoozed.until)] : []),
    ...(flapping === undefined ? [] : [Date.parse(flapping.until)]),
    ...digestDue(incident, rules),
  ];
}

function workIn(draft: Draft, signal: Signal): void {
  switch (signal.kind) {
    case 'compared':
      observeDrift(draft, signal.comparison, signal.converging === true);
      unitSees(draft, signal.comparison);
      break;
    case 'units':
      keepUnits(draft, new Set(signal.names));
      break;
    case 'refused':
      draft.observe(refusedKey(signal.refusal.branch), boundedRefusal(signal.refusal), 'sure');
      break;
    case 'healed':
      draft.resolve(refusedKey(signal.branch));
      break;
    case 'blinded':
      observeBlindness(draft, signal.blindness);
      break;
    case 'sees':
      draft.resolve(`blind/${signal.origin}`);
      break;
    case 'acted':
      draft.act(signal.key, signal.act);
      break;
    case 'noted':
      draft.note(signal.key, signal.note);
      break;
    case 'passed':
      for (const incident of draft.allOngoing()) settleDigest(draft, incident);
      break;
  }
}

function refusedKey(branch: string): string {
  return `refused/${branch}`;
}

function keepUnits(draft: Draft, names: ReadonlySet<string>): void {
  for (const { key, subject } of draft.allOngoing()) {
    if ('unit' in subject && !names.has(subject.unit)) draft.resolve(key, 'undeclared');
    if (subject.kind !== 'blind') continue;
    const units = subject.units.filter(unit => names.has(unit));
    if (units.length === subject.units.length) continue;
    if (units.length === 0 && subject.itself !== true) draft.resolve(key, 'undeclared');
    else draft.observe(key, { ...subject, units }, 'suspected');
  }
}
