import { z } from 'zod';
import type { Attribution } from '../findings/finding.ts';
import type { Json, JsonObject } from '../json/json.ts';
import { equal, isMap } from '../json/value.ts';
import { isNamed } from './keyed.ts';

const entrySchema = z.object({
  manager: z.string().default(''),
  operation: z.string().optional(),
  subresource: z.string().optional(),
  time: z.string().optional(),
  fieldsV1: z.custom<JsonObject>(value => isMap(value as Json)).optional(),
});

type Entry = z.output<typeof entrySchema>;

/**
 * Who set the live field at `path` (map keys, list positions, or `name=web` for an item), as managedFields tell: the entry
 * that owns the field itself or, where it owns something around it as a whole, the nearest; of several the latest. Entries of
 * the status subresource do not count. Undefined where no entry owns it: nobody is ever guessed.
 */
export function attribute(live: JsonObject, path: readonly string[]): Attribution | undefined {
  let best: { entry: Entry; depth: number } | undefined;
  for (const { entry, depth } of owningEntries(live, path)) {
    const nearer = best === undefined || depth > best.depth;
    const later = depth === best?.depth && (entry.time ?? '') > (best.entry.time ?? '');
    if (nearer || later) best = { entry, depth };
  }
  if (best === undefined || best.entry.manager === '') return undefined;
  return attributionOf(best.entry);
}

/** All who own the live field at `path`: several where they set the same value one after the other. */
export function owners(live: JsonObject, path: readonly string[]): Attribution[] {
  return owningEntries(live, path).map(({ entry }) => attributionOf(entry));
}

function attributionOf({ manager, operation, subresource, time }: Entry): Attribution {
  return {
    manager,
    ...(operation && { operation }),
    ...(subresource && { subresource }),
    ...(time && { time }),
  };
}

function owningEntries(live: JsonObject, path: readonly string[]): { entry: Entry; depth: number }[] {
  return entriesOf(live).flatMap(entry => {
    const depth = ownedDepth(entry.fieldsV1 ?? {}, live, path);
    return depth === undefined ? [] : [{ entry, depth }];
  });
}

function entriesOf(live: JsonObject): Entry[] {
  const metadata = live['metadata'];
  const fields = isMap(metadata) ? metadata['managedFields'] : undefined;
  if (!Array.isArray(fields)) return [];
  return fields.flatMap(field => {
    const entry = entrySchema.safeParse(field);
    return entry.success && entry.data.subresource !== 'status' ? [entry.data] : [];
  });
}

/** How many keys of the path lead to what the entry owns: all of them, or fewer where it owns a whole that holds the rest. */
function ownedDepth(fields: JsonObject, live: JsonObject, path: readonly string[]): number | undefined {
  let node = fields;
  let value: Json | undefined = live;
  for (const [depth, key] of path.entries()) {
    const next: Step | undefined = step(node, value, key);
    if (next === undefined) return depth > 0 && Object.keys(node).length === 0 ? depth : undefined;
    node = next.node;
    value = next.value;
  }
  return path.length;
}

interface Step {
  node: JsonObject;
  value: Json | undefined;
}

function step(node: JsonObject, value: Json | undefined, key: string): Step | undefined {
  if (!Array.isArray(value)) {
    const child = node[`f:${key}`];
    return isMap(child) ? { node: child, value: isMap(value) ? value[key] : undefined } : undefined;
  }
  const index = /^\d+$/.test(key) ? Number(key) : value.findIndex(item => isNamed(item, key));
  const item = value[index];
  if (item === undefined) return undefined;
  const found = Object.entries(node).find(([field]) => selects(field, item, index));
  return found !== undefined && isMap(found[1]) ? { node: found[1], value: item } : undefined;
}

/** Whether a field path element (`k:{"name":"web"}`, `v:"a"`, `i:0`) selects the item. */
function selects(field: string, item: Json, index: number): boolean {
  const [sort, text] = [field.slice(0, 2), field.slice(2)];
  if (sort === 'i:') return text === String(index);
  if (sort !== 'k:' && sort !== 'v:') return false;
  const wanted = parsed(text);
  if (sort === 'v:') return equal(wanted, item);
  return (
    isMap(wanted) && isMap(item) && Object.entries(wanted).every(([key, value]) => equal(item[key], value))
  );
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
