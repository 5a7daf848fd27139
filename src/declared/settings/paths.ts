import { z } from 'zod';

export const path = z.string().min(1);
export const pathsBeside = z
  .array(path)
  .optional()
  .describe('Other files and folders that it reads, relative to the root of the repository.');
export const role = z
  .string()
  .regex(/^arn:[\w-]+:iam::\d{12}:role\/[\w+=,.@/-]+$/, 'must be the ARN of a role');
