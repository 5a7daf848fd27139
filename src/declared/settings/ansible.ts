import { z } from 'zod';
import { path, pathsBeside } from './paths.ts';

export const ansible = z
  .strictObject({
    playbook: path
      .optional()
      .describe(
        'Relative to the root of the repository; site.yml or playbook.yml in the folder if left out.',
      ),
    inventory: z
      .array(path)
      .min(1)
      .optional()
      .describe(
        'Files or folders, relative to the root of the repository; `inventory`, `inventory.ini`, `inventory.yml` or `hosts` in the folder if left out.',
      ),
    paths: pathsBeside,
    limit: z.string().min(1).optional().describe('A pattern of hosts.'),
    tags: z
      .array(z.string().regex(/^[\w.:-]+$/))
      .min(1)
      .optional(),
    skipTags: z
      .array(z.string().regex(/^[\w.:-]+$/))
      .min(1)
      .optional(),
    runsInCheckMode: z
      .array(z.string().min(1))
      .optional()
      .describe('Names of tasks with `check_mode: false` that may run while comparing, as they only read.'),
    timeoutSeconds: z
      .int()
      .min(10)
      .max(7200)
      .optional()
      .describe('For one run of the playbook: 900 if left out.'),
  })
  .describe('For a unit of the driver ansible.');

/** What is set for a unit of the driver ansible. */
export type AnsibleSettings = z.output<typeof ansible>;
