import { z } from 'zod';
import { timezone } from './time-zone.ts';

const weekTime = z
  .string()
  .regex(
    /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun) ([01]\d|2[0-3]):[0-5]\d$/,
    'must be a day and a time, such as Fri 17:00',
  );
const windowBase = {
  reason: z.string().min(1).describe('Told with every sync that waits.'),
  units: z.array(z.string().min(1)).min(1).optional().describe('Globs over unit names; all if left out.'),
  timezone,
};
export const freezeWindow = z.union([
  z.strictObject({
    ...windowBase,
    weekly: z
      .strictObject({ from: weekTime, to: weekTime })
      .refine(({ from, to }) => from !== to, 'must begin and end at different times')
      .describe('Every week, over the end of the week if need be: Fri 17:00 to Mon 08:00.'),
  }),
  z.strictObject({
    ...windowBase,
    dates: z
      .strictObject({ from: z.iso.date(), to: z.iso.date() })
      .refine(({ from, to }) => from <= to, 'must not end before it begins')
      .describe('From the first to the last day, both included.'),
  }),
]);

/** A time in which no sync begins. */
export type FreezeWindow = z.output<typeof freezeWindow>;
