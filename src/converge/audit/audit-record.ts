import { z } from 'zod';

/** What somebody asked for and what became of it, where no Sync, Authorization or Freeze tells. */
export const auditSpecSchema = z.object({
  /** What was asked for, a word: `sync`, `rollback`, `freeze`, `unfreeze`, `adopt`, `snooze`, … */
  action: z.string().min(1).max(63),
  outcome: z.enum(['refused', 'done']),
  /** Who asked: a Slack user with the login that it maps to, a user of the machine. */
  by: z.string().min(1).max(253),
  /** Where it was asked: `slack`, `cli`, `daemon`. */
  via: z.string().min(1).max(63),
  /** Why it was refused, or what was done, for people. */
  reason: z.string().min(1).max(1_000),
  unit: z.string().max(253).optional(),
  revision: z.string().max(64).optional(),
  /** What else tells of it (a channel, a pull request), never a secret. */
  details: z.record(z.string(), z.string().max(1_000)).optional(),
});

export type AuditSpec = z.output<typeof auditSpecSchema>;

export const auditRecordSchema = z.looseObject({
  metadata: z.looseObject({ name: z.string(), creationTimestamp: z.string() }),
  spec: auditSpecSchema,
});

/** The custom resource `AuditRecord`. */
export type AuditRecord = z.output<typeof auditRecordSchema>;
