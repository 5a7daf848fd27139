import { dump, YAML11_SCHEMA } from 'js-yaml';
import type { DeclaredResource } from '../drivers/declared-resources.ts';
import { maskedObject } from './masking.ts';

const mostLines = 300;
const mostCharacters = 20_000;

/** A declared resource as YAML for people: secret values masked, long ones cut with a count. Text from outside: escape each line. */
export function yamlOf({ resource, value, secret }: DeclaredResource): string {
  const shown = shortened(maskedObject(resource, secret ?? [], value), 2_000);
  const lines = dump(shown, { schema: YAML11_SCHEMA, lineWidth: 160, noRefs: true }).trimEnd().split('\n');
  const kept: string[] = [];
  let used = 0;
  for (const line of lines.slice(0, mostLines)) {
    used += line.length + 1;
    if (used > mostCharacters) break;
    kept.push(line);
  }
  if (kept.length < lines.length) kept.push(`# ${lines.length - kept.length} more lines`);
  return kept.join('\n');
}

/** Long texts inside of a value are cut before anything is made of them. */
function shortened(value: unknown, most: number): unknown {
  if (typeof value === 'string')
    return value.length > most ? `${value.slice(0, most)}… (${value.length} characters)` : value;
  if (Array.isArray(value)) return value.map(item => shortened(item, most));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shortened(item, most)]));
}
