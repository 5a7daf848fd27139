import { hash } from 'node:crypto';
import type { Json } from './declaration.ts';

/** SHA-256 in hex of the canonical JSON: equal exactly when the values are equal, whatever the order of keys. */
export function hashJson(value: Json): string {
  return hashText(canonical(value));
}

export function hashText(text: string): string {
  return hash('sha256', text, 'hex');
}

/** JSON with sorted keys and no space. */
export function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const keys = Object.keys(value).sort();
  return `{${keys.map(key => `${JSON.stringify(key)}:${canonical(value[key] ?? null)}`).join(',')}}`;
}
