import type { z } from 'zod';
import type { Json } from '../../json/json.ts';
import { quoted } from '../yaml/problem.ts';
import { nearest } from './nearest.ts';
import { settingsJsonSchema } from './schema.ts';

/** A mistake in holdfast.yaml: its line and what is wrong, in words. */
export interface Complaint {
  line: number;
  message: string;
}

/** Every mistake that the schema found, each at the line of the key concerned; an unknown key with the one that was meant. */
export function complaintsOf(
  error: z.ZodError,
  value: Json,
  lineOf: (path: readonly PropertyKey[]) => number,
): Complaint[] {
  return error.issues.flatMap(issue => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map(key => ({
        line: lineOf([...issue.path, key]),
        message: unknownKey(key, issue.path),
      }));
    }
    return [{ line: lineOf(issue.path), message: `${pathText(issue.path)}: ${reasonOf(issue, value)}` }];
  });
}

function unknownKey(key: string, path: readonly PropertyKey[]): string {
  const meant = nearest(key, knownKeys(path));
  const place = path.length === 0 ? '' : ` in ${pathText(path)}`;
  return `unknown key ${quoted(key)}${place}${meant === undefined ? '' : `, did you mean ${quoted(meant)}?`}`;
}

function reasonOf(issue: z.core.$ZodIssue, value: Json): string {
  const missing = issue.code === 'invalid_type' && at(value, issue.path) === undefined;
  if (missing) return 'it is missing';
  if (issue.code === 'invalid_value') {
    const given = at(value, issue.path);
    const allowed = issue.values.map(String);
    const meant = typeof given === 'string' ? nearest(given, allowed) : undefined;
    const hint = meant === undefined ? '' : `, did you mean ${quoted(meant)}?`;
    return allowed.length === 1
      ? `it must be ${allowed[0]}${hint}`
      : `it must be one of ${allowed.join(', ')}${hint}`;
  }
  return issue.message.charAt(0).toLowerCase() + issue.message.slice(1);
}

function at(value: Json | undefined, path: readonly PropertyKey[]): Json | undefined {
  let here: Json | undefined = value;
  for (const step of path) {
    if (typeof here !== 'object' || here === null) return undefined;
    here = Array.isArray(here)
      ? here[Number(step)]
      : Object.hasOwn(here, step)
        ? here[String(step)]
        : undefined;
  }
  return here;
}

function pathText(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'the file';
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    const key = /^[\w-]{1,63}$/.test(String(step)) ? String(step) : quoted(String(step));
    return text === '' ? key : `${text}.${key}`;
  }, '');
}

interface SchemaNode {
  properties?: Record<string, SchemaNode>;
  items?: SchemaNode;
  additionalProperties?: SchemaNode | boolean;
}

function knownKeys(path: readonly PropertyKey[]): string[] {
  let node: SchemaNode | undefined = settingsJsonSchema() as SchemaNode;
  for (const step of path) {
    const rest: SchemaNode | boolean | undefined = node?.additionalProperties;
    node =
      typeof step === 'number'
        ? node?.items
        : (node?.properties?.[String(step)] ?? (typeof rest === 'object' ? rest : undefined));
  }
  return Object.keys(node?.properties ?? {});
}
