import { describe, expect, it } from 'vitest';
import { Family } from '../../../../src/drivers/kubernetes/children/family.ts';
import { isSameElsewhere, type Stray } from '../../../../src/drivers/kubernetes/children/strays.ts';
import type { JsonObject } from '../../../../src/json/json.ts';

interface Told {
  name: string;
  owner?: string;
  image?: string;
  more?: JsonObject;
  metadata?: JsonObject;
  status?: JsonObject;
}

function owned(uid: string | undefined): JsonObject {
  return uid === undefined ? {} : { ownerReferences: [{ uid, controller: true }] };
}

function template(image: string, labels: JsonObject = {}): JsonObject {
  return { metadata: { labels: { app: 'web', ...labels } }, spec: { containers: [{ name: 'web', image }] } };
}

function deployment(image: string, more: JsonObject = {}, annotation = '1'): JsonObject {
  return {
    metadata: {
      uid: 'd',
      name: 'web',
      generation: 1,
      annotations: { 'deployment.kubernetes.io/revision': annotation },
    },
    spec: { template: template(image), ...more },
    status: { observedGeneration: 1 },
  };
}

function replicaSet(uid: string, image: string, revision: string, labels: JsonObject = {}): JsonObject {
  return {
    metadata: {
      uid,
      name: uid,
      ...owned('d'),
      annotations: { 'deployment.kubernetes.io/revision': revision },
    },
    spec: { replicas: 2, template: template(image, { 'pod-template-hash': uid, ...labels }) },
  };
}

function pod({
  name,
  owner = 'rs1',
  image = 'web:1',
  more = {},
  metadata = {},
  status = {},
}: Told): JsonObject {
  return {
    metadata: { uid: name, name, generation: 1, ...owned(owner), ...metadata },
    spec: { containers: [{ name: 'web', image }], ...more },
    status: { phase: 'Running', ...status },
  };
}

/** The strays of a Deployment `web` with image `web:1`, its ReplicaSet rs1 and these Pods, in words. */
function strays(
  pods: readonly JsonObject[],
  sets = [replicaSet('rs1', 'web:1', '1')],
  parent = deployment('web:1'),
): string[] {
  const family = new Family();
  for (const [index, each] of pods.entries()) family.child('v1 Pod', `shop/${index}`, each);
  for (const [index, each] of sets.entries()) family.child('apps/v1 ReplicaSet', `shop/${index}`, each);
  family.workload('web', 'Deployment', parent);
  return family.strays('web').map(words);
}

function words({ child, what, path, expected, found }: Stray): string {
  return [what, `${child.kind}/${child.name}`, path.join('/'), expected, found]
    .filter(part => part !== undefined && part !== '')
    .join(' ');
}

const running = (digest: string) => ({
  containerStatuses: [{ name: 'web', imageID: `example.com/web@sha256:${digest.repeat(64)}` }],
});

describe('a child does not run its template', () => {
  it.each<[string, JsonObject[], string[]]>([
    [
      'an image edited in place',
      [pod({ name: 'p', image: 'web:2', metadata: { generation: 2 } })],
      ['image Pod/p spec/containers/name=web/image web:1 web:2'],
    ],
    [
      'an image edited in place to that of another registry',
      [pod({ name: 'p', image: 'evil.example.com/web:1', metadata: { generation: 2 } })],
      ['image Pod/p spec/containers/name=web/image web:1 evil.example.com/web:1'],
    ],
    [
      'an image that admission replaced by another',
      [pod({ name: 'p', image: 'other:1' })],
      ['image Pod/p spec/containers/name=web/image web:1 other:1'],
    ],
    [
      'a container added while it ran',
      [
        pod({
          name: 'p',
          more: {
            containers: [{ name: 'web', image: 'web:1' }],
            ephemeralContainers: [{ name: 'debug', image: 'sh' }],
          },
        }),
      ],
      ['added Pod/p spec/ephemeralContainers/name=debug'],
    ],
    [
      'one tag that came to be two images: that of the fewer',
      [
        pod({ name: 'p', status: running('a') }),
        pod({ name: 'q', status: running('b') }),
        pod({ name: 'r', status: running('b') }),
      ],
      [
        `digest Pod/p status/containerStatuses/name=web/imageID sha256:${'b'.repeat(64)} sha256:${'a'.repeat(64)}`,
      ],
    ],
  ])('%s', (_what, pods, told) => {
    expect(strays(pods)).toEqual(told);
  });

  it('the newest ReplicaSet of a Deployment that has nothing to roll out', () => {
    expect(strays([], [replicaSet('rs1', 'web:9', '1')])).toEqual(['template ReplicaSet/rs1']);
  });
});

