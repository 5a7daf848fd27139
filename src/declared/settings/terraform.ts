import { z } from 'zod';
import { path, pathsBeside, role } from './paths.ts';

export const terraform = z
  .strictObject({
    workspace: z
      .string()
      .regex(/^[\w.-]{1,90}$/, 'letters, digits, dashes, dots and underscores')
      .optional()
      .describe('The workspace; `default` if left out.'),
    varFiles: z
      .array(path)
      .optional()
      .describe('Files of variables, relative to the root of the repository.'),
    backendConfig: z
      .array(path)
      .optional()
      .describe('Files with settings of the backend, relative to the root of the repository.'),
    paths: pathsBeside,
    planRole: role.optional().describe('The role that compares and plans; with web identity.'),
    applyRole: role.optional().describe('The role that applies; with web identity.'),
    lockTimeoutSeconds: z
      .int()
      .min(0)
      .max(3600)
      .optional()
      .describe('How long to wait for a state lock that is held: 10 if left out, 120 for applying.'),
  })
  .describe('For a unit of the driver terraform.');

/** What is set for a unit of the driver terraform. */
export type TerraformSettings = z.output<typeof terraform>;
