/** A kind that the server serves, and where. */
export interface Kind {
  /** `apps/v1`; `v1` for the core group. */
  apiVersion: string;
  kind: string;
  /** Empty for the core group. */
  group: string;
  version: string;
  /** The last part of its path: `deployments`. */
  plural: string;
  namespaced: boolean;
  verbs: readonly string[];
}

/** As RBAC names it: `deployments.apps`, `services`. */
export function resourceName(kind: Kind): string {
  return kind.group === '' ? kind.plural : `${kind.plural}.${kind.group}`;
}

/** `apps/v1` as group and version; the core group is empty. */
export function splitApiVersion(apiVersion: string): { group: string; version: string } {
  const slash = apiVersion.indexOf('/');
  if (slash === -1) return { group: '', version: apiVersion };
  return { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

/** The root of a group and version: `/api/v1`, `/apis/apps/v1`. */
export function versionPath(apiVersion: string): string {
  const { group, version } = splitApiVersion(apiVersion);
  const encoded = encodeURIComponent(version);
  return group === '' ? `/api/${encoded}` : `/apis/${encodeURIComponent(group)}/${encoded}`;
}

/** The path of all objects of a kind, in one namespace if one is given. The parts are encoded. */
export function collectionPath(kind: Kind, namespace?: string): string {
  const root = versionPath(kind.apiVersion);
  return kind.namespaced && namespace !== undefined
    ? `${root}/namespaces/${encodeURIComponent(namespace)}/${kind.plural}`
    : `${root}/${kind.plural}`;
}

/** The path of one object. `namespace` counts only for a namespaced kind. */
export function objectPath(kind: Kind, namespace: string | undefined, name: string): string {
  return `${collectionPath(kind, namespace)}/${encodeURIComponent(name)}`;
}

/** Groups that Kubernetes itself serves. Others under k8s.io, such as gateway.networking.k8s.io, are custom resources. */
const builtInGroups = new Set([
  '',
  'apps',
  'autoscaling',
  'batch',
  'policy',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'certificates.k8s.io',
  'coordination.k8s.io',
  'discovery.k8s.io',
  'events.k8s.io',
  'flowcontrol.apiserver.k8s.io',
  'networking.k8s.io',
  'node.k8s.io',
  'rbac.authorization.k8s.io',
  'resource.k8s.io',
  'scheduling.k8s.io',
  'storage.k8s.io',
]);

export function isBuiltInGroup(group: string): boolean {
  return builtInGroups.has(group);
}
