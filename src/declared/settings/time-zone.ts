import { z } from 'zod';

/** Whether the IANA time zone database has it. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

export const timezone = z
  .string()
  .refine(isTimeZone, 'must be a time zone, such as Europe/Berlin')
  .default('UTC')
  .describe('A name of the IANA time zone database.');
