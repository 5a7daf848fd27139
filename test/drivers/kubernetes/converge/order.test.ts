import { describe, expect, it } from 'vitest';
import { inOrder, inReverse, inSteps, stepOf } from '../../../../src/drivers/kubernetes/converge/order.ts';

const ref = (apiVersion: string, kind: string, name = 'x') => ({ apiVersion, kind, name });

describe('the order of applying', () => {
  it.each([
    ['v1', 'Namespace', 'foundations'],
    ['apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'foundations'],
    ['v1', 'ServiceAccount', 'settings'],
    ['v1', 'Secret', 'settings'],
    ['rbac.authorization.k8s.io/v1', 'ClusterRole', 'settings'],
    ['networking.k8s.io/v1', 'NetworkPolicy', 'settings'],
    ['policy/v1', 'PodDisruptionBudget', 'settings'],
    ['storage.k8s.io/v1', 'StorageClass', 'settings'],
    ['rbac.authorization.k8s.io/v1', 'RoleBinding', 'bindings'],
    ['v1', 'PersistentVolumeClaim', 'bindings'],
    ['apps/v1', 'Deployment', 'workloads'],
    ['v1', 'Service', 'workloads'],
    ['autoscaling/v2', 'HorizontalPodAutoscaler', 'workloads'],
    ['networking.k8s.io/v1', 'Ingress', 'workloads'],
    ['example.com/v1', 'Widget', 'custom'],
    ['gateway.networking.k8s.io/v1', 'Gateway', 'custom'],
    ['serving.knative.dev/v1', 'Service', 'custom'],
    ['admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', 'gates'],
    ['apiregistration.k8s.io/v1', 'APIService', 'gates'],
  ])('puts %s %s among the %s', (apiVersion, kind, step) => {
    expect(stepOf(ref(apiVersion, kind))).toBe(step);
  });

  const items = [
    { ref: ref('apps/v1', 'Deployment', 'b'), wave: 0 },
    { ref: ref('v1', 'Namespace', 'n'), wave: 0 },
    { ref: ref('v1', 'Service', 'a'), wave: 0 },
    { ref: ref('example.com/v1', 'Widget', 'w'), wave: -5 },
    { ref: ref('v1', 'ConfigMap', 'last'), wave: 10 },
  ];
  const names = (some: { ref: { name: string } }[]) => some.map(item => item.ref.name);

  it('keeps the declared order within a step, and every step has its place', () => {
    const found = [...inSteps(items)].map(([step, some]) => [step, ...names(some)]);

    expect(found).toEqual([
      ['foundations', 'n'],
      ['settings', 'last'],
      ['bindings'],
      ['workloads', 'b', 'a'],
      ['custom', 'w'],
      ['gates'],
    ]);
  });

  it('puts waves before steps', () => {
    expect(names(inOrder(items))).toEqual(['w', 'n', 'b', 'a', 'last']);
  });

  it('deletes in the opposite order of steps', () => {
    expect(inReverse(items).map(names)).toEqual([['w'], ['b', 'a'], ['last'], ['n']]);
  });
});
