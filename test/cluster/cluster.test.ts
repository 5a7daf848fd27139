import { describe, expect, it } from 'vitest';
import { Cluster } from '../../src/cluster/cluster.ts';
import { ApiFailure, isNotFound } from '../../src/cluster/failures.ts';
import { Failure } from '../../src/failure/failure.ts';
import { type Answer, fakeConnection, statusBody } from '../fakes/kubernetes/connection.ts';
import { configMaps, secrets } from './kinds.ts';

const target = { kind: configMaps, namespace: 'shop', name: 'a' };
const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } };

function clusterOf(...answers: Answer[]) {
  const fake = fakeConnection(() => answers.shift());
  return { cluster: new Cluster(fake.connection), requests: fake.requests };
}

describe('a dry run', () => {
  it.each([
    ['apply', 'PATCH', '/api/v1/namespaces/shop/configmaps/a'],
    ['replace', 'PUT', '/api/v1/namespaces/shop/configmaps/a'],
    ['create', 'POST', '/api/v1/namespaces/shop/configmaps'],
  ] as const)('by %s says so to the server, under our name', async (verb, method, path) => {
    const { cluster, requests } = clusterOf({ body: object });

    await cluster[verb](target, object, { dryRun: true });

    expect(requests).toMatchObject([{ method, path, query: { dryRun: 'All', fieldManager: 'holdfast' } }]);
  });

  it('encodes what comes from outside', async () => {
    const { cluster, requests } = clusterOf({ body: object });

    await cluster.get({ ...target, namespace: '../x', name: 'a/b?c' });

    expect(requests[0]?.path).toBe('/api/v1/namespaces/..%2Fx/configmaps/a%2Fb%3Fc');
  });
});

describe('what the server refuses', () => {
  it.each([
    [
      403,
      statusBody(
        'Forbidden',
        'configmaps "a" is forbidden: User "eve" cannot get resource "configmaps" in API group "" in the namespace "shop"',
      ),
      'HF1303',
    ],
    [404, statusBody('NotFound', 'configmaps "a" not found', { details: { name: 'a' } }), 'HF1307'],
    [404, '404 page not found', 'HF1305'],
    [409, statusBody('Conflict', 'changed'), 'HF1307'],
    [422, statusBody('Invalid', 'is invalid'), 'HF1306'],
    [
      500,
      statusBody('', 'failed to create typed patch object (a; v1): .x: field not declared in schema'),
      'HF1306',
    ],
  ])('as %i is a failure with the server’s words', async (status, body, code) => {
    const { cluster } = clusterOf({ status, body });

    const failure = await cluster.get(target).catch((error: unknown) => error);

    expect(failure).toBeInstanceOf(ApiFailure);
    expect(failure).toMatchObject({ code, status });
    expect((failure as ApiFailure).message).toMatch(/^cannot get configmaps shop\/a: \S/);
  });

  it('as not there is told apart from a kind that is not served', async () => {
    const { cluster } = clusterOf(
      { status: 404, body: statusBody('NotFound', 'not found', { details: { name: 'a' } }) },
      { status: 404, body: '404 page not found' },
    );

    const [object, kind] = [await cluster.get(target).catch(e => e), await cluster.get(target).catch(e => e)];

    expect([isNotFound(object), isNotFound(kind)]).toEqual([true, false]);
  });

  it.each([
    [
      statusBody('Invalid', 'Secret "a" is invalid: data[p]: Invalid value: "hunter2"', {
        details: {
          causes: [{ reason: 'FieldValueInvalid', field: 'data[p]', message: 'Invalid value: "hunter2"' }],
        },
      }),
      'data[p] FieldValueInvalid',
    ],
    [
      statusBody(
        '',
        'failed to create typed patch object (a; /v1, Kind=Secret): .data.p: expected string, got &value.valueUnstructured{Value:hunter2}',
      ),
      '.data.p expected string',
    ],
    [statusBody('', 'something else about hunter2'), 'its words are left out'],
  ])('of a Secret repeats no value', async (body, words) => {
    const { cluster } = clusterOf({ status: 422, body });

    const failure: Failure = await cluster.get({ ...target, kind: secrets }).catch(error => error);

    expect(failure.line).toContain(words);
    expect(failure.line).not.toContain('hunter2');
  });
});

describe('what passes by itself', () => {
  it('is asked again, as the server’s Retry-After says', async () => {
    const { cluster, requests } = clusterOf(
      { status: 429, headers: { 'retry-after': '0' }, body: statusBody('TooManyRequests', 'slow down') },
      { status: 503, headers: { 'retry-after': '0' }, body: '' },
      { body: object },
    );

    await expect(cluster.get(target)).resolves.toEqual(object);
    expect(requests).toHaveLength(3);
  });

  it('becomes HF1308 when it lasts', async () => {
    const answer = { status: 503, headers: { 'retry-after': '0' }, body: '' };
    const { cluster, requests } = clusterOf(answer, answer, answer, answer, answer, answer);

    await expect(cluster.get(target)).rejects.toMatchObject({ code: 'HF1308' });
    expect(requests).toHaveLength(4);
  });

  it('is not asked again when it may have been done: a real create', async () => {
    const { cluster, requests } = clusterOf({ status: 503, headers: { 'retry-after': '0' }, body: '' });

    await expect(cluster.create(target, object, { dryRun: false })).rejects.toMatchObject({ code: 'HF1308' });
    expect(requests).toHaveLength(1);
  });

  it('is a kept-alive connection that the server closed in the same moment', async () => {
    const reset = new Failure('HF1301', 'reset', {
      cause: Object.assign(new Error(), { code: 'ECONNRESET' }),
    });
    const { cluster, requests } = clusterOf(reset, { body: object });

    await expect(cluster.get(target)).resolves.toEqual(object);
    expect(requests).toHaveLength(2);
  });
});

it('does not take for an object what is none', async () => {
  const { cluster } = clusterOf({ body: { metadata: {} } });

  await expect(cluster.get(target)).rejects.toMatchObject({ code: 'HF1307' });
});
