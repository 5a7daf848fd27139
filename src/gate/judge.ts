import { votes } from './approvals.ts';
import type { AcceptedPull, Authorization, Evidence, Policy, Reason } from './authorization.ts';
import { digestOf } from './digest.ts';
import { type Course, type Healing, walk } from './healing.ts';
import { type Segment, segments, shas } from './segments.ts';

const RETRY_MS = 5_000;

/** The evidence taken apart: what a verdict rests on. */
export interface Examination {
  segments: Segment[];
  course: Course;
}

export function examination(evidence: Evidence): Examination {
  const parts = segments(evidence);
  return { segments: parts, course: walk(evidence, parts) };
}

/**
 * Whether the revision `to` is authorized. Pure: the same evidence always gives the same verdict.
 *
 * Authorized only if each commit since the last authorized revision belongs to an accepted pull request, or was restored
 * or ratified. Otherwise the first segment for which that is not so decides: denied if the evidence suffices to say so,
 * unknown if something could not be learned, as it is where the commits do not lead up to the revision.
 */
export function judge(evidence: Evidence): Authorization {
  const { from, to: revision } = evidence;
  const base = { from: from.sha, revision };
  if (!evidence.descends) return { ...base, ...rewound(evidence) };
  if (!isWhole(evidence)) return { ...base, ...incomplete(evidence) };
  const { segments: parts, course } = examination(evidence);
  const end = course.sound.lastIndexOf(true);
  const good = parts.slice(0, end + 1);
  const note = noteOf(evidence, good, course);
  const proved = {
    pulls: good.flatMap(segment => acceptedPull(evidence, segment)),
    digest: digestOf(evidence),
    ...(evidence.repositoryId === '' ? {} : { repositoryId: evidence.repositoryId }),
    ...(note === '' ? {} : { note }),
  };
  const [decisive] = course.open;
  if (decisive === undefined) return { verdict: 'authorized', ...base, ...proved };
  const upTo = evidence.range[parts[end]?.last ?? -1]?.sha ?? from.sha;
  if (decisive.verdict === 'unknown') {
    const unknown = course.open.filter(({ verdict }) => verdict === 'unknown');
    const retryAfterMs = Math.max(...evidence.gaps.map(gap => gap.retryAfterMs ?? RETRY_MS), 0) || RETRY_MS;
    return { verdict: 'unknown', ...base, reasons: reasonsOf(unknown), upTo, retryAfterMs };
  }
  const denied = course.open.filter(({ verdict }) => verdict === 'denied');
  return { verdict: 'denied', ...base, reasons: reasonsOf(denied), upTo, ...proved };
}

function rewound(evidence: Evidence) {
  const message =
    'the branch was moved back or to another line: the last authorized revision is not part of it';
  const reason: Reason = { code: 'rewind', message, commits: [evidence.to] };
  const digest = digestOf(evidence);
  return { verdict: 'denied' as const, reasons: [reason], pulls: [], digest, upTo: evidence.from.sha };
}

/** Whether the range leads up to the revision: one that lacks commits shows nothing that could be denied. */
function isWhole({ from, to, range }: Evidence): boolean {
  return (range.at(-1)?.sha ?? from.sha) === to;
}

function incomplete({ from, to }: Evidence) {
  const message = 'the commits that were read do not lead up to the revision';
  const reason: Reason = { code: 'incomplete', message, commits: [to] };
  return { verdict: 'unknown' as const, reasons: [reason], upTo: from.sha, retryAfterMs: RETRY_MS };
}

/** The reasons of the segments; neighbours that say the same become one, so that a push of many commits is told once. */
function reasonsOf(parts: readonly Segment[]): Reason[] {
  const reasons: Reason[] = [];
  for (const reason of parts.flatMap(segment => segment.reasons)) {
    const same = reasons.find(
      ({ code, message, pull }) => code === reason.code && message === reason.message && pull === reason.pull,
    );
    if (same === undefined) reasons.push({ ...reason, commits: [...reason.commits] });
    else same.commits.push(...reason.commits);
  }
  return reasons;
}

function acceptedPull(evidence: Evidence, segment: Segment): AcceptedPull[] {
  const { candidate, last, glass } = segment;
  const mergeCommit = evidence.range[last]?.sha;
  if (segment.verdict !== 'accepted' || glass !== undefined) return [];
  if (candidate === undefined || mergeCommit === undefined) return [];
  const { number, url, title, author } = candidate.pull;
  const approvers = approversOf(segment, evidence.policy);
  return [{ number, url, title, author: author?.login ?? null, approvers, mergeCommit }];
}

export function approversOf({ candidate }: Segment, policy: Policy): string[] {
  if (candidate === undefined) return [];
  return votes(candidate, policy).flatMap(({ counts, login }) =>
    counts === true && login !== null ? [login] : [],
  );
}

/** What was healed or came through break-glass, in words; empty when nothing had to be. */
function noteOf(evidence: Evidence, parts: readonly Segment[], { healed }: Course): string {
  const told = new Map<string, string[]>();
  for (const segment of parts) {
    const how = howPutRight(segment, healed.get(segment));
    if (how === undefined) continue;
    const commits = shas(evidence, segment.first, segment.last).map(short);
    told.set(how, [...(told.get(how) ?? []), ...commits]);
  }
  return [...told].map(([how, commits]) => `${commits.join(', ')}: ${how}`).join('; ');
}

function howPutRight({ glass, reasons }: Segment, healing: Healing | undefined): string | undefined {
  if (glass !== undefined) {
    const why = reasons.map(({ message }) => message).join('; ');
    return `accepted only by the break-glass right of ${glass} (${why})`;
  }
  if (healing === undefined) return undefined;
  if (healing.by === 'ratified') return `ratified by ${healing.pulls.map(pull => `#${pull}`).join(', ')}`;
  return `without effect, as ${short(healing.commit)} restored the last authorized tree, and later segments continue from there`;
}

function short(sha: string): string {
  return sha.slice(0, 12);
}
