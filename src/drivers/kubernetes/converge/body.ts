import { serverMetadata } from '../../../cluster/target.ts';
import type { Json, JsonObject } from '../../../json/json.ts';
import { isMap } from '../../../json/value.ts';
import { objectAt } from './json.ts';

const bookkeeping: ReadonlySet<string> = new Set(serverMetadata);

/** What of a live object a plan depends on: all but status and what the server counts and stamps. */
export function specPart(live: JsonObject): JsonObject {
  const { status: _status, ...rest } = live;
  const metadata = Object.entries(objectAt(live, 'metadata')).filter(([key]) => !bookkeeping.has(key));
  return { ...rest, metadata: Object.fromEntries(metadata) };
}

/**
 * The declared object laid over the live one, for a PUT: maps are merged, lists and values are the declared ones. So what
 * the server allocated and what controllers keep beside (cluster IPs, finalizers, annotations) stays.
 */
export function overlay(live: Json | undefined, declared: Json): Json {
  if (!isMap(live) || !isMap(declared)) return declared;
  const merged = { ...live };
  for (const [key, value] of Object.entries(declared)) merged[key] = overlay(live[key], value);
  return merged;
}
