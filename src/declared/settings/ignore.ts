import { z } from 'zod';

export const ignoreRule = z.strictObject({
  unit: z.string().optional().describe('A glob over unit names.'),
  resource: z
    .strictObject({
      apiVersion: z.string().optional(),
      kind: z.string().optional(),
      namespace: z.string().optional(),
      name: z.string().optional(),
    })
    .optional()
    .describe('Globs over what names the resource.'),
  paths: z
    .array(z.string().startsWith('/'))
    .min(1)
    .optional()
    .describe(
      'Globs over paths of fields: JSON pointers in which an item of a list stands by its position, or as a finding names it (`name=web`).',
    ),
  manager: z.string().optional().describe('A glob over the manager that set the field.'),
  reason: z.string().min(1),
  until: z.iso.date().optional().describe('The last day on which the rule holds.'),
});

/** A rule that leaves fields or whole resources out of a comparison. Patterns are globs; what is left out matches all. */
export type IgnoreRule = z.output<typeof ignoreRule>;
