import type { Finding, FindingType } from '../findings/finding.ts';

/** One resource that is not as declared. */
export interface DriftSubject {
  kind: 'drift';
  unit: string;
  /** Bounded in size: long values are shortened, further changes are left out. */
  finding: Finding;
  /** How many changes of the finding were left out. */
  omitted?: number;
}

/** Many resources of one unit that came to differ at once: told as one, not one by one. */
export interface DigestSubject {
  kind: 'digest';
  unit: string;
  /** How many differ, and of which types, when it was last told. */
  total: number;
  counts: Partial<Record<FindingType, number>>;
  /** Some of them, the gravest first. */
  worst: Finding[];
  /** Hashes of the resources that belong to it and still differ. */
  members: string[];
}

/** A tip of the branch that no pull request authorizes. */
export interface RefusedSubject {
  kind: 'refused';
  branch: string;
  revision: string;
  authorized: string;
  reasons: string[];
  /** What it would have changed, in words: `deletes manifests/shop/cart.yaml`. Bounded, as the reasons are. */
  changes: string[];
  /** How many changes were left out. */
  omitted?: number;
}

/** A source that cannot be asked: one for each source, however many units it concerns. */
export interface BlindSubject {
  kind: 'blind';
  origin: string;
  code: string;
  message: string;
  units: string[];
  /** Whether the source itself said so (Git, the forge), and not the comparison of a unit. */
  itself?: boolean;
}

/** What people are told about. */
export type Subject = DriftSubject | DigestSubject | RefusedSubject | BlindSubject;

export type IncidentState = 'suspected' | 'open' | 'acknowledged' | 'snoozed' | 'resolved';

/** What one outlet has told of an incident. */
export interface Told {
  /** Hash of the story as it was told: another story is told anew. */
  hash: string;
  state: IncidentState;
  flaps: number;
  /** Where the message is, so that it can be edited: `{ channel, ts }`. */
  place: Record<string, string>;
}

/** The life of one divergence as people see it. Times are RFC 3339. */
export interface Incident {
  /** The same divergence has the same key: `drift/<unit>/<resource>`, `digest/<unit>`, `refused/<branch>`, `blind/<origin>`. */
  key: string;
  state: IncidentState;
  subject: Subject;
  /** Since when it lasts. */
  openedAt: string;
  /** Since when it is suspected (again); only while it is. */
  suspectedAt?: string;
  updatedAt: string;
  resolvedAt?: string;
  /** It was resolved because its unit is no longer declared, and not because anything was put right. */
  undeclared?: true;
  /** How often it was opened again within an hour of being resolved. */
  flaps: number;
  /** What each outlet, by name, has told of it. Kept so that a restart neither repeats nor forgets. */
  told: Record<string, Told>;
}

/** A change in an incident that people must hear of. */
export interface Transition {
  what: 'opened' | 'updated' | 'resolved' | 'reopened';
  incident: Incident;
}

/** The unit that an incident belongs to; undefined for those of a source or of the branch. */
export function unitOf(incident: Incident): string | undefined {
  return 'unit' in incident.subject ? incident.subject.unit : undefined;
}

/** Whether it is going on and people have, or should have, heard of it. */
export function isLive(incident: Incident): boolean {
  return incident.state !== 'resolved' && incident.state !== 'suspected';
}
