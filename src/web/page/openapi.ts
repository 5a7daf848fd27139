const text = { type: 'string' };
const time = { type: 'string', format: 'date-time' };
const count = { type: 'integer', minimum: 0 };

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
    schemas: {
      Unit: {
        type: 'object',
        required: ['name', 'driver', 'verdict', 'revision', 'comparedAt', 'declared', 'inSync'],
        properties: {
          name: text,
          driver: { enum: ['kubernetes', 'helm', 'cloudformation', 'terraform', 'ansible'] },
          verdict: { enum: ['in-sync', 'drifted', 'unknown'] },
          revision: { type: ['string', 'null'], description: 'The full SHA that it was compared with.' },
          tip: { ...text, description: 'The tip of the branch where it is not in use.' },
          comparedAt: time,
          declared: count,
          inSync: count,
        },
      },
      Incident: {
        type: 'object',
        required: ['key', 'id', 'state', 'subject', 'openedAt', 'updatedAt', 'flaps'],
        properties: {
          key: text,
          id: text,
          state: { enum: ['open', 'acknowledged', 'snoozed', 'resolved'] },
          subject: {
            type: 'object',
            required: ['kind'],
            properties: { kind: { enum: ['drift', 'digest', 'refused', 'blind'] } },
          },
          openedAt: time,
          updatedAt: time,
          resolvedAt: time,
          flaps: count,
        },
      },
      Sync: {
        type: 'object',
        required: ['name', 'createdAt', 'unit', 'revision', 'reason'],
        properties: {
          name: text,
          createdAt: time,
          unit: text,
          revision: text,
          reason: { enum: ['merge', 'drift', 'request'] },
          requestedBy: text,
          status: {
            type: 'object',
            properties: { phase: text, message: text, startedAt: time, finishedAt: time },
          },
        },
      },
    },
  },
} as const;
