import { splitApiVersion } from '../../../../cluster/kind.ts';
import type { ObjectRef } from '../../../../findings/finding.ts';

/** The same for the same object in another version of its API. */
export function identityOf({ apiVersion, kind, namespace, name }: ObjectRef): string {
  return JSON.stringify([splitApiVersion(apiVersion).group, kind, namespace ?? null, name]);
}

/** Kinds whose deletion takes much else along: only a word that names the kind lets one go. */
const guarded = new Set([
  'Namespace',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'CustomResourceDefinition.apiextensions.k8s.io',
]);

export function isGuarded({ apiVersion, kind }: ObjectRef): boolean {
  const { group } = splitApiVersion(apiVersion);
  return guarded.has(group === '' ? kind : `${kind}.${group}`);
}
