import type { Files } from '../real/support/pulls.ts';

/** Namespace of what the repository declares. */
export const app = 'faults';

/** How many objects there are of each sort; each is used for one story only, so that the ledger can tell them apart. */
export interface Pools {
  /** Edited by hand, one after the other. */
  drifts: number;
  /** Changed by merges, round and round. */
  merges: number;
}

export const driftName = (index: number): string => `drift-${String(index).padStart(4, '0')}`;
export const mergeName = (index: number): string => `merge-${String(index).padStart(4, '0')}`;

/** Nobody declares these, and nobody may touch them. */
export const bystanders = ['bystander-a', 'bystander-b'] as const;

export function configMap(name: string, value: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}, namespace: ${app}}\ndata: {value: '${value}'}\n`;
}

/** Units `drifts` and `merges`, apart, so that the sync of a merge puts no hand edit right. */
export function repositoryFiles({ drifts, merges }: Pools): Files {
  const all = Array.from({ length: drifts }, (_, index) => configMap(driftName(index), 'declared'));
  const namespace = `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${app}}\n`;
  return {
    'manifests/drifts/all.yaml': [namespace, ...all].join('---\n'),
    ...Object.fromEntries(
      Array.from({ length: merges }, (_, index) => [
        mergeFile(index),
        configMap(mergeName(index), 'declared'),
      ]),
    ),
  };
}

export const mergeFile = (index: number): string => `manifests/merges/${mergeName(index)}.yaml`;
