import { z } from 'zod';
import { Failure } from '../../failure/failure.ts';

const anything = z.unknown().optional();

const change = z.object({
  actions: z.array(z.string()),
  before: anything,
  after: anything,
  after_unknown: anything,
  before_sensitive: anything,
  after_sensitive: anything,
  replace_paths: z.array(z.array(z.union([z.string(), z.number()]))).optional(),
  importing: anything,
});

const resourceChange = z.object({
  address: z.string(),
  previous_address: z.string().optional(),
  mode: z.string(),
  type: z.string(),
  name: z.string(),
  deposed: z.string().optional(),
  action_reason: z.string().optional(),
  change,
});

/**
 * What is read of a plan, by name: a plan has secrets in many places (a sensitive variable was found in fourteen), and what is
 * not named here is dropped as soon as it is parsed. Variables are read only to know which values are secret.
 */
const planSchema = z.object({
  format_version: z.string(),
  variables: z.record(z.string(), z.object({ value: anything })).default({}),
  resource_changes: z.array(resourceChange).default([]),
  resource_drift: z.array(resourceChange).default([]),
  output_changes: z.record(z.string(), change).default({}),
  configuration: z
    .object({
      root_module: z
        .object({
          variables: z.record(z.string(), z.object({ sensitive: z.boolean().optional() })).default({}),
        })
        .prefault({}),
    })
    .prefault({}),
  complete: z.boolean().optional(),
  errored: z.boolean().optional(),
});

export type TerraformPlan = z.output<typeof planSchema>;
export type ResourceChange = TerraformPlan['resource_changes'][number];
export type Change = ResourceChange['change'];

/** What `terraform show -json` says of a plan. Throws HF2008 for another format, and for a plan that is not complete. */
export function readPlan(text: string): TerraformPlan {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Failure('HF2008', 'it is not JSON');
  }
  const parsed = planSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    // Zod's own words may repeat what it found.
    throw new Failure('HF2008', `${issue?.path.join('.') || 'the plan'} is not as its format says`);
  }
  const plan = parsed.data;
  if (!/^[01]\.\d+$/.test(plan.format_version))
    throw new Failure(
      'HF2008',
      `its format is ${plan.format_version.slice(0, 20)}, and only 0.x and 1.x are known`,
    );
  if (plan.errored === true) throw new Failure('HF2008', 'it is of a run that ended with errors');
  return plan;
}

/** Whether carrying out the plan would do anything about it. */
export function doesSomething({
  mode,
  change: { actions, importing },
  previous_address,
}: ResourceChange): boolean {
  if (mode !== 'managed') return false;
  const still = actions.every(action => action === 'no-op' || action === 'read');
  return !still || (importing !== undefined && importing !== null) || previous_address !== undefined;
}
