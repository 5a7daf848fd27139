import type { Minor } from './version.ts';

/** When an apiVersion of a kind came and went, in minors of Kubernetes 1.x. */
export interface Lifecycle {
  /** The first that serves it. */
  since?: Minor;
  deprecated?: Minor;
  /** The first that does not serve it any more. */
  removed?: Minor;
  /** The apiVersion to use instead, where there is one. */
  replacement?: string;
  /** Where the replacement is of another kind. */
  replacementKind?: string;
}

type Row = readonly [
  apiVersion: string,
  kinds: string,
  deprecated: Minor,
  removed: Minor | undefined,
  replacement: string | undefined,
  kind?: string,
];

/**
 * APIs that were deprecated or removed: https://kubernetes.io/docs/reference/using-api/deprecation-guide/, with the versions of
 * deprecation from the lifecycle markers of k8s.io/api, k8s.io/apiextensions-apiserver and k8s.io/kube-aggregator 1.34.
 */
const gone: readonly Row[] = [
  ['extensions/v1beta1', 'DaemonSet Deployment ReplicaSet', 8, 16, 'apps/v1'],
  ['extensions/v1beta1', 'NetworkPolicy', 9, 16, 'networking.k8s.io/v1'],
  ['extensions/v1beta1', 'PodSecurityPolicy', 10, 16, 'policy/v1beta1'],
  ['extensions/v1beta1', 'Ingress', 14, 22, 'networking.k8s.io/v1'],
  ['apps/v1beta1', 'ControllerRevision Deployment StatefulSet', 8, 16, 'apps/v1'],
  ['apps/v1beta2', 'ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet', 9, 16, 'apps/v1'],
  ['networking.k8s.io/v1beta1', 'Ingress IngressClass', 19, 22, 'networking.k8s.io/v1'],
  [
    'admissionregistration.k8s.io/v1beta1',
    'MutatingWebhookConfiguration ValidatingWebhookConfiguration',
    16,
    22,
    'admissionregistration.k8s.io/v1',
  ],
  ['apiextensions.k8s.io/v1beta1', 'CustomResourceDefinition', 16, 22, 'apiextensions.k8s.io/v1'],
  ['apiregistration.k8s.io/v1beta1', 'APIService', 19, 22, 'apiregistration.k8s.io/v1'],
  ['certificates.k8s.io/v1beta1', 'CertificateSigningRequest', 19, 22, 'certificates.k8s.io/v1'],
  ['coordination.k8s.io/v1beta1', 'Lease', 19, 22, 'coordination.k8s.io/v1'],
  [
    'rbac.authorization.k8s.io/v1beta1',
    'ClusterRole ClusterRoleBinding Role RoleBinding',
    17,
    22,
    'rbac.authorization.k8s.io/v1',
  ],
  [
    'rbac.authorization.k8s.io/v1alpha1',
    'ClusterRole ClusterRoleBinding Role RoleBinding',
    17,
    23,
    'rbac.authorization.k8s.io/v1',
  ],
  ['scheduling.k8s.io/v1beta1', 'PriorityClass', 14, 22, 'scheduling.k8s.io/v1'],
  ['scheduling.k8s.io/v1alpha1', 'PriorityClass', 14, 23, 'scheduling.k8s.io/v1'],
  ['storage.k8s.io/v1beta1', 'CSIDriver StorageClass VolumeAttachment', 19, 22, 'storage.k8s.io/v1'],
  ['storage.k8s.io/v1beta1', 'CSINode', 17, 22, 'storage.k8s.io/v1'],
  ['storage.k8s.io/v1beta1', 'CSIStorageCapacity', 24, 27, 'storage.k8s.io/v1'],
  ['storage.k8s.io/v1beta1', 'VolumeAttributesClass', 34, 37, 'storage.k8s.io/v1'],
  ['batch/v1beta1', 'CronJob', 21, 25, 'batch/v1'],
  ['batch/v2alpha1', 'CronJob', 8, 21, 'batch/v1'],
  ['discovery.k8s.io/v1beta1', 'EndpointSlice', 21, 25, 'discovery.k8s.io/v1'],
  ['events.k8s.io/v1beta1', 'Event', 22, 25, 'events.k8s.io/v1'],
  ['autoscaling/v2beta1', 'HorizontalPodAutoscaler', 22, 25, 'autoscaling/v2'],
  ['autoscaling/v2beta2', 'HorizontalPodAutoscaler', 23, 26, 'autoscaling/v2'],
  ['policy/v1beta1', 'PodDisruptionBudget', 21, 25, 'policy/v1'],
  ['policy/v1beta1', 'PodSecurityPolicy', 21, 25, undefined],
  ['node.k8s.io/v1beta1', 'RuntimeClass', 22, 25, 'node.k8s.io/v1'],
  [
    'flowcontrol.apiserver.k8s.io/v1beta1',
    'FlowSchema PriorityLevelConfiguration',
    23,
    26,
    'flowcontrol.apiserver.k8s.io/v1',
  ],
  [
    'flowcontrol.apiserver.k8s.io/v1beta2',
    'FlowSchema PriorityLevelConfiguration',
    26,
    29,
    'flowcontrol.apiserver.k8s.io/v1',
  ],
  [
    'flowcontrol.apiserver.k8s.io/v1beta3',
    'FlowSchema PriorityLevelConfiguration',
    29,
    32,
    'flowcontrol.apiserver.k8s.io/v1',
  ],
  [
    'admissionregistration.k8s.io/v1beta1',
    'ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding',
    31,
    34,
    'admissionregistration.k8s.io/v1',
  ],
  ['networking.k8s.io/v1beta1', 'IPAddress ServiceCIDR', 34, 37, 'networking.k8s.io/v1'],
  ['v1', 'ComponentStatus', 19, undefined, undefined],
  ['v1', 'Endpoints', 33, undefined, 'discovery.k8s.io/v1', 'EndpointSlice'],
];

