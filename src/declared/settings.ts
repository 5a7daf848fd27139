import { z } from 'zod';
import { alerts } from './settings/alerts.ts';
import { convergeSchema } from './settings/converge.ts';
import { freezeWindow } from './settings/freezes.ts';
import { ignoreRule } from './settings/ignore.ts';
import { name } from './settings/name.ts';
import { policy } from './settings/policy.ts';
import { unit } from './settings/unit.ts';

const audit = z.strictObject({
  gitNotes: z
    .boolean()
    .default(false)
    .describe(
      'Whether verdicts and syncs are also pushed as Git notes on their revisions (refs/notes/holdfast).',
    ),
});

/** The schema of holdfast.yaml. Every key is optional; an unknown key is an error, so that a typing mistake cannot silence anything. */
export const settingsSchema = z.strictObject({
  apiVersion: z.literal('holdfast.dev/v1alpha1').default('holdfast.dev/v1alpha1'),
  environments: z
    .array(name)
    .default([])
    .describe('Every environment that the repository serves; units may name only these.'),
  units: z
    .array(unit)
    .default([])
    .describe('Units beside those by convention; a folder that is named here is no unit by convention.'),
  ignore: z.array(ignoreRule).default([]),
  freezes: z
    .array(freezeWindow)
    .default([])
    .describe('When no sync begins. What was begun is finished; `holdfast freeze` holds by hand.'),
  converge: convergeSchema.prefault({}),
  policy: policy.prefault({}),
  audit: audit.prefault({}),
  alerts: alerts.prefault({}),
});

export type Settings = z.output<typeof settingsSchema>;

export const defaultSettings: Settings = settingsSchema.parse({});
