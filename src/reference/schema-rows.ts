import { z } from 'zod';

/** As much of a JSON Schema as a table of fields takes. */
export interface Schema {
  type?: string | string[] | undefined;
  description?: string | undefined;
  enum?: unknown[] | undefined;
  const?: unknown;
  default?: unknown;
  format?: string | undefined;
  pattern?: string | undefined;
  required?: string[] | undefined;
  properties?: Record<string, Schema> | undefined;
  items?: Schema | undefined;
  anyOf?: Schema[] | undefined;
  additionalProperties?: Schema | boolean | undefined;
}

/** Other keywords are passed over. */
export const schemaSchema: z.ZodType<Schema> = z.lazy(() =>
  z.looseObject({
    type: z.union([z.string(), z.array(z.string())]).optional(),
    description: z.string().optional(),
    enum: z.array(z.unknown()).optional(),
    format: z.string().optional(),
    pattern: z.string().optional(),
    required: z.array(z.string()).optional(),
    properties: z.record(z.string(), schemaSchema).optional(),
    items: schemaSchema.optional(),
    anyOf: z.array(schemaSchema).optional(),
    additionalProperties: z.union([z.boolean(), schemaSchema]).optional(),
  }),
);

/** Every field below a schema as a row of a Markdown table: path, type, what it is. Lists are `name[]`. */
export function schemaRows(schema: Schema, path = ''): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const at = path === '' ? name : `${path}.${name}`;
    const must = schema.required?.includes(name) === true && field.default === undefined;
    const row = `| \`${at}\` | ${typeOf(field)}${must ? ', required' : ''} | ${wordsOf(field)} |`;
    return [row, ...below(field, at)];
  });
}

function below(field: Schema, at: string): string[] {
  const items = field.items === undefined ? [] : below({ ...field.items }, `${at}[]`);
  const own = field.properties === undefined ? [] : schemaRows(field, at);
  const others = (field.anyOf ?? []).flatMap(one => below(one, at));
  return [...own, ...items, ...others];
}

function typeOf(field: Schema): string {
  if (field.const !== undefined) return `\`${JSON.stringify(field.const)}\``;
  if (field.enum !== undefined) return field.enum.map(one => `\`${String(one)}\``).join(' ');
  if (field.anyOf !== undefined) return field.anyOf.map(typeOf).join(' or ');
  if (field.items !== undefined) return `list of ${typeOf(field.items)}`;
  const type = [field.type ?? 'anything'].flat().join(' or ');
  return field.format === undefined ? type : `${type} (${field.format})`;
}

function wordsOf({ description = '', default: usual }: Schema): string {
  const shown =
    usual === undefined || JSON.stringify(usual).length > 40 ? '' : ` Default: \`${JSON.stringify(usual)}\`.`;
  return `${description.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ')}${shown}`.trim();
}
