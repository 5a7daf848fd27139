import picomatch from 'picomatch';
import { isMap, leavesOf } from '../../compare/value.ts';
import type { Json, JsonObject } from '../declaration.ts';

/** Names of values that hold secrets in charts at large; what names a Secret, a file or a key in it does not. */
const telling =
  /(pass(word|wd|phrase)?|secret|token|credentials?|(api|access|private|auth|encryption|signing|secret)[-_]?key|dsn|connection[-_]?string)$/i;
const naming = /^(existing|use|create|enable|has|mount|auto)/i;
/** Shorter texts would mask half of the report, and guessing them needs no report. */
const shortest = 4;

/**
 * The texts of all values that are secret: those whose own name, or that of a map around them, says so, those that
 * values.schema.json marks (`writeOnly`, `format: password`), and those that match a glob of holdfast.yaml. They are only ever
 * searched for, never shown.
 */
export function secretTexts(
  values: JsonObject,
  marks: { schema?: Json | undefined; globs?: readonly string[] | undefined },
): string[] {
  const matches = (marks.globs ?? []).map(glob => picomatch(glob.replaceAll('.', '/')));
  const found = new Set<string>();
  for (const { path, value } of leavesOf(values)) {
    const told =
      saysSo(path) ||
      isMarked(marks.schema, path) ||
      matches.some(match => path.some((_, depth) => match(path.slice(0, depth + 1).join('/'))));
    const text = typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
    if (told && text.trim().length >= shortest) found.add(text);
  }
  return [...found];
}

function saysSo(path: readonly string[]): boolean {
  const key = [...path].reverse().find(part => !/^\d+$/.test(part)) ?? '';
  return telling.test(key) && !naming.test(key);
}

function isMarked(schema: Json | undefined, path: readonly string[]): boolean {
  let at = schema;
  for (const key of path) {
    if (!isMap(at)) return false;
    if (at['writeOnly'] === true || at['format'] === 'password') return true;
    const properties = at['properties'];
    at =
      isMap(properties) && Object.hasOwn(properties, key)
        ? properties[key]
        : (at['items'] ?? at['additionalProperties']);
  }
  return isMap(at) && (at['writeOnly'] === true || at['format'] === 'password');
}

/** Whether a value, of whatever form, holds one of the texts, as it is or in base64. */
export function holdsSecret(value: unknown, texts: readonly string[]): boolean {
  if (value === undefined || value === null || texts.length === 0) return false;
  const whole = typeof value === 'string' ? value : JSON.stringify(value);
  return texts.some(text => {
    const coded = Buffer.from(text).toString('base64').replace(/=+$/, '');
    return whole.includes(text) || whole.includes(JSON.stringify(text).slice(1, -1)) || whole.includes(coded);
  });
}

/** A text of a program without the secrets that it may have taken from the values. */
export function withoutSecrets(words: string, texts: readonly string[]): string {
  return [...texts]
    .sort((a, b) => b.length - a.length)
    .reduce((rest, text) => rest.replaceAll(text, '…'), words);
}
