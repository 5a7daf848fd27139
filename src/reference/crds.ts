import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { load } from 'js-yaml';
import { z } from 'zod';
import { schemaRows, schemaSchema } from './schema-rows.ts';

/** Where the custom resources are published for people; checked to be fresh by a test. */
export const publishedPage: string = fileURLToPath(new URL('../../docs/crds.md', import.meta.url));

const folder = fileURLToPath(new URL('../../manifests/holdfast/crds/', import.meta.url));

const definitionSchema = z.looseObject({
  spec: z.looseObject({
    names: z.looseObject({
      kind: z.string(),
      plural: z.string(),
      shortNames: z.array(z.string()).default([]),
    }),
    versions: z.array(
      z.looseObject({
        name: z.string(),
        storage: z.boolean(),
        schema: z.looseObject({ openAPIV3Schema: schemaSchema }),
      }),
    ),
  }),
});

/** The text of the published page: every kind of our own with its fields. */
export function pageText(): string {
  const kinds = readdirSync(folder)
    .sort()
    .map(file => definitionSchema.parse(load(readFileSync(`${folder}${file}`, 'utf8'))).spec);
  return [
    '# Custom resources',
    '',
    'All are namespaced, in the group `holdfast.dev`, and hold all that must survive a restart. `npm run docs` writes this page from',
    '`manifests/holdfast/crds`; [operating](operate.md#upgrade) says how versions follow each other.',
    '',
    ...kinds.flatMap(({ names, versions }) =>
      versions
        .filter(({ storage }) => storage)
        .flatMap(({ name, schema: { openAPIV3Schema: schema } }) => [
          `## ${names.kind}`,
          '',
          `\`kubectl get ${names.shortNames[0] ?? names.plural}\`, version \`${name}\`. ${schema.description ?? ''}`,
          '',
          '| field | type | what it is |',
          '|---|---|---|',
          ...schemaRows(schema),
          '',
        ]),
    ),
  ].join('\n');
}

if (import.meta.main) writeFileSync(publishedPage, pageText());
