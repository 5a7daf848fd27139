import { z } from 'zod';

/** A span of time as people write it: `90m`, `2h`, `3d`. */
const span = /^(\d{1,4})(m|h|d)$/;

export const freezeSpecSchema = z.object({
  /** Why nothing may change; told with every Sync that waits. */
  reason: z.string().min(1).max(1_000),
  /** Who asked for it: a login of the forge, a Slack user, a user of the machine. It explains, it proves nothing. */
  by: z.string().min(1).max(253),
  /** RFC 3339; until somebody lifts it where this is left out. */
  until: z.iso.datetime({ offset: true }).optional(),
  /** Names of units; all where this is left out. */
  units: z.array(z.string()).min(1).optional(),
  /** Set when it was lifted. The object stays, for the audit. */
  lifted: z.object({ by: z.string().min(1).max(253), at: z.iso.datetime({ offset: true }) }).optional(),
});

export type FreezeSpec = z.output<typeof freezeSpecSchema>;

/** A manual hold: while it is in force no Sync of its units begins. The custom resource `Freeze`. */
export const freezeSchema = z.looseObject({
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string(),
    resourceVersion: z.string(),
    creationTimestamp: z.string(),
  }),
  spec: freezeSpecSchema,
});

export type Freeze = z.output<typeof freezeSchema>;

/** Whether a freeze holds at a moment: it was neither lifted nor is its time over. */
export function isInForce({ spec }: Pick<Freeze, 'spec'>, now: Date): boolean {
  return spec.lifted === undefined && (spec.until === undefined || Date.parse(spec.until) > now.getTime());
}

/** Whether a freeze that is in force holds this unit. */
export function concerns({ spec }: Pick<Freeze, 'spec'>, unit: string): boolean {
  return spec.units === undefined || spec.units.includes(unit);
}

/** The end of a span that begins now, RFC 3339; undefined for what is no span. */
export function endOf(text: string, now: Date): string | undefined {
  const [, count, letter] = span.exec(text) ?? [];
  if (count === undefined || letter === undefined || Number(count) === 0) return undefined;
  const minutes = { m: 1, h: 60, d: 1_440 }[letter] ?? 0;
  return new Date(now.getTime() + Number(count) * minutes * 60_000).toISOString();
}