describe('a child runs as it should', () => {
  it.each<[string, JsonObject[]]>([
    ['the image of its template', [pod({ name: 'p' })]],
    [
      'a sidecar that admission injected',
      [
        pod({
          name: 'p',
          more: {
            containers: [
              { name: 'web', image: 'web:1' },
              { name: 'istio-proxy', image: 'proxy:1' },
            ],
          },
        }),
      ],
    ],
    [
      'the same image from a mirror, as admission made it',
      [pod({ name: 'p', image: 'mirror.example.com:5000/library/web:1@sha256:0a' })],
    ],
    [
      'another image in a Pod that is being deleted',
      [pod({ name: 'p', image: 'web:2', metadata: { generation: 2, deletionTimestamp: 'now' } })],
    ],
    [
      'another image in a Pod that has ended',
      [pod({ name: 'p', image: 'web:2', status: { phase: 'Succeeded' } })],
    ],
    ['another image in a Pod of somebody else', [pod({ name: 'p', image: 'web:2', owner: 'other' })]],
    ['one digest', [pod({ name: 'p', status: running('a') }), pod({ name: 'q', status: running('a') })]],
    [
      'an image ID that is no digest',
      [
        pod({ name: 'p', status: running('a') }),
        pod({ name: 'q', status: { containerStatuses: [{ name: 'web', imageID: 'sha256:x' }] } }),
      ],
    ],
  ])('%s', (_what, pods) => {
    expect(strays(pods)).toEqual([]);
  });

  it('an older ReplicaSet with its Pods during a rollout', () => {
    const sets = [replicaSet('rs1', 'web:0', '1'), replicaSet('rs2', 'web:1', '2')];
    const pods = [pod({ name: 'p', owner: 'rs1', image: 'web:0' }), pod({ name: 'q', owner: 'rs2' })];

    expect(strays(pods, sets, deployment('web:1', {}, '2'))).toEqual([]);
  });

  it.each<[string, JsonObject]>([
    ['that its controller has not seen yet', { ...deployment('web:2'), status: { observedGeneration: 0 } }],
    ['that is paused', deployment('web:2', { paused: true })],
    ['whose new ReplicaSet is not known yet', deployment('web:2', {}, '2')],
  ])('the ReplicaSet of a Deployment %s', (_what, parent) => {
    expect(strays([], undefined, parent)).toEqual([]);
  });
});

describe('Pods of a workload with revisions', () => {
  const revision = (name: string, image: string): JsonObject => ({
    metadata: { uid: name, name, ...owned('s') },
    data: { spec: { template: { ...template(image), $patch: 'replace' } } },
  });
  const workload = { metadata: { uid: 's', name: 'store' }, spec: { template: template('web:2') } };

  it.each(['StatefulSet', 'DaemonSet'])('are held to the revision that they were made from: %s', kind => {
    const family = new Family();
    // a StatefulSet names the revision, a DaemonSet its hash
    const label = (hash: string) => ({
      labels: { 'controller-revision-hash': kind === 'DaemonSet' ? hash : `store-${hash}` },
    });
    const old = pod({ name: 'store-1', owner: 's', metadata: label('old') });
    const edited = pod({
      name: 'store-0',
      owner: 's',
      image: 'web:3',
      metadata: { ...label('new'), generation: 2 },
    });
    family.workload('store', kind, workload);
    family.child('apps/v1 ControllerRevision', 'shop/a', revision('store-old', 'web:1'));
    family.child('apps/v1 ControllerRevision', 'shop/b', revision('store-new', 'web:2'));
    family.child('v1 Pod', 'shop/store-1', old);
    family.child('v1 Pod', 'shop/store-0', edited);

    expect(family.strays('store').map(words)).toEqual([
      'image Pod/store-0 spec/containers/name=web/image web:2 web:3',
    ]);
  });
});

describe('what happens to children is told of their workload', () => {
  const family = new Family();
  family.workload('web', 'Deployment', deployment('web:1'));
  family.child('apps/v1 ReplicaSet', 'shop/rs1', replicaSet('rs1', 'web:1', '1'));
  family.child('v1 Pod', 'shop/p', pod({ name: 'p' }));
  family.child('v1 Pod', 'shop/x', pod({ name: 'x', owner: 'other' }));
  family.touched();

  it.each<[string, () => void, string[]]>([
    [
      'a Pod',
      () => family.child('v1 Pod', 'shop/p', pod({ name: 'p', image: 'web:2', metadata: { generation: 2 } })),
      ['web'],
    ],
    ['a Pod of another', () => family.child('v1 Pod', 'shop/x', pod({ name: 'x', owner: 'other' })), []],
    ['a Pod that goes', () => family.child('v1 Pod', 'shop/p', undefined), ['web']],
    ['a ReplicaSet that goes', () => family.child('apps/v1 ReplicaSet', 'shop/rs1', undefined), ['web']],
  ])('%s', (_what, happen, keys) => {
    happen();

    expect(family.touched()).toEqual(keys);
    expect(family.touched()).toEqual([]);
  });

  it('and forgotten with it', () => {
    family.workload('web', 'Deployment', undefined);

    expect(family.strays('web')).toEqual([]);
    expect(family.names('v1 Pod')).toEqual(['shop/x']);
  });
});

describe('the same image from elsewhere', () => {
  it.each([
    ['web:1', 'mirror.example.com/web:1', true],
    ['web:1', 'web:1@sha256:0a', true],
    ['web:1', 'web@sha256:0a', true],
    ['web', 'mirror/web:latest', true],
    ['a.example.com:5000/x/web:1', 'b/web:1', true],
    ['web:1', 'web:2', false],
    ['web:1', 'web', false],
    ['web:1', 'web2:1', false],
    ['web@sha256:0a', 'web@sha256:0b', false],
    ['web@sha256:0a', 'mirror/web@sha256:0a', true],
    ['web@sha256:0a', 'web:1', false],
  ])('%s as %s: %s', (expected, found, same) => {
    expect(isSameElsewhere(expected, found)).toBe(same);
  });
});
