import { z } from 'zod';
import type { Json, JsonObject } from '../json/json.ts';

/** Any JSON object, kept exactly as the server sent it. It came out of JSON.parse, so that only its outermost form needs a look. */
export const jsonObjectSchema = z.custom<JsonObject>(
  value => typeof value === 'object' && value !== null && !Array.isArray(value),
  'not a JSON object',
);

const cause = z.object({
  reason: z.string().optional(),
  message: z.string().optional(),
  field: z.string().optional(),
});

/** `Status`, with which the API server answers what it does not do. */
export const statusSchema = z.object({
  kind: z.literal('Status'),
  message: z.string().optional(),
  reason: z.string().optional(),
  code: z.number().optional(),
  details: z
    .object({
      name: z.string().optional(),
      kind: z.string().optional(),
      causes: z.array(cause).nullish(),
      retryAfterSeconds: z.number().optional(),
    })
    .nullish(),
});

export type StatusCause = z.output<typeof cause>;

/** One live object: what every kind has. */
export const liveObjectSchema = jsonObjectSchema.refine(value => {
  const metadata: Json | undefined = value['metadata'];
  return (
    typeof metadata === 'object' &&
    metadata !== null &&
    !Array.isArray(metadata) &&
    typeof metadata['name'] === 'string'
  );
}, 'not an object with a name');

/** One page of a list. Items of a typed list name no apiVersion and kind. */
export const listSchema = z.object({
  metadata: z.object({
    resourceVersion: z.string().default(''),
    continue: z.string().optional(),
    remainingItemCount: z.number().optional(),
  }),
  items: z.array(liveObjectSchema).nullable().default([]),
});

/** One line of a watch. */
export const watchEventSchema = z.object({
  type: z.enum(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR']),
  object: jsonObjectSchema,
});

const discoveredResource = z.object({
  resource: z.string(),
  responseKind: z
    .object({ kind: z.string(), group: z.string().default(''), version: z.string().default('') })
    .nullish(),
  scope: z.enum(['Namespaced', 'Cluster']),
  verbs: z.array(z.string()).nullable(),
});

/** `APIGroupDiscoveryList` of apidiscovery.k8s.io/v2: all groups of `/api` or `/apis` in one document. */
export const aggregatedDiscoverySchema = z.object({
  kind: z.literal('APIGroupDiscoveryList'),
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string().optional() }),
      versions: z
        .array(
          z.object({
            version: z.string(),
            freshness: z.string().optional(),
            resources: z.array(discoveredResource).nullable().default([]),
          }),
        )
        .nullable()
        .default([]),
    }),
  ),
});

/** `APIVersions` of `/api`, which servers without aggregated discovery answer. */
export const versionsSchema = z.object({ versions: z.array(z.string()) });

/** `APIGroupList` of `/apis`. */
export const groupListSchema = z.object({
  groups: z.array(z.object({ name: z.string(), versions: z.array(z.object({ version: z.string() })) })),
});

/** `APIResourceList` of one group and version. */
export const resourceListSchema = z.object({
  resources: z.array(
    z.object({
      name: z.string(),
      kind: z.string(),
      namespaced: z.boolean(),
      verbs: z.array(z.string()).nullable(),
    }),
  ),
});
