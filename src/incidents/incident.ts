import type { Finding, FindingType } from '../findings/finding.ts';
import type { Line } from './say.ts';

/** How urgent an incident is, the gravest first. */
export const severities = ['critical', 'warning', 'info'] as const;
export type Severity = (typeof severities)[number];

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
  /** Counts and worst as they are now, where that is not what was last told. */
  latest?: Pick<DigestSubject, 'counts' | 'worst'>;
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

/** A person as messages name them. Every text in it is from outside. */
export interface Who {
  /** The login at the forge where it is known, else what the other side calls them. */
  name: string;
  /** The Slack user id. */
  slack?: string;
}

/** What happened to an incident after it was opened, for the thread below its message; `note` holds its own words. */
export interface Note {
  /** Counts up within the incident. */
  seq: number;
  /** RFC 3339. */
  at: string;
  what: Exclude<Transition['what'], 'noted'> | 'note';
  who?: Who;
  /** Of a `note`: where one of the same id was told already, that one is edited. */
  id?: string;
  /** Of a `note`: what it tells of has ended. */
  over?: true;
  lines?: Line[];
}

/** What one outlet has told of an incident. */
export interface Told {
  /** Hash of the story as it was told: another story is told anew. */
  hash: string;
  state: IncidentState;
  flaps: number;
  /** The `seq` of the last note that was told. */
  seq: number;
  /** The window of `flapping` in which it was told. */
  window?: string;
  /** Where the message is, so that it can be edited: `{ channel, ts }`. */
  place: Record<string, string>;
}

/** The life of one divergence as people see it. Times are RFC 3339. */
export interface Incident {
  /** The same divergence has the same key: `drift/<unit>/<resource>`, `digest/<unit>`, `refused/<branch>`, `blind/<origin>`. */
  key: string;
  /** Made when it was first seen: names this life of it, for whoever must not tell it twice. */
  id: string;
  state: IncidentState;
  subject: Subject;
  /** Since when it lasts. */
  openedAt: string;
  /** Since when it is suspected (again); only while it is. */
  suspectedAt?: string;
  updatedAt: string;
  /** When its story became another than it was when it began. */
  changedAt?: string;
  resolvedAt?: string;
  /** It was resolved because its unit is no longer declared, and not because anything was put right. */
  undeclared?: true;
  /** Whoever leads does not know it, and it is told as over without anything being put right: never stored. */
  forgotten?: true;
  acknowledged?: { by: Who; at: string };
  /** `covers` holds hashes of the fields that were known then: another one ends the snooze. */
  snoozed?: { by: Who; at: string; until: string; covers: string[] };
  /**
   * It comes and goes: within a window, which ends at `until`, it is told once. `mark` is how it stood when the window began, `seq`
   * the last note that is told in it.
   */
  flapping?: { since: string; until: string; window: string; mark: string; seq: number };
  /** How often it was opened again within an hour of being resolved. */
  flaps: number;
  /** The newest notes, in order. */
  notes: Note[];
  /** The `seq` of the newest note, also of one that is not kept any more. */
  seq: number;
  /** The lanes in which it is told, also where that has not been possible yet: chosen when it began, and kept since. */
  lanes?: string[];
  /** What each outlet has told of it, by the outlet's name and, where it tells in several places, the place: `slack/C0SHOP`. */
  told: Record<string, Told>;
}

/** A change in an incident that people must hear of. */
export interface Transition {
  what:
    | 'opened'
    | 'updated'
    | 'resolved'
    | 'reopened'
    | 'acknowledged'
    | 'snoozed'
    | 'woken'
    | 'flapping'
    /** Only notes are to be told: `notes` holds them. */
    | 'noted';
  incident: Incident;
  notes?: readonly Note[];
}

/** The unit that an incident belongs to; undefined for those of a source or of the branch. */
export function unitOf(incident: Incident): string | undefined {
  return 'unit' in incident.subject ? incident.subject.unit : undefined;
}

/** Whether it is going on and people have, or should have, heard of it. */
export function isLive(incident: Incident): boolean {
  return incident.state !== 'resolved' && incident.state !== 'suspected';
}
