import { isBuiltInGroup, splitApiVersion } from '../../../cluster/kind.ts';
import type { ObjectRef } from '../../../findings/finding.ts';

/**
 * The order in which objects are applied, as groups: what others need comes before them. The groups follow kapp's default
 * rules (namespaces and CustomResourceDefinitions, then roles and settings, bindings and storage after those). Services stand
 * with the workloads, because provisioning a load balancer would delay the rest; what can refuse the requests of others
 * comes last.
 */
export const steps = ['foundations', 'settings', 'bindings', 'workloads', 'custom', 'gates'] as const;

export type Step = (typeof steps)[number];

const stepOfKind: Record<string, Step> = {
  Namespace: 'foundations',
  'CustomResourceDefinition.apiextensions.k8s.io': 'foundations',
  ServiceAccount: 'settings',
  Secret: 'settings',
  ConfigMap: 'settings',
  ResourceQuota: 'settings',
  LimitRange: 'settings',
  'ClusterRole.rbac.authorization.k8s.io': 'settings',
  'Role.rbac.authorization.k8s.io': 'settings',
  'NetworkPolicy.networking.k8s.io': 'settings',
  'PodDisruptionBudget.policy': 'settings',
  'PriorityClass.scheduling.k8s.io': 'settings',
  'RuntimeClass.node.k8s.io': 'settings',
  'StorageClass.storage.k8s.io': 'settings',
  'ClusterRoleBinding.rbac.authorization.k8s.io': 'bindings',
  'RoleBinding.rbac.authorization.k8s.io': 'bindings',
  PersistentVolume: 'bindings',
  PersistentVolumeClaim: 'bindings',
  'APIService.apiregistration.k8s.io': 'gates',
  'MutatingWebhookConfiguration.admissionregistration.k8s.io': 'gates',
  'ValidatingWebhookConfiguration.admissionregistration.k8s.io': 'gates',
  'ValidatingAdmissionPolicy.admissionregistration.k8s.io': 'gates',
  'ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io': 'gates',
  'MutatingAdmissionPolicy.admissionregistration.k8s.io': 'gates',
  'MutatingAdmissionPolicyBinding.admissionregistration.k8s.io': 'gates',
};

/** The step in which an object is applied. Any kind that Kubernetes does not bring itself is `custom`. */
export function stepOf(ref: ObjectRef): Step {
  const { group } = splitApiVersion(ref.apiVersion);
  const known = stepOfKind[group === '' ? ref.kind : `${ref.kind}.${group}`];
  if (known !== undefined) return known;
  return isBuiltInGroup(group) ? 'workloads' : 'custom';
}

/** Items by wave, then by the step of their object. Within a step of a wave the order is kept. */
export function inOrder<T extends { ref: ObjectRef; wave: number }>(items: readonly T[]): T[] {
  const waves = [...Map.groupBy(items, ({ wave }) => wave)].sort(([one], [other]) => one - other);
  return waves.flatMap(([, ofWave]) => [...inSteps(ofWave).values()].flat());
}

/** Items by the step of their object: every step, in order, also where it has none. */
export function inSteps<T extends { ref: ObjectRef }>(items: readonly T[]): Map<Step, T[]> {
  const byStep = Map.groupBy(items, item => stepOf(item.ref));
  return new Map(steps.map(step => [step, byStep.get(step) ?? []]));
}

/** Items in the order in which they are deleted: what needs others goes before them. */
export function inReverse<T extends { ref: ObjectRef }>(items: readonly T[]): T[][] {
  return [...inSteps(items).values()].toReversed().filter(found => found.length > 0);
}
