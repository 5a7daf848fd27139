/**
 * What Gitea answers, as far as it is used (measured on 1.26). Unknown fields are let through and dropped; a field that is
 * used must be there in its type, so that an answer of another version or of a proxy is never read as something else.
 * Go writes an empty list as null.
 */
import { z } from 'zod';

const sha = z.string().regex(/^[0-9a-f]{40}$/);
const time = z.iso.datetime({ offset: true });
const id = z.int();

function list<T extends z.ZodType>(item: T) {
  return z
    .array(item)
    .nullable()
    .transform(items => items ?? []);
}

export const user = z.object({
  id,
  login: z.string().min(1),
  email: z.string().optional(),
  type: z.string().optional(),
});
export type User = z.output<typeof user>;

export const repository = z.object({ id: id.positive(), full_name: z.string() });

const side = z.object({ ref: z.string().min(1), repo_id: id });

export const pull = z.object({
  number: z.int().positive(),
  html_url: z.url(),
  title: z.string(),
  user: user.nullable(),
  merged: z.boolean(),
  merged_at: time.nullable(),
  merged_by: user.nullable(),
  merge_commit_sha: sha.nullable(),
  base: side.extend({ repo_id: id.positive() }),
  /** `label` is the name of the branch, also when it is gone; empty where the head was never a branch. */
  head: side.extend({ sha, label: z.string(), repo: z.object({ full_name: z.string() }).nullable() }),
  merge_base: z.union([sha, z.literal('')]).optional(),
});
export type Pull = z.output<typeof pull>;

export const review = z.object({
  id,
  user: user.nullable(),
  state: z.enum(['APPROVED', 'REQUEST_CHANGES', 'COMMENT', 'PENDING', 'REQUEST_REVIEW']),
  dismissed: z.boolean(),
  commit_id: z.union([sha, z.literal('')]),
  submitted_at: time,
});
export type ReviewAnswer = z.output<typeof review>;
export const reviews = list(review);

export const timeline = list(
  z.object({ id, type: z.string(), created_at: time, user: user.nullable(), body: z.string() }),
);
export type Event = z.output<typeof timeline>[number];

/** What the timeline holds of a push, as JSON in the body: of a forced one, the commits before and after. */
export const pushNote = z.object({ is_force_push: z.boolean(), commit_ids: list(sha) });

/** Every ref whose name begins as asked. */
export const gitReferences = z.array(z.object({ ref: z.string(), object: z.object({ sha }) }));

export const commits = list(
  z.object({
    sha,
    author: user.nullable(),
    committer: user.nullable(),
    commit: z.object({ message: z.string() }),
  }),
);
export type CommitAnswer = z.output<typeof commits>[number];

const status = z.object({
  context: z.string(),
  status: z.enum(['pending', 'success', 'error', 'failure', 'warning', 'skipped']),
});
export type Status = z.output<typeof status>;
export const statuses = z.object({ sha, statuses: list(status) }).transform(combined => combined.statuses);

export const permission = z.object({
  permission: z.enum(['none', 'read', 'write', 'admin', 'owner']),
  user,
});

export const feeds = list(
  z.object({
    id,
    op_type: z.string(),
    ref_name: z.string(),
    content: z.string(),
    created: time,
    act_user: user.nullable(),
  }),
);
export type Feed = z.output<typeof feeds>[number];

/** What the feed holds of a push, as JSON in a string. */
export const pushedCommits = z.object({
  CompareURL: z.string(),
  HeadCommit: z.object({ Sha1: sha }).nullable(),
});

export const person = z.object({ id: id.positive(), email: z.string() });
export const teams = list(z.object({ id: id.positive(), name: z.string() }));
