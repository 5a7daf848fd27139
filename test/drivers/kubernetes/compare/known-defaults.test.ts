import { describe, expect, it } from 'vitest';
import { isKnownDefault } from '../../../../src/drivers/kubernetes/compare/known-defaults.ts';
import type { Json, JsonObject } from '../../../../src/json/json.ts';

const deployment = { group: 'apps', kind: 'Deployment' };
const service = { group: '', kind: 'Service' };
const policy = { group: 'networking.k8s.io', kind: 'NetworkPolicy' };
const withImage = (image: string): JsonObject => ({
  spec: { template: { spec: { containers: [{ name: 'w', image }] } } },
});
const pull = ['spec', 'template', 'spec', 'containers', '0', 'imagePullPolicy'];

const pod = { group: '', kind: 'Pod' };
const toleration = ['spec', 'tolerations', '0', 'tolerationSeconds'];
const tolerant = (tolerationSeconds: number): JsonObject => ({
  spec: {
    tolerations: [
      { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds },
    ],
  },
});

describe('a documented default', () => {
  it.each<[string, { group: string; kind: string }, JsonObject, string[], Json]>([
    ['a plain value', deployment, { spec: {} }, ['spec', 'revisionHistoryLimit'], 10],
    [
      'an empty map',
      deployment,
      { spec: { template: { spec: {} } } },
      ['spec', 'template', 'spec', 'securityContext'],
      {},
    ],
    ['the pull policy of a tagged image', deployment, withImage('a/b:1'), pull, 'IfNotPresent'],
    [
      'the pull policy of an image by digest',
      deployment,
      withImage(`a/b@sha256:${'0'.repeat(64)}`),
      pull,
      'IfNotPresent',
    ],
    [
      'the pull policy of an image of a registry with a port and no tag',
      deployment,
      withImage('r:5000/b'),
      pull,
      'Always',
    ],
    ['the pull policy of latest', deployment, withImage('b:latest'), pull, 'Always'],
    ['the tolerations that admission gives', pod, tolerant(300), toleration, 300],
    ['the account of a Pod', pod, { spec: {} }, ['spec', 'serviceAccountName'], 'default'],
    ['the priority of a Pod without a class', pod, { spec: {} }, ['spec', 'priority'], 0],
    ['a target port', service, { spec: { ports: [{ port: 80 }] } }, ['spec', 'ports', '0', 'targetPort'], 80],
    [
      'traffic of a node port',
      service,
      { spec: { type: 'NodePort' } },
      ['spec', 'externalTrafficPolicy'],
      'Cluster',
    ],
    [
      'policy types without egress',
      policy,
      { spec: { policyTypes: ['Ingress'] } },
      ['spec', 'policyTypes', '0'],
      'Ingress',
    ],
    [
      'policy types with egress',
      policy,
      { spec: { egress: [{}], policyTypes: ['Ingress', 'Egress'] } },
      ['spec', 'policyTypes', '1'],
      'Egress',
    ],
  ])('is known: %s', (_what, kind, live, path, value) => {
    expect(isKnownDefault(kind, live, path, value)).toBe(true);
  });
});

describe('another value', () => {
  it.each<[string, { group: string; kind: string }, JsonObject, string[], Json]>([
    ['of the same field', deployment, { spec: {} }, ['spec', 'revisionHistoryLimit'], 11],
    [
      'where an empty map is the default',
      deployment,
      { spec: {} },
      ['spec', 'template', 'spec', 'securityContext'],
      [],
    ],
    ['of the tolerations that admission gives', pod, tolerant(301), toleration, 301],
    ['of the pull policy', deployment, withImage('a:1'), pull, 'Always'],
    [
      'of the target port',
      service,
      { spec: { ports: [{ port: 80 }] } },
      ['spec', 'ports', '0', 'targetPort'],
      81,
    ],
    [
      'of the traffic policy where there is none by default',
      service,
      { spec: { type: 'ClusterIP' } },
      ['spec', 'externalTrafficPolicy'],
      'Cluster',
    ],
    [
      'of the policy types, of which a hand took Egress away',
      policy,
      { spec: { egress: [{}], policyTypes: ['Ingress'] } },
      ['spec', 'policyTypes', '0'],
      'Ingress',
    ],
    [
      'in a kind of another group',
      { group: 'example.com', kind: 'Deployment' },
      { spec: {} },
      ['spec', 'revisionHistoryLimit'],
      10,
    ],
    ['under a name that objects have of themselves', deployment, {}, ['constructor'], 'x'],
  ])('is not: %s', (_what, kind, live, path, value) => {
    expect(isKnownDefault(kind, live, path, value)).toBe(false);
  });
});
