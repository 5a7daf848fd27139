import { isBuiltInGroup } from '../../../cluster/kind.ts';
import type { KindSchema } from '../../../cluster/openapi.ts';
import { attribute } from '../../../compare/attribution.ts';
import { differences } from '../../../compare/difference.ts';
import { keyed } from '../../../compare/keyed.ts';
import { locate } from '../../../compare/locate.ts';
import type { JsonObject } from '../../../json/json.ts';
import { leavesOf, pathOf, valueAt } from '../../../json/value.ts';
import { exemption } from './exemptions.ts';
import { isKnownDefault } from './known-defaults.ts';
import { plainOf, type Subject } from './subject.ts';

/**
 * Whether all that live has beyond the declaration is a documented default or what a shipped rule allows, told item by item as
 * the schema tells them apart, apart from what is `told` already. For where the server cannot say it: a quota leaves no room for a dry run under another name.
 */
export function isAllExplained(
  subject: Subject,
  live: JsonObject,
  schema: KindSchema | undefined,
  told: ReadonlySet<string> = new Set(),
): boolean {
  const { kind } = subject.target;
  if (schema === undefined || !isBuiltInGroup(kind.group)) return false;
  const plain = plainOf(subject.target, live);
  const asDeclared = subject.plain;
  const declared = keyed(asDeclared, schema.shape);
  return differences(declared, declared, keyed(plain, schema.shape)).every(({ op, path, live: value }) => {
    if (op !== 'added' || told.has(path)) return true;
    const at = pathOf(path);
    const by = () => attribute(live, at);
    if (exemption({ kind, path: at, op, value, live, declared: asDeclared, by }) !== undefined) return true;
    const raw = locate(plain, path)?.map(String);
    const found = raw && valueAt(plain, raw);
    return (
      raw !== undefined &&
      found !== undefined &&
      leavesOf(found, raw).every(
        leaf => leaf.value === null || isKnownDefault(kind, plain, leaf.path, leaf.value),
      )
    );
  });
}
