import { type Difference, differences } from '../compare/difference.ts';
import { keyed, type Shape } from '../compare/keyed.ts';
import { sameQuantity } from '../compare/quantity.ts';
import type { Exemption, FieldChange, ResourceRef } from '../findings/finding.ts';
import type { JsonObject } from '../json/json.ts';
import { isSecretKind, maskedChanges } from './masking.ts';
import type { FieldPreview, FieldReason } from './model.ts';

/** What a pull request changes in one resource, and how live differs from the head where it was asked. */
export interface FieldsInput {
  resource: ResourceRef;
  /** Absent where the base does not declare it. */
  base: JsonObject | undefined;
  head: JsonObject;
  shape: Shape | undefined;
  secret: readonly string[];
  /** Head against live, as the comparison found it (`declared` is the head's value), masked already; undefined where live was not asked. */
  live: readonly FieldChange[] | undefined;
  /** Of this resource: what rules leave to whoever holds it. */
  left?: readonly Pick<Exemption, 'path' | 'rule'>[] | undefined;
}

/**
 * Each field that the pull request changes, with base, head and live side by side, and each that it does not change and that
 * merging puts right; sorted by path.
 */
export function fieldsOf({ resource, base, head, shape, secret, live, left }: FieldsInput): FieldPreview[] {
  const merged = base === undefined ? [] : maskedChanges(resource, secret, between(base, head, shape));
  const byPath = new Map(live?.map(change => [change.path, change]));
  const ruleOf = (path: string) =>
    left?.find(each => each.path === undefined || isWithin(path, each.path))?.rule;
  const fields = merged.map(change => {
    const rule = byPath.has(change.path) ? undefined : ruleOf(change.path);
    return rule === undefined
      ? ofMerge(change, live === undefined ? undefined : byPath, resource)
      : leftAlone(change, rule, resource);
  });
  const told = new Set(merged.map(({ path }) => path));
  for (const change of live ?? [])
    if (!told.has(change.path)) fields.push(ofDrift(change, base === undefined));
  return fields.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

/** Base against head in the form of a finding: `declared` is the head's value, `live` the base's. */
function between(base: JsonObject, head: JsonObject, shape: Shape | undefined): FieldChange[] {
  const [before, after] = [keyed(base, shape), keyed(head, shape)];
  return differences(after, after, before)
    .filter(({ declared, live }) => !sameSpelling(declared, live))
    .map(({ path, op, declared, live }: Difference) => ({
      path,
      op,
      ...(declared === undefined ? {} : { declared }),
      ...(live === undefined ? {} : { live }),
    }));
}

function sameSpelling(a: unknown, b: unknown): boolean {
  return a !== undefined && b !== undefined && typeof a === typeof b && a !== b && sameQuantity(a, b);
}

function ofMerge(
  change: FieldChange,
  live: ReadonlyMap<string, FieldChange> | undefined,
  resource: ResourceRef,
): FieldPreview {
  const { path } = change;
  const found = live?.get(path);
  if (change.redacted === true || found?.redacted === true || isSecretKind(resource)) {
    const why = live !== undefined && found === undefined && change.redacted === true ? 'already' : 'merge';
    return change.redacted === true ? { path, why, redacted: true } : { ...sides(change), why };
  }
  if (live === undefined) return { ...sides(change), why: 'merge' };
  if (found === undefined) return { ...sides(change), why: 'already', ...present('live', change.declared) };
  const same = JSON.stringify(found.live) === JSON.stringify(change.live);
  return {
    ...sides(change),
    why: same ? 'merge' : 'overwrites',
    ...present('live', found.live),
    ...(same || found.by === undefined ? {} : { by: found.by }),
  };
}

function leftAlone(change: FieldChange, rule: string, resource: ResourceRef): FieldPreview {
  const { path } = change;
  const secret = change.redacted === true || isSecretKind(resource);
  return secret ? { path, why: 'left', rule, redacted: true } : { ...sides(change), why: 'left', rule };
}

function isWithin(path: string, around: string): boolean {
  return path === around || path.startsWith(`${around}/`);
}

function sides(change: FieldChange): Omit<FieldPreview, 'why'> {
  return { path: change.path, ...present('base', change.live), ...present('head', change.declared) };
}

/** Live differs where the pull request changes nothing; of a resource that is new to Git all is the pull request's doing. */
function ofDrift(change: FieldChange, isNew: boolean): FieldPreview {
  const { path, declared, live, by, redacted } = change;
  const why: FieldReason = isNew ? 'overwrites' : 'reverts';
  return {
    path,
    why,
    ...(redacted === true ? { redacted } : {}),
    ...(isNew ? {} : present('base', declared)),
    ...present('head', declared),
    ...present('live', live),
    ...(by === undefined ? {} : { by }),
  };
}

function present<K extends string>(key: K, value: unknown): { [P in K]?: unknown } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: unknown });
}
