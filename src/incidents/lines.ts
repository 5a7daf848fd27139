import { z } from 'zod';

const piece = z.union([
  z.object({ words: z.string() }),
  z.object({ outside: z.string(), link: z.string().optional() }),
]);

/** A line of a message as it is kept in a DriftReport. */
export const lineSchema = z.object({
  pieces: z.array(piece),
  inner: z.boolean().optional(),
  vital: z.boolean().optional(),
});
