import picomatch from 'picomatch';
import type { JsonObject } from '../../json/json.ts';
import { leavesOf } from '../../json/value.ts';
import { isMarked, type ScopedSchema } from './schema-marks.ts';

/** Names of values that hold secrets in charts at large; what names a Secret, a file or a key in it does not. */
const telling =
  /(pass(word|wd|phrase)?|secret|token|credential|(api|access|private|auth|encryption|signing|secret)[-_]?key|dsn|connection[-_]?string)s?$/i;
const naming = /^(existing|use|create|enable|has|mount|auto)|pullsecrets?$/i;
/** All in a map of such a name is secret, whatever it is called there. */
const holding = /^(passwords|credentials|tokens|secretdata|stringdata|secretenv|secretvalues)$/i;

/** What says which values are secret, beside their names. */
export interface SecretMarks {
  /** Those of the chart and of the charts in it. */
  schemas?: readonly ScopedSchema[];
  /** Of holdfast.yaml, over the paths of values. */
  globs?: readonly string[];
}
/** Shorter texts would mask half of the report, and guessing them needs no report. */
const shortest = 4;

/**
 * The texts of all values that are secret: those whose own name, or that of a map around them, says so, those that
 * values.schema.json marks (`writeOnly`, `format: password`), and those that match a glob of holdfast.yaml. They are only ever
 * searched for, never shown.
 */
export function secretTexts(values: JsonObject, marks: SecretMarks): string[] {
  const matches = (marks.globs ?? []).map(glob => picomatch(glob.replaceAll('.', '/')));
  const found = new Set<string>();
  for (const { path, value } of leavesOf(values)) {
    const told =
      saysSo(path) ||
      (marks.schemas ?? []).some(schema => isMarked(schema, path)) ||
      matches.some(match => path.some((_, depth) => match(path.slice(0, depth + 1).join('/'))));
    const text = typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
    if (told && text.trim().length >= shortest) found.add(text);
  }
  return [...found];
}

function saysSo(path: readonly string[]): boolean {
  const key = [...path].reverse().find(part => !/^\d+$/.test(part)) ?? '';
  if (naming.test(key)) return false;
  return telling.test(key) || path.slice(0, -1).some(part => holding.test(part));
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