/** The first minor that serves the versions of today, where that is after 1.16 (the lifecycle markers of the same sources). */
const came: readonly (readonly [apiVersion: string, kinds: string, since: Minor])[] = [
  ['storage.k8s.io/v1', 'CSINode', 17],
  ['storage.k8s.io/v1', 'CSIDriver', 18],
  ['networking.k8s.io/v1', 'Ingress IngressClass', 19],
  ['certificates.k8s.io/v1', 'CertificateSigningRequest', 19],
  ['events.k8s.io/v1', 'Event', 19],
  ['node.k8s.io/v1', 'RuntimeClass', 20],
  ['batch/v1', 'CronJob', 21],
  ['discovery.k8s.io/v1', 'EndpointSlice', 21],
  ['policy/v1', 'PodDisruptionBudget', 21],
  ['autoscaling/v2', 'HorizontalPodAutoscaler', 23],
  ['storage.k8s.io/v1', 'CSIStorageCapacity', 24],
  ['flowcontrol.apiserver.k8s.io/v1', 'FlowSchema PriorityLevelConfiguration', 29],
  ['admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding', 30],
  ['networking.k8s.io/v1', 'IPAddress ServiceCIDR', 33],
  ['resource.k8s.io/v1', 'DeviceClass ResourceClaim ResourceClaimTemplate ResourceSlice', 34],
  ['storage.k8s.io/v1', 'VolumeAttributesClass', 34],
];

const table = new Map<string, Lifecycle>();
for (const [apiVersion, kinds, deprecated, removed, replacement, replacementKind] of gone) {
  for (const kind of kinds.split(' ')) {
    table.set(`${apiVersion} ${kind}`, {
      deprecated,
      ...(removed === undefined ? {} : { removed }),
      ...(replacement === undefined ? {} : { replacement }),
      ...(replacementKind === undefined ? {} : { replacementKind }),
    });
  }
}
for (const [apiVersion, kinds, since] of came) {
  for (const kind of kinds.split(' ')) table.set(`${apiVersion} ${kind}`, { since });
}

/** The life of an API that is not served by every version since 1.16; undefined for all others. */
export function lifecycleOf(apiVersion: string, kind: string): Lifecycle | undefined {
  return table.get(`${apiVersion} ${kind}`);
}

/** The apiVersion that an older version of Kubernetes serves in the place of a newer one. */
export function predecessorOf(apiVersion: string, kind: string, minor: Minor): string | undefined {
  for (const [older, kinds, , removed, replacement] of gone) {
    const same = replacement === apiVersion && kinds.split(' ').includes(kind);
    if (same && (removed === undefined || minor < removed)) return older;
  }
  return undefined;
}

/** All that the table knows, for tests: `apiVersion Kind`. */
export function knownLifecycles(): string[] {
  return [...table.keys()];
}
