import { z } from 'zod';

const driver = z.enum(['kubernetes', 'helm', 'cloudformation', 'terraform', 'ansible']);
const name = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, 'lower-case letters, digits and dashes, 63 at most');

const unit = z.strictObject({
  name,
  driver,
  path: z.string().min(1),
  namespace: name.optional(),
  environments: z.array(name).min(1).optional(),
});

const ignoreRule = z.strictObject({
  unit: z.string().optional(),
  resource: z
    .strictObject({
      apiVersion: z.string().optional(),
      kind: z.string().optional(),
      namespace: z.string().optional(),
      name: z.string().optional(),
    })
    .optional(),
  paths: z.array(z.string().startsWith('/')).min(1).optional(),
  manager: z.string().optional(),
  reason: z.string().min(1),
  until: z.iso.date().optional(),
});

const policy = z.strictObject({
  approvals: z.int().min(1).max(10).default(1),
  forks: z.boolean().default(true),
  requiredChecks: z
    .array(z.strictObject({ name: z.string().min(1), app: z.string().optional() }))
    .default([]),
  aliases: z.array(z.array(z.string().min(1)).min(2)).default([]),
});

const route = z.strictObject({ channel: z.string().min(1), unit: z.string().optional() });

/** The schema of holdfast.yaml. Every key is optional; an unknown key is an error, so that a typing mistake cannot silence anything. */
export const settingsSchema = z.strictObject({
  apiVersion: z.literal('holdfast.dev/v1alpha1').default('holdfast.dev/v1alpha1'),
  units: z.array(unit).default([]),
  ignore: z.array(ignoreRule).default([]),
  policy: policy.prefault({}),
  alerts: z.strictObject({ routes: z.array(route).default([]) }).prefault({}),
});

export type Settings = z.output<typeof settingsSchema>;
/** A rule that leaves fields or whole resources out of a comparison. Patterns are globs; what is left out matches all. */
export type IgnoreRule = Settings['ignore'][number];

export const defaultSettings: Settings = settingsSchema.parse({});
