import { describe, expect, it } from 'vitest';
import { healthOf, podTrouble } from '../../../../../src/drivers/kubernetes/converge/health/health.ts';
import { selectorText } from '../../../../../src/drivers/kubernetes/converge/health/pods-trouble.ts';
import type { JsonObject } from '../../../../../src/json/json.ts';

const condition = (type: string, status: string, more: JsonObject = {}) => ({ type, status, ...more });
const make =
  (apiVersion: string, kind: string) =>
  (spec: JsonObject, status: JsonObject, metadata: JsonObject = {}): JsonObject => ({
    apiVersion,
    kind,
    metadata: { name: 'x', generation: 2, ...metadata },
    spec,
    status,
  });
const deployment = make('apps/v1', 'Deployment');
const statefulSet = make('apps/v1', 'StatefulSet');
const daemonSet = make('apps/v1', 'DaemonSet');
const job = make('batch/v1', 'Job');
const pod = make('v1', 'Pod');
const claim = make('v1', 'PersistentVolumeClaim');
const definition = make('apiextensions.k8s.io/v1', 'CustomResourceDefinition');
const widget = make('example.com/v1', 'Widget');
const rolled = {
  observedGeneration: 2,
  replicas: 2,
  updatedReplicas: 2,
  availableReplicas: 2,
  readyReplicas: 2,
};
const available = [condition('Available', 'True')];
const daemons = {
  observedGeneration: 2,
  desiredNumberScheduled: 3,
  updatedNumberScheduled: 3,
  numberAvailable: 3,
};

describe('health', () => {
  it.each<[string, JsonObject, string, string?]>([
    ['a Deployment rolled out', deployment({ replicas: 2 }, { ...rolled, conditions: available }), 'healthy'],
    ['a Deployment never seen by its controller', deployment({ replicas: 0 }, {}), 'progressing'],
    [
      'a Deployment whose change was not seen',
      deployment({}, { ...rolled, observedGeneration: 1 }),
      'progressing',
      'last change',
    ],
    [
      'a Deployment half updated',
      deployment({ replicas: 2 }, { ...rolled, updatedReplicas: 1 }),
      'progressing',
      '1 of 2 replicas are updated',
    ],
    [
      'a Deployment with old replicas',
      deployment({ replicas: 2 }, { ...rolled, replicas: 3 }),
      'progressing',
      '1 old replicas',
    ],
    [
      'a Deployment not available',
      deployment({ replicas: 2 }, { ...rolled, availableReplicas: 0 }),
      'progressing',
      '0 of 2 replicas are available',
    ],
    [
      'a Deployment past its deadline',
      deployment(
        {},
        {
          conditions: [
            condition('Progressing', 'False', { reason: 'ProgressDeadlineExceeded', message: 'timed out' }),
          ],
        },
      ),
      'unhealthy',
      'timed out',
    ],
    ['a paused Deployment', deployment({ paused: true }, {}), 'healthy'],
    [
      'a StatefulSet rolled out',
      statefulSet({ replicas: 2 }, { ...rolled, currentRevision: 'b', updateRevision: 'b' }),
      'healthy',
    ],
    [
      'a StatefulSet being updated',
      statefulSet(
        { replicas: 2 },
        { ...rolled, updatedReplicas: 1, currentRevision: 'a', updateRevision: 'b' },
      ),
      'progressing',
      '1 of 2 replicas are updated',
    ],
    [
      'a StatefulSet held by its partition',
      statefulSet(
        { replicas: 2, updateStrategy: { rollingUpdate: { partition: 1 } } },
        { ...rolled, updatedReplicas: 1, currentRevision: 'a', updateRevision: 'b' },
      ),
      'healthy',
    ],
    [
      'a StatefulSet not ready',
      statefulSet({ replicas: 2 }, { ...rolled, readyReplicas: 1 }),
      'progressing',
      '1 of 2 replicas are ready',
    ],
    ['a StatefulSet updated by hand', statefulSet({ updateStrategy: { type: 'OnDelete' } }, {}), 'healthy'],
    ['a StatefulSet never seen', statefulSet({ replicas: 0 }, {}), 'progressing'],
    ['a DaemonSet everywhere', daemonSet({}, daemons), 'healthy'],
    [
      'a DaemonSet not everywhere',
      daemonSet({}, { ...daemons, numberAvailable: 1 }),
      'progressing',
      '1 of 3 Pods are available',
    ],
    [
      'a DaemonSet being updated',
      daemonSet({}, { ...daemons, updatedNumberScheduled: 2 }),
      'progressing',
      '2 of 3 Pods are updated',
    ],
    ['a DaemonSet never seen', daemonSet({}, {}), 'progressing'],
    ['a Job done', job({}, { conditions: [condition('Complete', 'True')] }), 'healthy'],
    ['a Job at work', job({}, { active: 1 }), 'progressing', '1 active'],
    [
      'a Job failed',
      job({}, { conditions: [condition('Failed', 'True', { message: 'backoff limit' })] }),
      'unhealthy',
      'backoff limit',
    ],
    ['a suspended Job', job({ suspend: true }, {}), 'healthy'],
    ['a Pod ready', pod({}, { phase: 'Running', conditions: [condition('Ready', 'True')] }), 'healthy'],
    [
      'a Pod not ready',
      pod({}, { phase: 'Running', conditions: [condition('Ready', 'False')] }),
      'progressing',
      'Running',
    ],
    ['a Pod done', pod({}, { phase: 'Succeeded' }), 'healthy'],
    ['a Pod failed', pod({}, { phase: 'Failed', message: 'evicted' }), 'unhealthy', 'evicted'],
    ['a claim bound', claim({}, { phase: 'Bound' }), 'healthy'],
    ['a claim pending', claim({}, { phase: 'Pending' }), 'progressing', 'not bound'],
    ['a claim lost', claim({}, { phase: 'Lost' }), 'unhealthy', 'lost'],
    [
      'a definition established',
      definition({}, { conditions: [condition('Established', 'True')] }),
      'healthy',
    ],
    ['a definition new', definition({}, {}), 'progressing', 'not established'],
    [
      'a definition with taken names',
      definition({}, { conditions: [condition('NamesAccepted', 'False', { message: 'taken' })] }),
      'unhealthy',
      'taken',
    ],
    ['a Namespace active', make('v1', 'Namespace')({}, { phase: 'Active' }), 'healthy'],
    ['a Namespace new', make('v1', 'Namespace')({}, {}), 'progressing'],
    ['a Service', make('v1', 'Service')({}, {}), 'healthy'],
    [
      'an APIService down',
      make('apiregistration.k8s.io/v1', 'APIService')(
        {},
        { conditions: [condition('Available', 'False', { message: 'no endpoints' })] },
      ),
      'progressing',
      'no endpoints',
    ],
    [
      'a PDB not seen',
      make('policy/v1', 'PodDisruptionBudget')({}, { observedGeneration: 1 }),
      'progressing',
    ],
    [
      'an HPA without metrics',
      make('autoscaling/v2', 'HorizontalPodAutoscaler')(
        {},
        { conditions: [condition('ScalingActive', 'False')] },
      ),
      'healthy',
    ],
    ['a custom resource that tells nothing', widget({}, {}), 'healthy'],
    ['a custom resource ready', widget({}, { conditions: [condition('Ready', 'True')] }), 'healthy'],
    [
      'a custom resource not ready',
      widget({}, { conditions: [condition('Ready', 'False', { reason: 'NoSuch', message: 'no key' })] }),
      'progressing',
      'NoSuch: no key',
    ],
    [
      'a custom resource ready of old',
      widget({}, { observedGeneration: 1, conditions: [condition('Ready', 'True')] }),
      'progressing',
    ],
    [
      'a custom resource stalled',
      widget({}, { conditions: [condition('Stalled', 'True'), condition('Ready', 'False')] }),
      'unhealthy',
      'stalled',
    ],
    [
      'a custom resource reconciling',
      widget({}, { conditions: [condition('Reconciling', 'True')] }),
      'progressing',
    ],
    [
      'a condition of an earlier generation',
      widget({}, { conditions: [condition('Stalled', 'True', { observedGeneration: 1 })] }),
      'healthy',
    ],
    [
      'anything being deleted',
      widget({}, {}, { deletionTimestamp: '2026-01-01T00:00:00Z' }),
      'progressing',
      'deleted',
    ],
    ['a status of no sense', widget({}, { conditions: 'none' }), 'healthy'],
  ])('of %s', (_what, object, state, words) => {
    const health = healthOf(object);
    expect(health.state).toBe(state);
    expect(health.state === 'healthy' ? '' : health.message).toContain(words ?? '');
  });
});

