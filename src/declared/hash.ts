import { hash } from 'node:crypto';
import type { Json, JsonObject } from '../json/json.ts';

/** SHA-256 in hex of the canonical JSON: equal exactly when the values are equal, whatever the order of keys. */
export function hashJson(value: Json): string {
  return hashText(canonical(value));
}

const known = new WeakMap<JsonObject, string>();

/** `hashJson` of an object that nobody changes, computed when it is first asked for: a single comparison never does. */
export function hashOf(object: JsonObject): string {
  let hash = known.get(object);
  if (hash === undefined) {
    hash = hashJson(object);
    known.set(object, hash);
  }
  return hash;
}

export function hashText(text: string): string {
  return hash('sha256', text, 'hex');
}

/** JSON with sorted keys and no space. */
export function canonical(value: Json): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return String(value);
  let text = '';
  if (Array.isArray(value)) {
    for (const item of value) text += text === '' ? canonical(item) : `,${canonical(item)}`;
    return `[${text}]`;
  }
  for (const key of Object.keys(value).sort()) {
    const pair = `${JSON.stringify(key)}:${canonical(value[key] ?? null)}`;
    text += text === '' ? pair : `,${pair}`;
  }
  return `{${text}}`;
}
