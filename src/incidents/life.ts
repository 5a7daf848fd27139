import { createHash } from 'node:crypto';
import { type Act, act, awake } from './acts.ts';
import { askedUntil, withAskedOver } from './asked.ts';
import { flapEnded, flapped } from './flapping.ts';
import type { Incident, Note, Subject, Transition } from './incident.ts';
import { coversAll } from './snooze.ts';
import { boundedLines, storyHash } from './story.ts';
import { lastsMs } from './under-way.ts';

/** When incidents open, open again, are forgotten, and when many are told as one. Times in milliseconds. */
export interface LifeRules {
  /** How long a source must stay unreadable before people hear of it; hiccups are shorter. */
  blindAfterMs: number;
  /** The same where something is only under way: a stack is being changed, a release is being upgraded. Longer, it hangs. */
  busyAfterMs: number;
  /** Within this time after it was resolved, the same incident goes on instead of a new one. */
  reopenWithinMs: number;
  /** How long resolved incidents are remembered. */
  forgetAfterMs: number;
  /** More new incidents of a unit than this within `burstMs` are told as one digest. */
  digestAbove: number;
  burstMs: number;
  /** What a digest has told may be behind by less than half for this long. */
  digestSettlesMs: number;
  /** From this many times of being opened again an incident counts as flapping, and is told once in `flapWindowMs`. */
  flapsFrom: number;
  flapWindowMs: number;
  /** So long after a sync or an adoption was asked for it is reckoned as under way, unless it is known to be over. */
  askedForMs: number;
}

export const defaultRules: LifeRules = {
  blindAfterMs: 10_000,
  busyAfterMs: 1_800_000,
  reopenWithinMs: 3_600_000,
  forgetAfterMs: 24 * 3_600_000,
  digestAbove: 10,
  burstMs: 60_000,
  digestSettlesMs: 30_000,
  flapsFrom: 3,
  flapWindowMs: 3_600_000,
  askedForMs: 600_000,
};

export type Incidents = ReadonlyMap<string, Incident>;

/** How much a single observation proves: all, or nothing unless it lasts. */
export type Proof = 'sure' | 'suspected';

const mostNotes = 24;

const quietly: ReadonlySet<Transition['what']> = new Set(['updated', 'resolved', 'reopened', 'flapping']);

/** The incidents while one signal is worked in; the map that it started from is never changed. */
export class Draft {
  readonly transitions: Transition[] = [];
  readonly rules: LifeRules;
  readonly now: string;
  readonly #incidents: Map<string, Incident>;

  constructor(incidents: Incidents, now: string, rules: LifeRules) {
    this.#incidents = new Map(incidents);
    this.now = now;
    this.rules = rules;
  }

  get incidents(): Incidents {
    return this.#incidents;
  }

  get(key: string): Incident | undefined {
    return this.#incidents.get(key);
  }

  /** The incident, unless it is resolved. */
  ongoing(key: string): Incident | undefined {
    const incident = this.#incidents.get(key);
    return incident?.state === 'resolved' ? undefined : incident;
  }

