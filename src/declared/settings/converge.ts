import picomatch from 'picomatch';
import { z } from 'zod';
import { isExpression } from '../expression.ts';

const resourcePattern = z
  .strictObject({
    apiVersion: z.string().optional(),
    kind: z.string().optional(),
    namespace: z.string().optional(),
    name: z.string().optional(),
  })
  .describe('Globs over what names the resource.');

const unitPattern = z.string().min(1).describe('A glob over unit names.');

/** The part of holdfast.yaml that says how units are converged: modes, health, pruning. */
export const convergeSchema = z.strictObject({
  units: z
    .array(
      z.strictObject({
        unit: unitPattern,
        mode: z
          .enum(['on-merge', 'on-merge-and-drift', 'alert-only'])
          .optional()
          .describe(
            'What is converged by itself: what was merged (the default), hand edits as well, or nothing at all.',
          ),
        graceMinutes: z
          .number()
          .min(0)
          .max(10_080)
          .optional()
          .describe('How long a hand edit stands before on-merge-and-drift puts it right (5).'),
        healthMinutes: z
          .number()
          .min(0.05)
          .max(1_440)
          .optional()
          .describe('How long its syncs wait for health; HOLDFAST_HEALTH_SECONDS unless told.'),
        prune: z.boolean().optional().describe('Whether what Git no longer declares is deleted (true).'),
        takeOver: z
          .array(z.string().min(1))
          .optional()
          .describe(
            'Globs over field managers that apply the same objects, and whose fields Holdfast may take.',
          ),
      }),
    )
    .default([])
    .describe('How units are converged. Of several that match a unit, the first that says something counts.'),
  health: z
    .array(
      z
        .strictObject({
          resource: resourcePattern,
          healthy: z
            .string()
            .refine(isExpression, 'must be a CEL expression over self, without matches()')
            .describe('A CEL expression over `self`, the live object: true when it is healthy.'),
          failed: z
            .string()
            .refine(isExpression, 'must be a CEL expression over self, without matches()')
            .optional()
            .describe('True when it cannot become healthy without a change.'),
        })
        .refine(({ resource }) => Object.keys(resource).length > 0, 'must name something of the resource'),
    )
    .default([])
    .describe('When resources are healthy; the first that matches counts instead of the shipped rule.'),
  prune: z
    .strictObject({
      mostShare: z
        .number()
        .min(0)
        .max(1)
        .default(0.3)
        .describe('No more than this share of the objects of a unit is deleted at once, unless allowed.'),
      allow: z
        .array(
          z.strictObject({
            unit: unitPattern,
            resource: resourcePattern.optional(),
            reason: z.string().min(1),
            until: z.iso.date().describe('The last day on which it is allowed.'),
          }),
        )
        .default([])
        .describe(
          'The word for deletions that are otherwise refused: many at once, all of a unit, namespaces, definitions, volumes.',
        ),
    })
    .prefault({}),
});

export type ConvergeSettings = z.output<typeof convergeSchema>;
type UnitSettings = ConvergeSettings['units'][number];

/** What `converge.units` says of one thing for a unit: the first entry that matches the unit and says something. */
export function settingOf<Key extends Exclude<keyof UnitSettings, 'unit'>>(
  unit: string,
  units: readonly UnitSettings[],
  key: Key,
): UnitSettings[Key] | undefined {
  return units.find(each => each[key] !== undefined && picomatch.isMatch(unit, each.unit))?.[key];
}
