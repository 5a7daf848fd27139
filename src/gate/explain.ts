import { visible } from '../report/terminal.ts';
import type { Answer } from './answer.ts';
import { votes } from './approvals.ts';
import type { Authorization, Evidence } from './authorization.ts';
import type { Healing } from './healing.ts';
import { approversOf, examination } from './judge.ts';
import { movesOver } from './moves.ts';
import { type Segment, shas } from './segments.ts';

/** One segment of a range as people and programs read it. */
export interface SegmentAccount {
  commits: string[];
  verdict: Segment['verdict'] | Healing['by'] | 'break-glass';
  pull?: {
    number: number;
    url: string;
    title: string;
    author: string | null;
    approvers: string[];
    /** The reviewed head, and the commit that the forge gives as its merge. */
    head: string;
    mergeCommit: string | null;
    mergedBy: string | null;
    /** Each approval, whether it counts, and if not why. */
    approvals: { by: string | null; at: string | null; counts: boolean | 'unknown'; why?: string }[];
    contributors: string[];
    checks: { name: string; app: string | null; state: string }[];
  };
  /** How the branch came to its last commit, as the forge says, newest first; absent where it does not say. */
  moves?: { how: string; by: string | null; at: string; bypass?: boolean }[];
  predicates: { name: string; holds: boolean | 'unknown'; message: string }[];
  reasons: { code: string; message: string }[];
  /** The commit that restored the tree, the pull requests that ratified the commits, or the break-glass account. */
  healedBy?: string;
}

/** The verdict with all that it rests on: what `holdfast verify -o json` prints. Text from outside stands in it unchanged. */
export interface Account {
  apiVersion: 'holdfast.dev/v1alpha1';
  kind: 'Verification';
  repositoryId: string;
  branch: string;
  authorization: Authorization;
  /** Who says that the revision it was judged from is authorized: the ledger, or whoever asked. */
  startTrustedBy: Start;
  segments: SegmentAccount[];
}

/** Why the revision that a judgement starts from is trusted. */
export type Start = 'ledger' | 'caller';

export function account(
  evidence: Evidence,
  authorization: Authorization,
  startTrustedBy: Start = 'ledger',
): Account {
  const { segments, course } = examination(evidence);
  return {
    apiVersion: 'holdfast.dev/v1alpha1',
    kind: 'Verification',
    repositoryId: evidence.repositoryId,
    branch: evidence.branch,
    authorization,
    startTrustedBy,
    segments: segments.map(segment => segmentAccount(evidence, segment, course.healed.get(segment))),
  };
}

/** The account of the trust root, which nothing is asked about. */
export function trustRootAccount(revision: string, branch: string): Account {
  return {
    apiVersion: 'holdfast.dev/v1alpha1',
    kind: 'Verification',
    repositoryId: '',
    branch,
    authorization: {
      verdict: 'authorized',
      from: revision,
      revision,
      pulls: [],
      digest: '',
      note: 'the trust root (HOLDFAST_TRUST_ROOT)',
    },
    startTrustedBy: 'ledger',
    segments: [],
  };
}

function segmentAccount(evidence: Evidence, segment: Segment, healing: Healing | undefined): SegmentAccount {
  const { candidate, answers, reasons, glass } = segment;
  const pull = candidate?.pull;
  const moves = movesOver(evidence, segment.last).map(({ kind: how, actor, at, bypass }) => {
    return { how, by: actor?.login ?? null, at, ...(bypass === undefined ? {} : { bypass }) };
  });
  return {
    commits: shas(evidence, segment.first, segment.last),
    verdict: glass === undefined ? (healing?.by ?? segment.verdict) : 'break-glass',
    ...(moves.length === 0 ? {} : { moves }),
    ...(pull === undefined || candidate === undefined
      ? {}
      : {
          pull: {
            number: pull.number,
            url: pull.url,
            title: pull.title,
            author: pull.author?.login ?? null,
            approvers: approversOf(segment, evidence.policy),
            head: pull.head.sha,
            mergeCommit: pull.mergeCommit,
            mergedBy: pull.mergedBy?.login ?? null,
            approvals: votes(candidate, evidence.policy).map(
              ({ login: by, submittedAt: at, counts, why }) => {
                return { by, at, counts, ...(why === undefined ? {} : { why }) };
              },
            ),
            contributors: pull.contributors.map(({ login }) => login),
            checks: pull.checks,
          },
        }),
    predicates: answers.map(({ code, holds, message }: Answer) => ({ name: code, holds, message })),
    reasons: reasons.map(({ code, message }) => ({ code, message })),
    ...(healing === undefined ? {} : { healedBy: healerOf(healing) }),
    ...(glass === undefined ? {} : { healedBy: glass }),
  };
}

