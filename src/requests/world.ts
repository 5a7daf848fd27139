import type { AuditRecords } from '../converge/audit/audit-records.ts';
import type { Freezes } from '../converge/freeze/freezes.ts';
import type { Sync, SyncSpec } from '../converge/sync.ts';
import type { IncidentDesk } from '../incidents/desk.ts';
import type { UnitState } from '../incidents/drift-report.ts';
import type { Incident } from '../incidents/incident.ts';
import type { Line } from '../incidents/say.ts';
import type { Thread } from '../incidents/threads.ts';
import type { ProposedPull, Requester } from '../propose/propose.ts';
import type { PermitRules } from './permit.ts';

/** Messages in a channel that everybody there sees. They throw where Slack does not take them. */
export interface Channel {
  /** `perhapsSinceMs`: a message of this id may have been posted since then; where it is found, none is posted again. */
  post(
    where: {
      channel: string;
      id: string;
      thread?: string | undefined;
      perhapsSinceMs?: number | undefined;
    },
    lines: readonly Line[],
  ): Promise<{ channel: string; ts: string }>;
}

/** All that requests ask and change. Nothing of it can authorize a revision or write to what runs. */
export interface World {
  /** Asked anew for each request. */
  rules: () => PermitRules;
  /** The name of the command, such as `/sync`. */
  command: string;
  desk: Pick<IncidentDesk, 'acknowledge' | 'snooze' | 'note' | 'leading' | 'setThread'> & {
    readonly incidents: readonly Incident[];
    readonly threads: readonly Thread[];
    readonly states: ReadonlyMap<string, UnitState>;
  };
  syncs: { create(spec: SyncSpec): Promise<Sync> };
  freezes: Freezes;
  audit: Pick<AuditRecords, 'add'>;
  /** Whether a converger is there to carry out what is asked for; undefined where that cannot be told. */
  converges: () => Promise<boolean | undefined>;
  /** Absent where no pull request can be opened. */
  rollback?: ((targets: readonly string[], by: Requester) => Promise<ProposedPull>) | undefined;
  adopt?: ((incident: Incident, by: Requester) => Promise<ProposedPull>) | undefined;
  channel: Channel;
  now: () => Date;
}

/** Who asks, once they were permitted to. */
export interface Person {
  /** The Slack user id. */
  slack: string;
  login: string;
  channel: string;
}

/** As it stands in records: `U0123 (alice)`. */
export function recorded({ slack, login }: Person): string {
  return `${slack} (${login})`;
}

export function requesterOf({ slack, login }: Person): Requester {
  return { words: `${login} (${slack} in Slack)`, login };
}

/** What a request came to. `record` is written down where nothing else tells of it. */
export interface Outcome {
  lines: Line[];
  record?: {
    action: string;
    reason: string;
    unit?: string;
    revision?: string;
    details?: Record<string, string>;
  };
}
