import { describe, expect, it } from 'vitest';
import { discover } from '../../src/cluster/discovery.ts';
import { type Answer, fakeConnection } from '../fakes/kubernetes/connection.ts';

const deployment = {
  resource: 'deployments',
  responseKind: { group: '', version: '', kind: 'Deployment' },
  scope: 'Namespaced',
  verbs: ['get'],
};
const node = {
  resource: 'nodes',
  responseKind: { group: '', version: '', kind: 'Node' },
  scope: 'Cluster',
  verbs: ['get'],
};
const list = (...items: object[]) => ({
  kind: 'APIGroupDiscoveryList',
  apiVersion: 'apidiscovery.k8s.io/v2',
  items,
});
const group = (name: string, version: string, resources: object[], freshness = 'Current') => ({
  metadata: { name },
  versions: [{ version, resources, freshness }],
});

function discovering(answers: Record<string, Answer>) {
  const fake = fakeConnection(({ path }) => answers[path]);
  return { kinds: discover(fake.connection), requests: fake.requests };
}

describe('discovery', () => {
  it('asks twice where the server tells all groups at once', async () => {
    const { kinds, requests } = discovering({
      '/api': { body: list(group('', 'v1', [node])) },
      '/apis': { body: list(group('apps', 'v1', [deployment])) },
    });
    const found = await kinds;

    expect(found.find('apps/v1', 'Deployment')).toMatchObject({
      plural: 'deployments',
      namespaced: true,
      group: 'apps',
    });
    expect(found.find('v1', 'Node')).toMatchObject({ plural: 'nodes', namespaced: false, group: '' });
    expect(found.find('apps/v2', 'Deployment')).toBeUndefined();
    expect(requests).toHaveLength(2);
  });

  it('asks group by group where it does not', async () => {
    const { kinds } = discovering({
      '/api': { body: { kind: 'APIVersions', versions: ['v1'] } },
      '/apis': { body: { kind: 'APIGroupList', groups: [{ name: 'apps', versions: [{ version: 'v1' }] }] } },
      '/api/v1': {
        body: {
          resources: [
            { name: 'nodes', kind: 'Node', namespaced: false, verbs: [] },
            { name: 'nodes/status', kind: 'Node', namespaced: false, verbs: [] },
          ],
        },
      },
      '/apis/apps/v1': {
        body: { resources: [{ name: 'deployments', kind: 'Deployment', namespaced: true, verbs: [] }] },
      },
    });
    const found = await kinds;

    expect(found.find('v1', 'Node')?.plural).toBe('nodes');
    expect(found.find('apps/v1', 'Deployment')?.namespaced).toBe(true);
  });

  it('says why a group cannot be asked about, and knows the others', async () => {
    const { kinds } = discovering({
      '/api': { body: list() },
      '/apis': { body: list(group('metrics.k8s.io', 'v1', [], 'Stale'), group('apps', 'v1', [deployment])) },
      '/apis/metrics.k8s.io/v1': { status: 503, body: 'no backend' },
    });
    const found = await kinds;

    expect(found.unavailable('metrics.k8s.io/v1')).toMatch(/not available \(503\)/);
    expect(found.unavailable('apps/v1')).toBeUndefined();
    expect(found.find('apps/v1', 'Deployment')).toBeDefined();
  });

  it('names the versions that are served instead', async () => {
    const { kinds } = discovering({
      '/api': { body: list() },
      '/apis': { body: list(group('apps', 'v1', [deployment])) },
    });

    expect((await kinds).otherVersions('apps/v1beta1', 'Deployment')).toEqual(['apps/v1']);
  });

  it('does not take an answer for a discovery document that is none', async () => {
    const { kinds } = discovering({ '/api': { body: 'hello' }, '/apis': { body: list() } });

    await expect(kinds).rejects.toMatchObject({ code: 'HF1308' });
  });
});
