import { z } from 'zod';

/** API group and version of Holdfast's own resources. */
export const apiVersion = 'holdfast.dev/v1alpha1';

const resource = z.object({
  apiVersion: z.string().optional(),
  kind: z.string().optional(),
  namespace: z.string().optional(),
  name: z.string(),
  type: z.string().optional(),
});

const planned = z.object({
  action: z.enum(['create', 'change', 'recreate', 'prune']),
  resource,
  paths: z.array(z.string()).optional(),
  message: z.string().optional(),
});

const pull = z.object({
  number: z.number(),
  url: z.string(),
  title: z.string(),
  author: z.string().nullable().optional(),
  approvers: z.array(z.string()),
  mergeCommit: z.string(),
});

const metadata = z.looseObject({
  name: z.string(),
  namespace: z.string(),
  uid: z.string(),
  resourceVersion: z.string(),
  creationTimestamp: z.string(),
});

/** Pending → Authorizing → Planning → Applying → Verifying → one of the last four, which are final. */
export const phases = [
  'Pending',
  'Authorizing',
  'Planning',
  'Applying',
  'Verifying',
  'Succeeded',
  'Failed',
  'Refused',
  'Superseded',
] as const;

export const syncSpecSchema = z.object({
  unit: z.string(),
  /** The full SHA of the revision to converge to. */
  revision: z.string().regex(/^[0-9a-f]{40}$/),
  /** `merge`: newly authorized; `drift` or `request`: somebody asked. */
  reason: z.enum(['merge', 'drift', 'request']),
  requestedBy: z.string().optional(),
});

export const syncStatusSchema = z.object({
  phase: z.enum(phases),
  message: z.string().optional(),
  /** Who works on it: pod or host name, process id and a random part. */
  holder: z.string().optional(),
  /** 1 for the first; more when an earlier one was interrupted. */
  attempts: z.number().optional(),
  startedAt: z.string().optional(),
  finishedAt: z.string().optional(),
  authorization: z
    .object({
      verdict: z.enum(['authorized', 'denied', 'unknown']),
      pulls: z.array(pull),
      reasons: z.array(z.string()).optional(),
      digest: z.string().optional(),
      note: z.string().optional(),
    })
    .optional(),
  plan: z
    .object({
      digest: z.string(),
      creates: z.number(),
      changes: z.number(),
      recreates: z.number(),
      prunes: z.number(),
      actions: z.array(planned),
      /** What no file declares any more and is left all the same, with the reason; as many as there is room for. */
      kept: z.array(z.object({ resource, message: z.string() })).optional(),
      /** Jobs that run with it. */
      hooks: z.array(z.object({ when: z.enum(['before', 'after']), resource })).optional(),
    })
    .optional(),
  results: z
    .array(
      z.object({
        resource,
        action: z.string(),
        result: z.enum(['applied', 'failed', 'skipped']),
        message: z.string().optional(),
      }),
    )
    .optional(),
  /** Of all results; `results` itself keeps the failures and as many of the others as there is room for. */
  resultCounts: z.object({ applied: z.number(), failed: z.number(), skipped: z.number() }).optional(),
});

/** One attempt to carry out a plan, with its record: the custom resource `Sync`. */
export const syncSchema = z.looseObject({
  metadata,
  spec: syncSpecSchema,
  status: syncStatusSchema.optional(),
});

export type Sync = z.output<typeof syncSchema>;
export type SyncSpec = z.output<typeof syncSpecSchema>;
export type SyncStatus = z.output<typeof syncStatusSchema>;
export type SyncResult = NonNullable<SyncStatus['results']>[number];
export type SyncPhase = (typeof phases)[number];

export function isFinal(phase: SyncPhase): boolean {
  return phase === 'Succeeded' || phase === 'Failed' || phase === 'Refused' || phase === 'Superseded';
}

/**
 * An object from the server as a Sync; undefined where it is none. A status that cannot be read is reduced to its phase: a
 * Sync that is final stays final, and one that is not is taken up again.
 */
export function parseSync(object: unknown): Sync | undefined {
  const sync = syncSchema.safeParse(object);
  if (sync.success) return sync.data;
  const reduced = reducedSchema.safeParse(object);
  if (!reduced.success) return undefined;
  const { status, ...rest } = reduced.data;
  return status === undefined ? rest : { ...rest, status };
}

const reducedSchema = z.looseObject({
  metadata,
  spec: syncSpecSchema,
  status: z
    .object({ phase: z.enum(phases) })
    .optional()
    .catch(undefined),
});

/** The phase of a Sync; one that nobody has looked at yet is pending. */
export function phaseOf(sync: Sync): SyncPhase {
  return sync.status?.phase ?? 'Pending';
}
