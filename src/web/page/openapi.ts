import { z } from 'zod';
import { syncSpecSchema, syncStatusSchema } from '../../converge/sync.ts';
import { findingSchema, incidentSchema } from '../../incidents/drift-report.ts';

/** What is between Holdfast and the outlets is no part of an incident for others. */
const shownIncident = incidentSchema.omit({ told: true, seq: true, lanes: true });
const frozen = z.object({
  reason: z.string(),
  until: z.string().optional(),
  by: z.string().optional(),
  name: z.string().optional(),
});
const shownUnit = z.object({
  name: z.string(),
  driver: z.enum(['kubernetes', 'helm', 'cloudformation', 'terraform', 'ansible']),
  verdict: z.enum(['in-sync', 'drifted', 'unknown']),
  revision: z.string().nullable().describe('The full SHA that it was compared with.'),
  tip: z.string().optional().describe('The tip of the branch where it is not in use.'),
  comparedAt: z.string(),
  declared: z.int().min(0),
  inSync: z.int().min(0),
  findingCount: z.int().min(0).describe('Exact, whereas `findings` may be the first ones only.'),
  findings: z.array(findingSchema),
  frozen: frozen.optional().describe('What holds it now: until then merging changes nothing.'),
});
const shownSync = syncSpecSchema.extend({
  name: z.string(),
  createdAt: z.string(),
  status: syncStatusSchema.optional(),
});

/** By the very schemas by which the answers are made. */
const schemaOf = (schema: z.ZodType): object => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', unrepresentable: 'any' });
  return rest;
};

const text = { type: 'string' };

const get = (summary: string, schema: object, parameters: readonly object[] = []) => ({
  get: {
    summary,
    parameters,
    responses: {
      '200': { description: 'As it is kept in the cluster.', content: { 'application/json': { schema } } },
      '401': { description: 'Nobody is logged in.' },
      '403': { description: 'Who asks may not look.' },
      '503': { description: 'The cluster does not tell at the moment.' },
    },
  },
});

const listOf = (name: string, item: string) => ({
  type: 'object',
  required: [name],
  additionalProperties: false,
  properties: { [name]: { type: 'array', items: { $ref: `#/components/schemas/${item}` } } },
});

/** The OpenAPI description of `/api/v1`, served beside it. Fields may be added, none is renamed or removed. */
export const apiDescription = {
  openapi: '3.1.0',
  info: {
    title: 'Holdfast',
    version: 'v1',
    description: 'What the page shows, for programs. Nothing here changes anything.',
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  paths: {
    '/api/v1/units': get('Every unit with its verdict', listOf('units', 'Unit')),
    '/api/v1/incidents': get('What is open', listOf('incidents', 'Incident'), [
      { name: 'state', in: 'query', description: '`all`: also what is resolved', schema: { enum: ['all'] } },
    ]),
    '/api/v1/syncs': get('Syncs, newest first', listOf('syncs', 'Sync'), [
      { name: 'unit', in: 'query', schema: text },
    ]),
    '/api/v1/syncs/{name}': get(
      'One Sync with its evidence, plan and results',
      { $ref: '#/components/schemas/Sync' },
      [{ name: 'name', in: 'path', required: true, schema: text }],
    ),
  },
  components: {
    schemas: { Unit: schemaOf(shownUnit), Incident: schemaOf(shownIncident), Sync: schemaOf(shownSync) },
  },
} as const;
