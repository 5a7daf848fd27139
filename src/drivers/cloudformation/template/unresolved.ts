import type { Json } from '../../../json/json.ts';

/**
 * Stands for a declared value that cannot be known from outside: an attribute of another resource, a NoEcho parameter, a
 * dynamic reference. No text from a file can be equal to it by accident.
 */
export const unresolved = '\u0000holdfast:unresolved\u0000';

export function isUnresolved(value: Json | undefined): boolean {
  return typeof value === 'string' && value.includes(unresolved);
}
