import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { Connection } from '../../../src/cluster/connection.ts';
import type { JsonObject } from '../../../src/json/json.ts';
import { customCases } from '../../validate/custom-cases.ts';
import { waitUntil } from '../support/wait-until.ts';

const group = `v${randomBytes(4).toString('hex')}.example.com`;
const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
/** One version of one kind for each schema. */
const schemas = [...new Set(customCases.map(({ schema }) => schema))];
const versionOf = (schema: JsonObject) => `v${schemas.indexOf(schema) + 1}`;

let connection: Connection;

beforeAll(async () => {
  connection = await Connection.open({ kubeconfig: inject('kubeconfig') });
  const versions = schemas.map((spec, index) => ({
    name: `v${index + 1}`,
    served: true,
    storage: index === 0,
    schema: { openAPIV3Schema: { type: 'object', properties: { spec } } },
  }));
  const body = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `gizmos.${group}` },
    spec: { group, scope: 'Cluster', names: { kind: 'Gizmo', plural: 'gizmos' }, versions },
  };
  const made = await connection.request({ method: 'POST', path: definitions, body });
  expect(made.body).toMatchObject({ kind: 'CustomResourceDefinition' });
  await waitUntil('every version to be served', async () => {
    const answers = await Promise.all(
      schemas.map(schema => connection.request({ path: `/apis/${group}/${versionOf(schema)}/gizmos` })),
    );
    return answers.every(({ status }) => status === 200);
  });
});
afterAll(async () => {
  await connection.request({ method: 'DELETE', path: `${definitions}/gizmos.${group}` });
  connection.close();
});

describe('the API server agrees on a custom resource', () => {
  it.each(customCases)('$name: $verdict', async ({ schema, spec, verdict }) => {
    const apiVersion = `${group}/${versionOf(schema)}`;
    const { status, body } = await connection.request({
      method: 'POST',
      path: `/apis/${apiVersion}/gizmos`,
      query: { dryRun: 'All', fieldValidation: 'Strict' },
      body: { apiVersion, kind: 'Gizmo', metadata: { name: 'one' }, spec },
    });
    expect({ taken: status < 300, body }).toMatchObject({ taken: verdict === 'valid' });
  });
});
