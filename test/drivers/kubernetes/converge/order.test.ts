import { describe, expect, it } from 'vitest';
import { inSteps, stepOf } from '../../../../src/drivers/kubernetes/converge/order.ts';

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

  it('keeps the declared order within a step and leaves empty steps out', () => {
    const items = [
      { ref: ref('apps/v1', 'Deployment', 'b') },
      { ref: ref('v1', 'Namespace', 'n') },
      { ref: ref('v1', 'Service', 'a') },
    ];

    const found = inSteps(items).map(({ step, items: some }) => [step, ...some.map(item => item.ref.name)]);

    expect(found).toEqual([
      ['foundations', 'n'],
      ['workloads', 'b', 'a'],
    ]);
  });
});
