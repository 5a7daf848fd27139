import { z } from 'zod';
import type { Connection } from '../../src/cluster/connection.ts';
import type { JsonObject } from '../../src/json/json.ts';
import type { PackedNode, SchemaPack } from '../../src/validate/pack/pack.ts';
import { placesToAsk, sampleWith, withField } from './samples.ts';

const statusSchema = z.object({
  reason: z.string().optional(),
  details: z
    .object({
      causes: z.array(z.object({ reason: z.string().optional(), field: z.string().optional() })).nullish(),
    })
    .nullish(),
});

/**
 * The pack with only those required fields and enums that the server insists on. OpenAPI calls many fields required that
 * the server fills in or takes as empty, so each is tried: an object with the field and one without it, or with a value that is
 * not in the enum, are dry-run, and what the server says of the second only is its word on the field.
 */
export async function onlyEnforced(
  pack: SchemaPack,
  connection: Connection,
  paths: ReadonlyMap<string, string>,
): Promise<SchemaPack> {
  const required = new Set<string>();
  const enums = new Set<string>();
  const queue = placesToAsk(pack).values();
  const work = async () => {
    for (const place of queue) {
      const path = paths.get(`${place.apiVersion} ${place.kind}`);
      if (path === undefined) continue;
      const sample = sampleWith(pack, place);
      const said = await complaints(connection, path, sample);
      const refuses = async (changed: JsonObject) =>
        [...(await complaints(connection, path, changed))].some(complaint => !said.has(complaint));
      const key = `${place.schema} ${place.field}`;
      const { asked } = place;
      if (asked.required && (await refuses(withField(sample, place.path, undefined)))) required.add(key);
      if (asked.enum && (await refuses(withField(sample, place.path, 'x1')))) enums.add(key);
    }
  };
  await Promise.all(Array.from({ length: 4 }, work));
  const schemas: SchemaPack['schemas'] = {};
  for (const [name, node] of Object.entries(pack.schemas)) schemas[name] = kept(name, node, required, enums);
  return { ...pack, schemas };
}

async function complaints(connection: Connection, path: string, body: JsonObject): Promise<Set<string>> {
  const response = await connection.request({ method: 'POST', path, query: { dryRun: 'All' }, body });
  if (response.status < 300) return new Set();
  const { reason, details } = statusSchema.parse(response.body);
  // anything but a judgement on fields says nothing about the field
  if (reason !== 'Invalid') return new Set();
  return new Set((details?.causes ?? []).map(cause => `${cause.reason} ${cause.field}`));
}

function kept(
  name: string,
  node: PackedNode,
  required: ReadonlySet<string>,
  enums: ReadonlySet<string>,
): PackedNode {
  const { required: _, properties, ...rest } = node;
  const insisted = Object.keys(properties ?? {}).filter(field => required.has(`${name} ${field}`));
  const fields = Object.entries(properties ?? {}).map(([field, child]) => {
    const { enum: allowed, ...plain } = child;
    return [field, allowed === undefined || enums.has(`${name} ${field}`) ? child : plain] as const;
  });
  return {
    ...rest,
    ...(properties === undefined ? {} : { properties: Object.fromEntries(fields) }),
    ...(insisted.length === 0 ? {} : { required: insisted }),
  };
}
