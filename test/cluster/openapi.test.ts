import { describe, expect, it } from 'vitest';
import { Cluster } from '../../src/cluster/cluster.ts';
import { kindsOf, Schemas } from '../../src/cluster/openapi.ts';
import { fakeConnection } from '../fakes/kubernetes/connection.ts';

const ref = (name: string) => ({ default: {}, allOf: [{ $ref: `#/components/schemas/${name}` }] });
const schemas = {
  'io.k8s.api.apps.v1.Deployment': {
    'x-kubernetes-group-version-kind': [{ group: 'apps', version: 'v1', kind: 'Deployment' }],
    properties: { spec: ref('Spec') },
  },
  Spec: {
    properties: {
      ports: {
        type: 'array',
        items: ref('Port'),
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['port', 'protocol'],
      },
      args: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'atomic' },
      labels: { type: 'object', additionalProperties: { type: 'string', default: 'x' } },
    },
  },
  Port: { properties: { protocol: { type: 'string', default: 'TCP' } } },
};

describe('the schema of a kind', () => {
  const spec = kindsOf(schemas, 'apps/v1').get('Deployment')?.shape.child('spec');

  it('knows merge keys and their defaults through references', () => {
    expect(spec?.child('ports')?.mergeKeys).toEqual(['port', 'protocol']);
    expect(spec?.child('ports')?.item()?.child('protocol')?.default).toBe('TCP');
  });

  it('knows no merge keys of other lists, nor of what it does not know', () => {
    expect(spec?.child('args')?.mergeKeys).toBeUndefined();
    expect(spec?.child('nothing')).toBeUndefined();
  });

  it('knows the values of maps', () => {
    expect(spec?.child('labels')?.child('any')?.default).toBe('x');
  });

  it('is not there for another version', () => {
    expect(kindsOf(schemas, 'apps/v2').size).toBe(0);
  });
});

describe('the index', () => {
  const index = (hash: string) => ({
    paths: { 'apis/apps/v1': { serverRelativeURL: `/openapi/v3/apis/apps/v1?hash=${hash}` } },
  });

  it('tells what changed, and a document is loaded once until it does', async () => {
    let hash = 'A';
    const fake = fakeConnection(({ path }) => ({
      body: path === '/openapi/v3' ? index(hash) : { components: { schemas } },
    }));
    const known = new Schemas(new Cluster(fake.connection));
    const told: string[][] = [];
    known.onChange(changed => told.push([...changed]));

    await known.refresh();
    await known.of('apps/v1', 'Deployment');
    await known.of('apps/v1', 'Deployment');
    await known.refresh();
    expect(fake.requests.filter(({ path }) => path !== '/openapi/v3')).toHaveLength(1);
    const before = known.hash('apps/v1');
    hash = 'B';
    await known.refresh();
    await known.of('apps/v1', 'Deployment');

    expect(told).toEqual([['apps/v1'], ['apps/v1']]);
    expect(known.hash('apps/v1')).not.toBe(before);
    expect(fake.requests.filter(({ path }) => path !== '/openapi/v3')).toHaveLength(2);
  });

  it('goes nowhere else than to the documents of the server', async () => {
    const fake = fakeConnection(({ path }) =>
      path === '/openapi/v3'
        ? { body: { paths: { 'apis/apps/v1': { serverRelativeURL: '/api/v1/secrets' } } } }
        : undefined,
    );
    const known = new Schemas(new Cluster(fake.connection));
    await known.refresh();

    expect(await known.of('apps/v1', 'Deployment')).toBeUndefined();
    expect(fake.requests).toHaveLength(1);
  });

  it('is unknown, and nothing else, where the server does not give it to us', async () => {
    const known = new Schemas(new Cluster(fakeConnection(() => ({ status: 403, body: '' })).connection));

    await known.refresh();

    expect(known.hash('apps/v1')).toBe('');
    expect(await known.of('apps/v1', 'Deployment')).toBeUndefined();
  });
});
