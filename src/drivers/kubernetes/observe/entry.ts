import { createHash } from 'node:crypto';
import type { Target } from '../../../cluster/cluster.ts';
import type { JsonObject } from '../../../json/json.ts';
import type { Judgement } from '../compare/judgement.ts';
import { isTerminating, type Knowledge } from '../compare/local.ts';
import { plainOf, type Subject } from '../compare/subject.ts';
import { placeOf } from '../live/scopes.ts';

/** What is remembered of one declared object: hashes and the judgement, never the live object, save while it is being judged. */
export interface Entry {
  subject: Subject;
  /** For what live, under which schema, the judgement holds; undefined where it must be made again whatever live is. */
  judgedHash: string | undefined;
  judgement: Judgement | undefined;
  /** Live that came while an earlier one was being judged. */
  next: { live: JsonObject | undefined; hash: string; knowledge: Knowledge } | undefined;
  /** The hash of the live that is being judged now, and of the schema. */
  judging: string | undefined;
  /** How often the watch has told of it: what was read before the last time may be older than what the watch told. */
  heard: number;
}

export function entryOf(subject: Subject): Entry {
  return {
    subject,
    judgedHash: undefined,
    judgement: undefined,
    next: undefined,
    judging: undefined,
    heard: 0,
  };
}

export function entryKey(target: Target): string {
  return `${target.kind.apiVersion} ${target.kind.kind} ${placeOf(target)}`;
}

/** Equal exactly when what is compared of live is equal: status, bookkeeping and who owns what do not count. */
export function liveHash(target: Target, live: JsonObject | undefined): string {
  if (live === undefined) return 'absent';
  const facts = JSON.stringify([plainOf(target, live), isTerminating(live)]);
  return createHash('sha256').update(facts).digest('base64');
}
