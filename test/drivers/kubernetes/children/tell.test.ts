import { describe, expect, it } from 'vitest';
import { Cluster } from '../../../../src/cluster/cluster.ts';
import { Schemas } from '../../../../src/cluster/openapi.ts';
import type { Stray } from '../../../../src/drivers/kubernetes/children/strays.ts';
import { tellStrays } from '../../../../src/drivers/kubernetes/children/tell.ts';
import type { JsonObject } from '../../../../src/json/json.ts';
import { deployments } from '../../../cluster/kinds.ts';
import { fakeConnection, statusBody } from '../../../fakes/kubernetes/connection.ts';

const workload = { kind: deployments, namespace: 'shop', name: 'web' };
const child = { kind: 'Pod', name: 'web-1', uid: 'p' } as const;
const path = ['spec', 'containers', 'name=web', 'image'];
const edited: Stray = { child, what: 'image', path, expected: 'web:1', found: 'web:2' };
const told = '/children/Pod/web-1/spec/containers/name=web/image';

function pod(image: string, uid = 'p', made?: JsonObject): JsonObject {
  const fieldsV1 = { ...made, 'f:spec': { 'f:containers': { 'k:{"name":"web"}': { 'f:image': {} } } } };
  const metadata = {
    name: 'web-1',
    uid,
    ownerReferences: [{ kind: 'ReplicaSet', name: 'web', uid: 'r', controller: true }],
    managedFields: [
      {
        manager: made === undefined ? 'kubectl-set' : 'kube-controller-manager',
        operation: 'Update',
        fieldsV1,
      },
    ],
  };
  return { metadata, spec: { containers: [{ name: 'web', image }] } };
}

function holder(name: string, image: string, hash?: string): JsonObject {
  const labels = { app: 'web', ...(hash !== undefined && { 'pod-template-hash': hash }) };
  return {
    metadata: { name, uid: name, generation: 1, annotations: { 'deployment.kubernetes.io/revision': '1' } },
    spec: { template: { metadata: { labels }, spec: { containers: [{ name: 'web', image }] } } },
    status: { observedGeneration: 1 },
  };
}

const resources = (resource: string, kind: string, group: string) => ({
  metadata: { name: group },
  versions: [
    {
      version: 'v1',
      resources: [
        { resource, responseKind: { kind, group, version: 'v1' }, scope: 'Namespaced', verbs: ['get'] },
      ],
    },
  ],
});

/** What is told while these objects are live, by the last part of their path; a number is the status of a refusal. */
async function tellWith(live: Record<string, JsonObject | number>, strays: readonly Stray[]) {
  const { connection } = fakeConnection(({ path: asked }) => {
    const items =
      asked === '/api' ? [resources('pods', 'Pod', '')] : [resources('replicasets', 'ReplicaSet', 'apps')];
    if (asked === '/api' || asked === '/apis') return { body: { kind: 'APIGroupDiscoveryList', items } };
    const object = live[asked.slice(asked.lastIndexOf('/') + 1)];
    if (typeof object === 'object') return { body: object };
    const status = object ?? 404;
    return {
      status,
      body: statusBody(status === 404 ? 'NotFound' : 'Forbidden', 'User "a" cannot get it', {
        details: { name: 'x' },
      }),
    };
  });
  const cluster = new Cluster(connection);
  return tellStrays(cluster, new Schemas(cluster), workload, strays);
}

describe('a Pod that was edited', () => {
  it('is told with who did it', async () => {
    const by = { manager: 'kubectl-set', operation: 'Update' };

    expect(await tellWith({ 'web-1': pod('web:2') }, [edited])).toEqual({
      changes: [{ path: told, op: 'changed', declared: 'web:1', live: 'web:2', by }],
      message: 'Pod web-1 does not run the image of its template (kubectl-set)',
    });
  });

  it('is told without a name where it was made so, and its template was edited since', async () => {
    const made = { 'f:metadata': { 'f:ownerReferences': {} } };

    expect(await tellWith({ 'web-1': pod('web:2', 'p', made) }, [edited])).toEqual({
      changes: [{ path: told, op: 'changed', declared: 'web:1', live: 'web:2' }],
      message: 'Pod web-1 does not run the image of its template',
    });
  });

  it('is told without a name where it may not be read', async () => {
    expect(await tellWith({ 'web-1': 403 }, [edited])).toEqual({
      changes: [{ path: told, op: 'changed', declared: 'web:1', live: 'web:2' }],
      message: 'Pod web-1 does not run the image of its template',
    });
  });

  it.each<[string, Record<string, JsonObject>]>([
    ['is gone', {}],
    ['is another one of that name', { 'web-1': pod('web:2', 'q') }],
    ['was put right', { 'web-1': pod('web:1') }],
  ])('is not told when it %s by now', async (_what, live) => {
    expect(await tellWith(live, [edited])).toBeUndefined();
  });

  it('is one of the first of many; the others are counted', async () => {
    const many = Array.from({ length: 25 }, (_, index) => ({
      ...edited,
      child: { ...child, name: `web-${index}`, uid: `p${index}` },
    }));
    const live = Object.fromEntries(many.map(({ child: { name, uid } }) => [name, pod('web:2', uid)]));

    const telling = await tellWith(live, many);

    expect(telling?.changes).toHaveLength(20);
    expect(telling?.message).toMatch(/; 5 more are not told here$/);
  });
});

describe('a ReplicaSet that was edited', () => {
  const template: Stray = {
    child: { kind: 'ReplicaSet', name: 'web-abc', uid: 'web-abc' },
    what: 'template',
    path: [],
  };

  it('is told field by field', async () => {
    const live = { web: holder('web', 'web:1'), 'web-abc': holder('web-abc', 'web:9', 'abc') };

    expect(await tellWith(live, [template])).toEqual({
      changes: [
        {
          path: '/children/ReplicaSet/web-abc/spec/template/spec/containers/0/image',
          op: 'changed',
          declared: 'web:1',
          live: 'web:9',
        },
      ],
      message: 'ReplicaSet web-abc is not as its Deployment says',
    });
  });

  it('is not told when the Deployment has moved on', async () => {
    const moved = { ...holder('web', 'web:1'), status: { observedGeneration: 0 } };

    expect(
      await tellWith({ web: moved, 'web-abc': holder('web-abc', 'web:9', 'abc') }, [template]),
    ).toBeUndefined();
  });
});
