import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { settingsJsonSchema } from '../declared/config/schema.ts';

/** Where the JSON Schema of holdfast.yaml is published: for editors, and checked to be fresh by a test. */
export const publishedSchema: string = fileURLToPath(
  new URL('../../docs/holdfast.schema.json', import.meta.url),
);

/** The text of the published file. */
export function schemaText(): string {
  return `${JSON.stringify(settingsJsonSchema(), null, 2)}\n`;
}

if (import.meta.main) writeFileSync(publishedSchema, schemaText());
