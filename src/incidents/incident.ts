import type { Finding } from '../findings/finding.ts';

/** What people are told about: a divergence, a revision that no pull request authorizes, or something that cannot be seen. */
export type Subject =
  | { kind: 'drift'; unit: string; finding: Finding }
  | {
      kind: 'refused';
      branch: string;
      revision: string;
      authorized: string;
      reasons: string[];
      changes: string[];
    }
  | { kind: 'blind'; origin: string; code: string; message: string; units: string[] };

export type IncidentState = 'suspected' | 'open' | 'acknowledged' | 'snoozed' | 'resolved';

/** The life of one divergence as people see it. Times are RFC 3339. */
export interface Incident {
  /** The same divergence has the same key: `drift/<unit>/<resource>`, `refused/<branch>`, `blind/<origin>`. */
  key: string;
  state: IncidentState;
  subject: Subject;
  openedAt: string;
  updatedAt: string;
  resolvedAt?: string;
  /** How often it was opened again within an hour of being resolved. */
  flaps: number;
  /** Where each outlet has told it: `{ slack: { channel, ts } }`. Kept so that a restart repeats nothing. */
  told: Record<string, Record<string, string>>;
  /** Hash of what was last told, so that the same story is not told twice. */
  toldHash?: string;
}

/** A change in an incident that people must hear of. */
export interface Transition {
  what: 'opened' | 'updated' | 'resolved' | 'reopened';
  incident: Incident;
}