  allOngoing(): Incident[] {
    return [...this.#incidents.values()].filter(incident => incident.state !== 'resolved');
  }

  /** The divergence is there: opens its incident, opens it again, or takes over a changed story. */
  observe(key: string, subject: Subject, proof: Proof): void {
    const incident = this.#incidents.get(key);
    if (incident === undefined || this.#expired(incident)) this.#begin(key, subject, proof);
    else if (incident.state === 'resolved') this.#suspect({ ...incident, subject }, proof);
    else if (incident.state === 'suspected') this.put({ ...incident, subject });
    else this.#goesOn(incident, subject);
  }

  /** The divergence is gone, or nobody declares its unit any more. One that was only suspected leaves no trace. */
  resolve(key: string, why: 'gone' | 'undeclared' = 'gone'): void {
    const incident = this.ongoing(key);
    if (incident === undefined) return;
    if (incident.state === 'suspected') this.#unsuspect(incident);
    else this.#resolved(incident, why);
  }

  /** What a person did with it. Says what kept it from being done. */
  act(key: string, done: Act): 'done' | 'unknown' | 'over' {
    const incident = this.#incidents.get(key);
    if (incident === undefined) return 'unknown';
    if (incident.state === 'resolved' || incident.state === 'suspected') return 'over';
    const next = act(incident, done, this.now);
    if (next !== undefined) this.tell(next.what, next.incident, done.who);
    return 'done';
  }

  /** Adds words to the thread of an incident, or changes those of the same id. */
  note(key: string, note: Pick<Note, 'id' | 'lines' | 'who' | 'over'>): 'done' | 'unknown' {
    const incident = this.#incidents.get(key);
    if (incident === undefined) return 'unknown';
    const before = note.id === undefined ? undefined : incident.notes.find(({ id }) => id === note.id);
    const notes = incident.notes.filter(one => one !== before);
    const lines = boundedLines(note.lines ?? []);
    // What was asked for was asked for when it was first noted.
    const at = before?.at ?? this.now;
    this.put(withNote({ ...incident, notes }, { ...note, lines, what: 'note' }, at));
    return 'done';
  }

  /** What follows from the time alone: the suspected that lasted open, snoozes and windows end, the long resolved are forgotten. */
  pass(): void {
    for (const incident of [...this.#incidents.values()]) {
      this.#passState(incident);
      const asked = this.#incidents.get(incident.key);
      const until = asked && askedUntil(asked, this.rules);
      if (asked && until !== undefined && until <= Date.parse(this.now)) this.put(withAskedOver(asked));
      const after = this.#incidents.get(incident.key);
      const window = after && flapEnded(after, this.now, this.rules);
      if (window?.what === 'goes on') this.tell('flapping', window.incident);
      else if (window !== undefined) this.put(window.incident);
    }
  }

  #passState(incident: Incident): void {
    const { state, suspectedAt, snoozed } = incident;
    if (state === 'suspected') {
      if (this.age(suspectedAt) >= lastsMs(incident, this.rules)) this.#confirm(incident);
    } else if (state === 'snoozed' && snoozed !== undefined && snoozed.until <= this.now) {
      this.#wake(incident);
    } else if (state === 'resolved' && this.age(incident.resolvedAt) >= this.rules.forgetAfterMs) {
      this.#incidents.delete(incident.key);
    }
  }

  /** How long ago that was, in milliseconds; 0 where it never was. */
  age(since: string | undefined): number {
    return Date.parse(this.now) - Date.parse(since ?? this.now);
  }

  put(incident: Incident): void {
    this.#incidents.set(incident.key, incident);
  }

  tell(what: Exclude<Transition['what'], 'noted'>, incident: Incident, who?: Note['who']): void {
    // What changes while it is snoozed is shown, and nobody is called for it.
    const silent = incident.snoozed !== undefined && quietly.has(what);
    const noted = silent
      ? incident
      : withNote(incident, { what, ...(who === undefined ? {} : { who }) }, this.now);
    this.put(noted);
    this.transitions.push({ what, incident: noted });
  }

  #goesOn(incident: Incident, subject: Subject): void {
    if (storyHash(incident.subject) === storyHash(subject)) {
      // What is not told may differ: the members of a digest and the units of a source come and go.
      if (subject.kind === 'digest' || subject.kind === 'blind') this.put({ ...incident, subject });
      return;
    }
    const next: Incident = { ...incident, subject, updatedAt: this.now, changedAt: this.now };
    if (next.state === 'snoozed' && !coversAll(next.snoozed?.covers ?? [], subject)) this.#wake(next);
    else this.tell('updated', next);
  }

  #wake(incident: Incident): void {
    this.tell('woken', awake(incident, this.now));
  }

  #begin(key: string, subject: Subject, proof: Proof): void {
    const times = { openedAt: this.now, updatedAt: this.now };
    const id = createHash('sha256').update(`${this.now} ${key}`).digest('hex').slice(0, 16);
    const life = { flaps: 0, notes: [], seq: 0, told: {} };
    this.#suspect({ key, id, state: 'suspected', subject, ...times, ...life }, proof);
  }

  #suspect(incident: Incident, proof: Proof): void {
    const suspected: Incident = { ...incident, state: 'suspected', suspectedAt: this.now };
    if (proof === 'sure') this.#confirm(suspected);
    else this.put(suspected);
  }

  #unsuspect(incident: Incident): void {
    if (incident.resolvedAt === undefined) this.#incidents.delete(incident.key);
    else {
      const { suspectedAt: _, ...before } = incident;
      this.put({ ...before, state: 'resolved' });
    }
  }

  #resolved(incident: Incident, why: 'gone' | 'undeclared'): void {
    const { acknowledged: _, ...rest } = incident;
    this.tell('resolved', {
      ...rest,
      state: 'resolved',
      updatedAt: this.now,
      resolvedAt: this.now,
      ...(why === 'undeclared' ? { undeclared: true } : {}),
    });
  }

  #confirm(incident: Incident): void {
    const { resolvedAt, suspectedAt, snoozed, undeclared: _, changedAt: __, ...rest } = incident;
    const flaps = incident.flaps + (resolvedAt === undefined ? 0 : 1);
    const openedAt = suspectedAt ?? incident.openedAt;
    const asleep =
      snoozed !== undefined && snoozed.until > this.now && coversAll(snoozed.covers, rest.subject);
    const open: Incident = {
      ...rest,
      ...(asleep ? { state: 'snoozed', snoozed } : { state: 'open' }),
      openedAt,
      updatedAt: this.now,
      flaps,
    };
    if (resolvedAt === undefined) this.tell('opened', open);
    else this.tell('reopened', flapped(open, this.now, this.rules));
  }

  #expired(incident: Incident): boolean {
    return incident.state === 'resolved' && this.age(incident.resolvedAt) > this.rules.reopenWithinMs;
  }
}

function withNote(incident: Incident, note: Omit<Note, 'seq' | 'at'>, at: string): Incident {
  const seq = incident.seq + 1;
  return { ...incident, seq, notes: [...incident.notes, { seq, at, ...note }].slice(-mostNotes) };
}
