import type { Json, JsonObject } from '../../../json/json.ts';
import { isMap } from '../../../json/value.ts';
import type { ModelChange } from './compare.ts';
import type { Known } from './known.ts';
import { isCommonDefault, isMade, isTrivial, isTrivialEmpty } from './made.ts';
import { isPolicy, plainPolicy } from './policy.ts';
import type { TypeShape } from './shape.ts';
import type { Place } from './words.ts';

/**
 * Where a value that live has beyond the declaration comes from. `default`: AWS sets it when none is declared; `managed`: AWS
 * made or chose it for this resource; `presumed`: nothing is known of the property, and nothing speaks for a person; `real`:
 * somebody set it.
 */
export type Origin = 'default' | 'managed' | 'presumed' | 'real';

export interface Extra extends ModelChange {
  op: 'added';
  origin: Origin;
}

export interface Classing {
  shape: TypeShape;
  place: Place;
  known: Known;
  /** What the resource is called in the template and in AWS. */
  logicalId: string;
  physicalId: string;
}

const order: Origin[] = ['default', 'managed', 'presumed', 'real'];

/** Tells where each part of an undeclared value comes from: as a whole where nobody set any of it, else the parts that somebody set. */
export function classify(change: ModelChange, by: Classing): Extra[] {
  const parts = partsOf(change.live ?? null, change.path, change.pattern, by, true);
  if (parts.every(({ origin }) => origin !== 'real')) {
    const origin = order[Math.max(0, ...parts.map(part => order.indexOf(part.origin)))] ?? 'default';
    return [{ ...change, op: 'added', origin }];
  }
  return parts;
}

function partsOf(value: Json, path: string[], pattern: string[], by: Classing, own: boolean): Extra[] {
  const whole = originOf(value, path, pattern, by, own);
  if (whole !== undefined) return [{ path, pattern, op: 'added', live: value, origin: whole }];
  if (isMap(value))
    return Object.entries(value).flatMap(([key, child]) =>
      by.shape.readOnly.covers([...pattern, key])
        ? []
        : partsOf(child, [...path, key], [...pattern, key], by, false),
    );
  if (Array.isArray(value))
    return value.flatMap((item, at) => partsOf(item, [...path, String(at)], [...pattern, '*'], by, false));
  return [{ path, pattern, op: 'added', live: value, origin: 'presumed' }];
}

/** The origin of a value as a whole; undefined for one whose parts must be looked at. */
function originOf(
  value: Json,
  path: readonly string[],
  pattern: readonly string[],
  by: Classing,
  own: boolean,
): Origin | undefined {
  if (isTrivialEmpty(value)) return 'default';
  return (
    tagOrigin(value, path, pattern, by) ??
    knownOrigin(value, pattern, by) ??
    (own ? authorsOrigin(value, pattern, by) : undefined) ??
    (typeof value === 'object' ? undefined : scalarOrigin(pattern.at(-1) ?? '', value, by))
  );
}

/** What the table and the schema say of a property. */
function knownOrigin(value: Json, pattern: readonly string[], by: Classing): Origin | undefined {
  const fact = by.known.of(by.shape.type, pattern);
  const fallback = by.shape.defaults.get(pattern.join('.'));
  const defaults = [
    ...(fact?.what === 'default' ? fact.values : []),
    ...(fallback === undefined ? [] : [fallback]),
  ];
  if (defaults.some(one => alike(one, value))) return 'default';
  if (fact?.what === 'chosen') return 'managed';
  if (fact?.what === 'absent') return isTrivial(value) ? 'default' : 'real';
  const telling = fact?.what === 'default' || (fallback !== undefined && !isTrivial(fallback));
  if (!telling || isMap(value)) return undefined;
  return isMade(value, by) ? 'managed' : 'real';
}

/** A key or item more in a map or list that is declared: somebody put it there, unless the service gives all settings back. */
function authorsOrigin(value: Json, pattern: readonly string[], by: Classing): Origin | undefined {
  if (pattern.at(-1) !== '*')
    return typeof value !== 'object' && isAuthorsKey(pattern, by) ? 'real' : undefined;
  if (isTrivial(value)) return 'managed';
  const list = pattern.findLast(step => step !== '*') ?? '';
  return isMap(value) && settings.test(list) && isSetting(value) ? 'presumed' : 'real';
}

function scalarOrigin(key: string, value: Json, by: Classing): Origin {
  if (isMade(value, by)) return 'managed';
  return isTrivial(value) || isCommonDefault(key, value) ? 'default' : 'presumed';
}

/** Lists in which a service gives back every setting that there is, whether somebody chose it or not. */
const settings = /(?:Options?|Settings?|Parameters?|Attributes?|Configurations?)$/;

/** A name with a value, and what else tells whose it is. */
function isSetting(item: JsonObject): boolean {
  const keys = Object.keys(item);
  return keys.length <= 4 && keys.some(key => /(?:Name|Key)$/.test(key));
}

/** A key of a map whose keys the author chooses, where the map itself is declared. */
function isAuthorsKey(pattern: readonly string[], { shape }: Classing): boolean {
  const map = pattern.slice(0, -1);
  return (
    map.length > 0 &&
    (shape.freeForm.has(map) || /^(?:Variables|EnvironmentVariables)$/.test(map.at(-1) ?? ''))
  );
}

/** Tags of CloudFormation and of the stack are its own; any other was put there. */
function tagOrigin(
  value: Json,
  path: readonly string[],
  pattern: readonly string[],
  { place }: Classing,
): Origin | undefined {
  const at = pattern.findIndex(step => /^(?:\w*Tags|TagList|UserPoolTags)$/.test(step));
  if (at === -1 || at === pattern.length - 1) return undefined;
  const key = isMap(value)
    ? (value['Key'] ?? value['key'] ?? value['TagKey'])
    : pattern.at(-1) === '*'
      ? undefined
      : path.at(-1);
  if (typeof key !== 'string') return undefined;
  if (key.startsWith('aws:')) return 'managed';
  const text = isMap(value) ? (value['Value'] ?? value['value'] ?? value['TagValue']) : value;
  return place.stackTags?.[key] === text ? 'managed' : 'real';
}

function alike(a: Json, b: Json): boolean {
  const form = (value: Json): string => {
    const plain = isPolicy(value) ? plainPolicy(value) : value;
    if (Array.isArray(plain)) return `[${plain.map(form).sort().join()}]`;
    if (isMap(plain))
      return `{${Object.keys(plain)
        .sort()
        .filter(key => !isTrivialEmpty(plain[key] ?? null))
        .map(key => `${key}:${form(plain[key] ?? null)}`)
        .join()}}`;
    return String(plain);
  };
  return form(a) === form(b);
}
