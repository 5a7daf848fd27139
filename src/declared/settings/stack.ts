import { z } from 'zod';
import { role } from './paths.ts';

/** What holdfast.yaml may say of a CloudFormation stack, which a Git-sync deployment file has no place for. */
export const stackSettings = z
  .strictObject({
    stack: z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9-]{0,127}$/, 'letters, digits and dashes, with a letter in front')
      .optional()
      .describe('The name of the stack; that of the deployment file or of its folder if left out.'),
    stackSet: z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9-]{0,127}$/, 'letters, digits and dashes, with a letter in front')
      .optional()
      .describe('The unit is the StackSet of this name and no stack: it is compared, and never changed.'),
    deployment: z
      .string()
      .min(1)
      .optional()
      .describe(
        'The deployment file, relative to the root of the repository; the only one of the folder if left out.',
      ),
    region: z
      .string()
      .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be a region, such as eu-west-1')
      .optional()
      .describe('AWS_REGION of the process if left out.'),
    account: z
      .string()
      .regex(/^\d{12}$/, 'twelve digits, in quotes')
      .optional()
      .describe('The account in which the stack must be; nothing is compared or changed in another.'),
    role: role.optional().describe('The role that compares and plans; with web identity.'),
    applyRole: role.optional().describe('The role that changes the stack; with web identity.'),
    serviceRole: role
      .optional()
      .describe('The role that CloudFormation takes for a change; that of the stack if left out.'),
    capabilities: z
      .array(z.enum(['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND']))
      .optional()
      .describe('What a change may do; none if left out.'),
    bucket: z
      .string()
      .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be the name of an S3 bucket')
      .optional()
      .describe(
        'An S3 bucket in the region of the stack, for templates of more than 51,200 bytes and for those that are nested by their paths.',
      ),
    allow: z
      .array(z.enum(['replacement', 'deletion']))
      .optional()
      .describe('What a change may do to resources that hold data without being refused; none if left out.'),
  })
  .describe('For a unit of the driver cloudformation.');

export type StackSettings = z.output<typeof stackSettings>;
