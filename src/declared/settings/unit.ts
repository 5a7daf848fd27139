import { validate } from 'node-cron';
import { z } from 'zod';
import { helmOverrideSchema, helmSchema } from '../helm/options.ts';
import { ansible } from './ansible.ts';
import { name } from './name.ts';
import { stackSettings } from './stack.ts';
import { terraform } from './terraform.ts';

const driver = z.enum(['kubernetes', 'helm', 'cloudformation', 'terraform', 'ansible']);

const manages = z
  .union([z.literal(true), z.array(name).min(1)])
  .describe(
    'The namespaces that the unit manages, or `true` for those that it declares and its `namespace`: what lives there and is declared nowhere is a finding. None if left out.',
  );

const schedule = z
  .string()
  .refine(validate, 'must be a cron expression, such as */15 * * * *')
  .describe(
    'When the unit is compared, as a cron expression in UTC; for CloudFormation, Terraform and Ansible, which cannot be watched. Besides, it is compared after each change of its declaration.',
  );

/** One unit as holdfast.yaml lists it. */
export const unit = z.strictObject({
  name: name.describe('Unique; it is the name of the DriftReport too.'),
  driver,
  path: z
    .string()
    .min(1)
    .describe('The folder, relative to the root of the repository; `.` for the root itself.'),
  namespace: name.optional().describe('For objects that name no namespace.'),
  manages: manages.optional(),
  schedule: schedule.optional(),
  helm: helmSchema.optional().describe('For units of the driver helm.'),
  terraform: terraform.optional(),
  ansible: ansible.optional(),
  cloudformation: stackSettings.optional(),
  environments: z.array(name).min(1).optional().describe('Where the unit runs; everywhere if left out.'),
  overrides: z
    .record(
      name,
      z.strictObject({
        namespace: name.optional(),
        manages: manages.optional(),
        schedule: schedule.optional(),
        helm: helmOverrideSchema.optional().describe('Laid over `helm`.'),
        terraform: terraform.optional(),
        ansible: ansible.optional(),
        cloudformation: stackSettings.optional(),
      }),
    )
    .optional()
    .describe('What is different in an environment.'),
});
