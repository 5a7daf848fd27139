import { z } from 'zod';
import { previewVersion } from './model.ts';

const resource = z.union([
  z.object({ apiVersion: z.string(), kind: z.string(), namespace: z.string().optional(), name: z.string() }),
  z.object({ type: z.string(), name: z.string() }),
]);
const source = z.object({
  file: z.string(),
  line: z.int().min(1).optional(),
  revision: z.string().optional(),
});
const by = z.object({
  manager: z.string(),
  operation: z.string().optional(),
  subresource: z.string().optional(),
  time: z.string().optional(),
});
const texts = z.array(z.string());
const sha = z.string().regex(/^[0-9a-f]{40}$/);
const count = z.int().min(0);

const field = z.object({
  path: z.string(),
  why: z.enum(['merge', 'overwrites', 'already', 'reverts', 'left']),
  base: z.unknown().optional(),
  head: z.unknown().optional(),
  live: z.unknown().optional(),
  by: by.optional(),
  rule: z.string().optional(),
  redacted: z.boolean().optional(),
});

/** A preview as it comes from a daemon or a file. */
export const previewSchema = z.object({
  apiVersion: z.literal(previewVersion),
  kind: z.literal('Preview'),
  base: sha,
  head: sha,
  environment: z.string().optional(),
  live: z.union([
    z.object({ from: z.enum(['cluster', 'daemon']) }),
    z.object({ from: z.literal('none'), reason: z.string() }),
  ]),
  comparedAt: z.string(),
  unreadable: z.enum(['base', 'head']).optional(),
  notes: texts.optional(),
  units: z.array(
    z.object({
      name: z.string(),
      driver: z.enum(['kubernetes', 'helm', 'cloudformation', 'terraform', 'ansible']),
      effect: z.enum(['changed', 'added', 'removed', 'unaffected']),
      resources: z.object({ declared: count, unchanged: count }),
      untold: z.literal(true).optional(),
      mode: z.literal('alert-only').optional(),
      frozen: z
        .object({ reason: z.string(), until: z.string().optional(), by: z.string().optional() })
        .optional(),
      problems: texts,
      notes: texts,
    }),
  ),
  resources: z.array(
    z.object({
      unit: z.string(),
      resource,
      action: z.enum(['create', 'change', 'recreate', 'remove', 'none']),
      risks: z.array(
        z.enum([
          ...(['removal', 'recreation', 'access', 'definition', 'admission'] as const),
          ...(['secret', 'network', 'namespace', 'storage', 'drift'] as const),
        ]),
      ),
      source: source.optional(),
      fields: z.array(field),
      highlights: texts,
      problems: texts,
      notes: texts,
      yaml: z.string().optional(),
    }),
  ),
  failures: z.array(
    z.looseObject({
      unit: z.string(),
      type: z.enum(['missing', 'changed', 'undeclared', 'orphaned', 'unmanaged', 'invalid', 'unknown']),
      resource,
      source: source.optional(),
      code: z.string().optional(),
      message: z.string().optional(),
    }),
  ),
});
