import type { Incident, Subject, Transition } from './incident.ts';
import { storyHash } from './story.ts';

/** When incidents open, open again, are forgotten, and when many are told as one. */
export interface LifeRules {
  /** How long a source must stay unreadable before people hear of it; hiccups are shorter. */
  blindAfterMs: number;
  /** Within this time after it was resolved, the same incident goes on instead of a new one. */
  reopenWithinMs: number;
  /** How long resolved incidents are remembered. */
  forgetAfterMs: number;
  /** More new incidents than this in one comparison are told as one digest. */
  digestAbove: number;
}

export const defaultRules: LifeRules = {
  blindAfterMs: 10_000,
  reopenWithinMs: 3_600_000,
  forgetAfterMs: 24 * 3_600_000,
  digestAbove: 20,
};

export type Incidents = ReadonlyMap<string, Incident>;

/** The incidents while one signal is worked in; the map that it started from is never changed. */
export class Draft {
  readonly transitions: Transition[] = [];
  readonly rules: LifeRules;
  readonly #incidents: Map<string, Incident>;
  readonly #now: string;

  constructor(incidents: Incidents, now: string, rules: LifeRules) {
    this.#incidents = new Map(incidents);
    this.#now = now;
    this.rules = rules;
  }

  get incidents(): Incidents {
    return this.#incidents;
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
  observe(key: string, subject: Subject, lasting: 'sure' | 'suspected'): void {
    const incident = this.#incidents.get(key);
    if (incident === undefined || this.#expired(incident)) this.#begin(key, subject, lasting);
    else if (incident.state === 'resolved') this.#suspect({ ...incident, subject }, lasting);
    else if (incident.state === 'suspected') this.#put({ ...incident, subject });
    else if (storyHash(incident.subject) !== storyHash(subject)) {
      this.#tell('updated', { ...incident, subject, updatedAt: this.#now });
    } else if (subject.kind === 'digest' || subject.kind === 'blind') {
      // What is not told may differ: the members of a digest and the units of a source come and go.
      this.#put({ ...incident, subject });
    }
  }

  /** The divergence is gone, or nobody declares its unit any more. One that was only suspected leaves no trace. */
  resolve(key: string, why: 'gone' | 'undeclared' = 'gone'): void {
    const incident = this.ongoing(key);
    if (incident === undefined) return;
    if (incident.state !== 'suspected') {
      this.#tell('resolved', {
        ...incident,
        state: 'resolved',
        updatedAt: this.#now,
        resolvedAt: this.#now,
        ...(why === 'undeclared' ? { undeclared: true } : {}),
      });
    } else if (incident.resolvedAt === undefined) this.#incidents.delete(key);
    else {
      const { suspectedAt: _, ...before } = incident;
      this.#put({ ...before, state: 'resolved' });
    }
  }

  /** What follows from the time alone: the suspected that lasted are opened, the long resolved forgotten. */
  pass(): void {
    for (const incident of [...this.#incidents.values()]) {
      if (incident.state === 'suspected' && this.#age(incident.suspectedAt) >= this.rules.blindAfterMs) {
        this.#confirm(incident);
      } else if (this.#age(incident.resolvedAt ?? this.#now) >= this.rules.forgetAfterMs) {
        if (incident.state === 'resolved') this.#incidents.delete(incident.key);
      }
    }
  }

  #begin(key: string, subject: Subject, lasting: 'sure' | 'suspected'): void {
    const times = { openedAt: this.#now, updatedAt: this.#now };
    this.#suspect({ key, state: 'suspected', subject, ...times, flaps: 0, told: {} }, lasting);
  }

  #suspect(incident: Incident, lasting: 'sure' | 'suspected'): void {
    const suspected: Incident = { ...incident, state: 'suspected', suspectedAt: this.#now };
    if (lasting === 'sure') this.#confirm(suspected);
    else this.#put(suspected);
  }

  #confirm(incident: Incident): void {
    const { resolvedAt, suspectedAt, undeclared: _, ...rest } = incident;
    const flaps = incident.flaps + (resolvedAt === undefined ? 0 : 1);
    const openedAt = suspectedAt ?? incident.openedAt;
    const open: Incident = { ...rest, state: 'open', openedAt, updatedAt: this.#now, flaps };
    this.#tell(resolvedAt === undefined ? 'opened' : 'reopened', open);
  }

  #expired(incident: Incident): boolean {
    return incident.state === 'resolved' && this.#age(incident.resolvedAt) > this.rules.reopenWithinMs;
  }

  #age(since: string | undefined): number {
    return Date.parse(this.#now) - Date.parse(since ?? this.#now);
  }

  #tell(what: Transition['what'], incident: Incident): void {
    this.#put(incident);
    this.transitions.push({ what, incident });
  }

  #put(incident: Incident): void {
    this.#incidents.set(incident.key, incident);
  }
}