describe('the trouble of a Pod', () => {
  const waiting = (reason: string, message?: string) => ({
    name: 'web',
    state: { waiting: { reason, ...(message === undefined ? {} : { message }) } },
  });

  it.each<[string, JsonObject, string | undefined]>([
    [
      'an image that cannot be pulled',
      { containerStatuses: [waiting('ImagePullBackOff', 'not found')] },
      'container web: ImagePullBackOff: not found',
    ],
    [
      'an init container that crashes',
      { initContainerStatuses: [waiting('CrashLoopBackOff')] },
      'container web: CrashLoopBackOff',
    ],
    [
      'no node that fits',
      { conditions: [condition('PodScheduled', 'False', { message: '0/1 nodes' })] },
      '0/1 nodes',
    ],
    ['being created', { containerStatuses: [waiting('ContainerCreating')] }, undefined],
    ['nothing to tell', {}, undefined],
  ])('is told for %s', (_what, status, expected) => {
    expect(podTrouble(pod({}, status))).toBe(expected);
  });

  it('is looked for by all forms of a selector', () => {
    const selector = {
      matchLabels: { app: 'web' },
      matchExpressions: [
        { key: 'tier', operator: 'In', values: ['a', 'b'] },
        { key: 'env', operator: 'NotIn', values: ['dev'] },
        { key: 'x', operator: 'Exists' },
        { key: 'y', operator: 'DoesNotExist' },
      ],
    };
    expect(selectorText(selector)).toBe('app=web,tier in (a,b),env notin (dev),x,!y');
  });
});
