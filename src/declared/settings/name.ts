import { z } from 'zod';

/** A name of a unit, an environment or a namespace: a DNS label. */
export const name = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, 'lower-case letters, digits and dashes, 63 at most');
