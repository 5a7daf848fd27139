import picomatch from 'picomatch';
import { holdsFor } from '../../../../declared/expression.ts';
import type { ConvergeSettings } from '../../../../declared/settings/converge.ts';
import type { JsonObject } from '../../../../json/json.ts';
import { objectAt, textAt } from '../json.ts';
import { type Health, healthy, progressing, unhealthy } from './result.ts';

export type HealthRule = ConvergeSettings['health'][number];

/** What the repository's own rules say of an object (`converge.health`): the first that matches counts; undefined where none does. */
export function healthByRule(object: JsonObject, rules: readonly HealthRule[]): Health | undefined {
  const rule = rules.find(({ resource }) => isMeant(object, resource));
  if (rule === undefined) return undefined;
  if (rule.failed !== undefined && holdsFor(rule.failed, object))
    return unhealthy(`it failed: ${rule.failed}`);
  return holdsFor(rule.healthy, object) ? healthy : progressing(`it is not so that ${rule.healthy}`);
}

function isMeant(object: JsonObject, pattern: HealthRule['resource']): boolean {
  const metadata = objectAt(object, 'metadata');
  const fits = (glob: string | undefined, text: string | undefined) =>
    glob === undefined || (text !== undefined && picomatch.isMatch(text, glob, { dot: true }));
  return (
    fits(pattern.apiVersion, textAt(object, 'apiVersion')) &&
    fits(pattern.kind, textAt(object, 'kind')) &&
    fits(pattern.namespace, textAt(metadata, 'namespace')) &&
    fits(pattern.name, textAt(metadata, 'name'))
  );
}
