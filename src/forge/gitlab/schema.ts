/**
 * What GitLab answers, as far as it is used (its documented REST API, version 4, and one question of GraphQL). Unknown fields
 * are let through and dropped; a field that is used must be there in its type.
 */
import { z } from 'zod';

const sha = z.string().regex(/^[0-9a-f]{40}$/);
const time = z.iso.datetime({ offset: true });
const id = z.int().positive();

export const user = z.object({ id, username: z.string().min(1) });
export type User = z.output<typeof user>;

/** An account with what only its own page tells. */
export const person = user.extend({
  bot: z.boolean().optional(),
  public_email: z.string().nullish(),
  state: z.string(),
});

export const project = z.object({ id, path_with_namespace: z.string() });

export const mergeRequest = z.object({
  iid: id,
  web_url: z.url(),
  title: z.string(),
  state: z.enum(['opened', 'closed', 'locked', 'merged']),
  author: user.nullable(),
  merged_at: time.nullable(),
  merge_user: user.nullish(),
  merged_by: user.nullish(),
  sha,
  merge_commit_sha: sha.nullable(),
  squash_commit_sha: sha.nullable(),
  source_project_id: id.nullable(),
  target_project_id: id,
  target_branch: z.string().min(1),
});
export type MergeRequest = z.output<typeof mergeRequest>;

/** `diff_refs` is only in a single one. */
export const wholeMergeRequest = mergeRequest.extend({
  diff_refs: z.object({ base_sha: sha, head_sha: sha, start_sha: sha }).nullable(),
});
export type WholeMergeRequest = z.output<typeof wholeMergeRequest>;

export const approvals = z.object({
  approved_by: z.array(z.object({ user, approved_at: time.optional() })),
});

export const version = z.object({ head_commit_sha: sha, created_at: time });
export type Version = z.output<typeof version>;

export const reviewer = z.object({ user, state: z.string(), created_at: time });
export type Reviewer = z.output<typeof reviewer>;

export const note = z.object({
  body: z.string(),
  system: z.boolean(),
  created_at: time,
  author: user.nullable(),
});
export type Note = z.output<typeof note>;

export const commit = z.object({ id: sha, message: z.string() });

export const status = z.object({ name: z.string(), status: z.string(), author: user.nullish() });
export type Status = z.output<typeof status>;

export const member = z.object({ id, access_level: z.int(), state: z.string().optional() });

export const event = z.object({
  created_at: time,
  author: user.nullish(),
  push_data: z
    .object({
      ref: z.string().nullable(),
      ref_type: z.string(),
      commit_from: z.string().nullable(),
      commit_to: z.string().nullable(),
    })
    .optional(),
});
export type Event = z.output<typeof event>;

export const committers = z.object({
  data: z.object({
    project: z
      .object({
        mergeRequest: z
          .object({
            diffHeadSha: z.string().nullable(),
            committers: z.object({
              nodes: z.array(z.object({ id: z.string().regex(/\/\d+$/), username: z.string() })),
              pageInfo: z.object({ hasNextPage: z.boolean() }),
            }),
          })
          .nullable(),
      })
      .nullable(),
  }),
});
