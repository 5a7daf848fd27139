import { z } from 'zod';

const part = z.object({
  hidden: z.boolean(),
  changed: z.boolean().optional(),
  skipped: z.boolean().optional(),
  failed: z.boolean().optional(),
  msg: z.unknown().optional(),
  diff: z.unknown().optional(),
  skip_reason: z.string().optional(),
  false_condition: z.unknown().optional(),
});

const result = z.object({
  event: z.enum(['ok', 'failed', 'skipped', 'unreachable']),
  host: z.string(),
  task: z.string(),
  action: z.string(),
  path: z.string().nullish(),
  handler: z.boolean(),
  ignored: z.boolean(),
  hidden: z.boolean(),
  changed: z.boolean(),
  parts: z.array(part),
});

const eventSchema = z.union([
  result,
  z.object({ event: z.literal('refused'), task: z.string(), path: z.string().nullish() }),
  z.object({ event: z.literal('stats'), hosts: z.record(z.string(), z.record(z.string(), z.number())) }),
]);

/** What became of one task on one host. */
export type TaskResult = z.output<typeof result>;
export type Part = z.output<typeof part>;

export type AnsibleEvent = z.output<typeof eventSchema>;

/** One line of the callback plugin; undefined for a line that was cut off. */
export function eventOf(line: string): AnsibleEvent | undefined {
  try {
    return eventSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

export function isResult(event: AnsibleEvent): event is TaskResult {
  return event.event !== 'refused' && event.event !== 'stats';
}
