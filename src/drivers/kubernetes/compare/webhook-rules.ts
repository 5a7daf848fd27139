import type { Json, JsonObject } from '../../../json/json.ts';
import { equal, isMap } from '../../../json/value.ts';

const lists = ['apiGroups', 'apiVersions', 'operations', 'resources'] as const;

/**
 * Whether the rules of a live webhook match all that the declared ones do, and perhaps more: each declared rule is within a live
 * one. `*` is taken as a word: a controller that names versions instead of it may leave one out.
 */
export function extendsRules(declared: Json | undefined, live: Json | undefined): boolean {
  if (!Array.isArray(declared) || !Array.isArray(live)) return declared === undefined;
  return declared.every(rule => isMap(rule) && live.some(other => isMap(other) && isWithin(rule, other)));
}

function isWithin(rule: JsonObject, other: JsonObject): boolean {
  const scopes = (rule['scope'] ?? '*') === (other['scope'] ?? '*') || (other['scope'] ?? '*') === '*';
  return (
    scopes &&
    lists.every(key => {
      const [needed, given] = [rule[key], other[key]];
      if (!Array.isArray(needed) || !Array.isArray(given)) return equal(needed, given);
      return given.includes('*') || needed.every(each => given.includes(each));
    })
  );
}