function healerOf(healing: Healing): string {
  return healing.by === 'restored' ? healing.commit : healing.pulls.map(pull => `#${pull}`).join(', ');
}

/**
 * The verdict in words, segment by segment and predicate by predicate, for `holdfast verify`. Titles, logins and branch
 * names cannot move the cursor, change a colour or start a line of their own.
 */
export function explain(
  evidence: Evidence,
  authorization: Authorization,
  startTrustedBy: Start = 'ledger',
): string {
  const { segments } = account(evidence, authorization);
  const lines = [...headline(evidence, authorization, startTrustedBy), ''];
  for (const segment of segments) lines.push(...segmentLines(segment), '');
  lines.push(...ending(authorization));
  return `${lines.join('\n').trimEnd()}\n`;
}

function headline(
  evidence: Evidence,
  { verdict, revision, from }: Authorization,
  startTrustedBy: Start,
): string[] {
  const start =
    startTrustedBy === 'ledger'
      ? 'the last authorized revision'
      : 'which is trusted because --from names it: the ledger does not have it as authorized';
  const range =
    revision === from
      ? `It is the last authorized revision of ${visible(evidence.branch)}.`
      : `Judged from ${from}, ${start}, on ${visible(evidence.branch)}: ${count(evidence.range.length, 'commit')}.`;
  return [`${revision} is ${verdict === 'unknown' ? 'not known to be authorized' : verdict}.`, range];
}

function segmentLines({ commits, verdict, pull, predicates, reasons, healedBy }: SegmentAccount): string[] {
  const [first = ''] = commits;
  const last = commits.at(-1) ?? first;
  const span = commits.length === 1 ? first : `${first}..${last} (${commits.length} commits)`;
  const healed = healedBy === undefined ? '' : ` by ${healedBy}`;
  const lines = [`${span}: ${verdict}${healed}`];
  if (pull !== undefined) {
    const by = pull.author === null ? 'a deleted account' : visible(pull.author);
    lines.push(`  #${pull.number} ${visible(pull.title)} (by ${by}) ${visible(pull.url)}`);
  }
  for (const { name, holds, message } of predicates) {
    // A code names a fault, so it would read as its opposite where all is well.
    const mark = holds === true ? 'ok' : `${holds === 'unknown' ? '??' : 'NO'} ${name}:`;
    lines.push(`  ${mark} ${visible(message)}`);
  }
  const own = predicates.length === 0 || verdict === 'unknown';
  if (own) for (const { code, message } of reasons) lines.push(`  ${code}: ${visible(message)}`);
  return lines;
}

function ending(authorization: Authorization): string[] {
  if (authorization.verdict === 'authorized') {
    const { note, digest } = authorization;
    return [...(note === undefined ? [] : [visible(note)]), `Evidence: sha256 ${digest}`];
  }
  const { reasons, upTo, from } = authorization;
  const why = reasons.map(
    ({ code, message, commits }) =>
      `  ${visible(code)}: ${visible(message)} (${count(commits.length, 'commit')})`,
  );
  const applied = upTo === from ? 'Nothing newer may be applied.' : `Up to ${upTo} it may be applied.`;
  if (authorization.verdict === 'denied') {
    return ['Because:', ...why, applied, `Evidence: sha256 ${authorization.digest}`];
  }
  const wait = Math.ceil(authorization.retryAfterMs / 1000);
  return ['Because:', ...why, applied, `It is worth asking again in ${wait} s.`];
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
