import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { settingsJsonSchema } from '../declared/config/schema.ts';
import { schemaRows, schemaSchema } from './schema-rows.ts';

/** Where holdfast.yaml is published for people; checked to be fresh by a test. */
export const publishedPage: string = fileURLToPath(new URL('../../docs/configuration.md', import.meta.url));

/** The text of the published page: every field of holdfast.yaml. */
export function pageText(): string {
  return [
    '# holdfast.yaml',
    '',
    'Optional, at the root of the repository, and read at the last authorized revision. An error in it names the line; the last good one stays in use.',
    'Editors check it with [its schema](holdfast.schema.json). What belongs to the installation comes from the environment of the daemon:',
    '[holdfast run](cli.md#run). `npm run docs` writes this page.',
    '',
    '| field | type | what it is |',
    '|---|---|---|',
    ...schemaRows(schemaSchema.parse(settingsJsonSchema())),
    '',
  ].join('\n');
}

if (import.meta.main) writeFileSync(publishedPage, pageText());
