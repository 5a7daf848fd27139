/**
 * What GitHub answers, as far as it is used (its published OpenAPI, and where the service is known to differ: `head.repo`
 * is null for a deleted fork, an account null for a deleted one). Unknown fields are let through and dropped; a field that
 * is used must be there in its type.
 */
import { z } from 'zod';

const sha = z.string().regex(/^[0-9a-f]{40}$/);
const time = z.iso.datetime({ offset: true });
const id = z.int().positive();

export const user = z.object({ id, login: z.string().min(1), type: z.string() });
export type User = z.output<typeof user>;

export const repository = z.object({ id, full_name: z.string() });

const pullBase = {
  number: z.int().positive(),
  html_url: z.url(),
  title: z.string(),
  user: user.nullable(),
  merged_at: time.nullable(),
  merge_commit_sha: sha.nullable(),
  base: z.object({ ref: z.string().min(1), sha, repo: z.object({ id }) }),
  head: z.object({ ref: z.string().min(1), sha, repo: repository.nullable() }),
};

/** An item of a list: without `merged` and `merged_by`. */
export const simplePull = z.object(pullBase);
export type SimplePull = z.output<typeof simplePull>;

export const pull = z.object({
  ...pullBase,
  merged: z.boolean(),
  merged_by: user.nullable(),
  commits: z.int().nonnegative(),
});
export type Pull = z.output<typeof pull>;

export const review = z.object({
  user: user.nullable(),
  state: z.enum(['APPROVED', 'CHANGES_REQUESTED', 'COMMENTED', 'DISMISSED', 'PENDING']),
  commit_id: sha.nullable(),
  submitted_at: time.optional(),
});
export type ReviewAnswer = z.output<typeof review>;

/** Events of a timeline differ in shape; `created_at` and `actor` are there in those that are used. */
export const event = z.object({
  event: z.string().optional(),
  created_at: time.nullish(),
  actor: user.nullish(),
});
export type Event = z.output<typeof event>;

/** An author that GitHub cannot link is null or `{}`. */
const linked = z.union([user, z.strictObject({}).transform(() => null)]).nullable();
export const commit = z.object({ sha, author: linked, committer: linked });
export type CommitAnswer = z.output<typeof commit>;

export const comparison = z.object({ total_commits: z.int().nonnegative(), commits: z.array(commit) });

const checkRun = z.object({
  name: z.string(),
  status: z.string(),
  conclusion: z.string().nullable(),
  app: z.object({ id }).nullable(),
});
export type CheckRun = z.output<typeof checkRun>;
export const checkRuns = z.object({ total_count: z.int().nonnegative(), check_runs: z.array(checkRun) });

const status = z.object({ context: z.string(), state: z.enum(['success', 'pending', 'failure', 'error']) });
export type Status = z.output<typeof status>;
export const combinedStatus = z.object({ total_count: z.int().nonnegative(), statuses: z.array(status) });

export const permission = z.object({
  permission: z.enum(['none', 'read', 'write', 'admin']),
  user: user.nullable(),
});

/** A branch that did not exist before, or does not after, stands as forty zeros. */
export const activity = z.object({
  before: sha,
  after: sha,
  timestamp: time,
  activity_type: z.enum([
    'push',
    'force_push',
    'branch_deletion',
    'branch_creation',
    'pr_merge',
    'merge_queue_merge',
  ]),
  actor: user.nullable(),
});
export type Activity = z.output<typeof activity>;

export const ruleSuites = z.array(z.object({ after_sha: sha }));

export const membership = z.object({ state: z.enum(['active', 'pending']) });
export const person = z.object({ id, email: z.string().nullable() });

/** What was made by a POST. */
export const created = z.object({ id });
