import type { Json, JsonObject } from '../../../json/json.ts';
import { isMap } from '../../../json/value.ts';

/** Whether a value is an IAM policy document, or reads like one. */
export function isPolicy(value: Json | undefined): value is JsonObject {
  if (!isMap(value)) return false;
  const statements = value['Statement'];
  const list = Array.isArray(statements) ? statements : [statements];
  return list.length > 0 && list.every(one => isMap(one) && typeof one['Effect'] === 'string');
}

/** A JSON text as its value; undefined for any other text. Only mappings and lists count, so that `"5"` stays a text. */
export function jsonIn(text: Json | undefined): Json | undefined {
  if (typeof text !== 'string' || !/^\s*[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/**
 * A policy document in one form: lists for what may be a list, sorted; principals of the account by its id. Statements keep
 * their place, since lists are matched without regard to it anyway. Source: IAM User Guide, “Grammar of the IAM JSON policy language”.
 */
export function plainPolicy(policy: JsonObject): JsonObject {
  const statements = policy['Statement'];
  const list = Array.isArray(statements) ? statements : [statements ?? []];
  return {
    ...policy,
    ...(policy['Version'] === undefined ? {} : { Version: String(policy['Version']) }),
    Statement: list.map(one => (isMap(one) ? plainStatement(one) : one)) as Json[],
  };
}

function plainStatement(statement: JsonObject): JsonObject {
  const plain: JsonObject = {};
  for (const [key, value] of Object.entries(statement)) {
    if (/^(?:Not)?(?:Action|Resource)$/.test(key)) plain[key] = sorted(value);
    else if (/^(?:Not)?Principal$/.test(key)) plain[key] = plainPrincipal(value);
    else if (key === 'Condition' && isMap(value)) plain[key] = plainCondition(value);
    else plain[key] = value;
  }
  return plain;
}

function plainPrincipal(value: Json): Json {
  if (!isMap(value)) return value === '*' ? { AWS: ['*'] } : value;
  return Object.fromEntries(
    Object.entries(value).map(([kind, who]) => [kind, sorted(kind === 'AWS' ? withoutRoot(who) : who)]),
  );
}

function withoutRoot(value: Json): Json {
  const list = Array.isArray(value) ? value : [value];
  return list.map(one => /^arn:[\w-]+:iam::(\d{12}):root$/.exec(String(one))?.[1] ?? one);
}

function plainCondition(condition: JsonObject): JsonObject {
  const texts = (value: Json) => sorted(Array.isArray(value) ? value.map(String) : String(value));
  return Object.fromEntries(
    Object.entries(condition).map(([operator, keys]) => [
      operator,
      isMap(keys)
        ? Object.fromEntries(Object.entries(keys).map(([key, value]) => [key, texts(value)]))
        : keys,
    ]),
  );
}

function sorted(value: Json): Json[] {
  const list = Array.isArray(value) ? value : [value];
  return [...list].sort((a, b) => (String(a) < String(b) ? -1 : 1));
}
