import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { z } from 'zod';
import { provideTools } from '../tools/provide.ts';

const schema = z.object({
  typeName: z.string().optional(),
  createOnlyProperties: z.array(z.string()).default([]),
});

/**
 * The properties that cannot be changed in place, for each type of AWS: a line with the type, then the paths with dots. Read from the
 * registry schemas that the pinned cfn-lint has, which comes with moto.
 */
export async function createOnlyTable(): Promise<string> {
  const { moto_server: program } = await provideTools(['moto_server']);
  const found = new Map<string, Set<string>>();
  for (const file of schemaFiles(dirname(program))) {
    const parsed = schema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    const { typeName, createOnlyProperties = [] } = parsed.data ?? {};
    if (typeName?.startsWith('AWS::') !== true) continue;
    const paths = found.get(typeName) ?? new Set();
    for (const pointer of createOnlyProperties)
      paths.add(
        pointer
          .replace(/^\/properties\//, '')
          .replaceAll('/properties/', '.')
          .replaceAll('/', '.'),
      );
    if (paths.size > 0) found.set(typeName, paths);
  }
  return [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([type, paths]) => `${[type, ...[...paths].sort()].join(' ')}\n`)
    .join('');
}

function schemaFiles(tool: string): string[] {
  const lib = join(tool, 'venv/lib');
  return readdirSync(lib).flatMap(python => {
    const folder = join(lib, python, 'site-packages/cfnlint/data/schemas/resources');
    return readdirSync(folder)
      .filter(name => name.endsWith('.json'))
      .sort()
      .map(name => join(folder, name));
  });
}

/** The module that holds the table. */
export function createOnlyModule(table: string): string {
  const text = brotliCompressSync(table).toString('base64');
  return `/** Written by \`node sandbox/aws/create-only.ts\`: the create-only properties of the types of AWS, by their registry schemas. */
export const compressedTable =
  '${text}';
`;
}

if (import.meta.main)
  writeFileSync(
    join(import.meta.dirname, '../../src/drivers/cloudformation/declared/create-only-data.ts'),
    createOnlyModule(await createOnlyTable()),
  );
