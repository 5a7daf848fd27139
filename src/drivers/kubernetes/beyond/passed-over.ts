import type { Kinds } from '../../../cluster/discovery.ts';
import type { Kind } from '../../../cluster/kind.ts';

/** Kinds whose objects nobody declares: programs write them as they run. They are never `unmanaged`. */
export const passedOver: readonly { kinds: readonly string[]; why: string }[] = [
  { kinds: ['Event', 'events.k8s.io/Event'], why: 'records of what happened' },
  { kinds: ['coordination.k8s.io/Lease'], why: 'written by running programs' },
  { kinds: ['storage.k8s.io/CSIStorageCapacity'], why: 'written by storage drivers' },
  {
    kinds: ['holdfast.dev/DriftReport', 'holdfast.dev/Sync', 'holdfast.dev/Authorization'],
    why: 'records of Holdfast itself',
  },
];

/** Groups of figures that are computed when they are asked for. */
export const metricsGroup: RegExp = /(?:^|\.)metrics\.k8s\.io$/;

const names: ReadonlySet<string> = new Set(passedOver.flatMap(({ kinds }) => kinds));

/** `Secret`, `apps/Deployment`: a kind whatever its version. */
export function kindKey({ group, kind }: Pick<Kind, 'group' | 'kind'>): string {
  return group === '' ? kind : `${group}/${kind}`;
}

/** For people and ignore rules: `Secret`, `Certificate.cert-manager.io`. */
export function kindTitle({ group, kind }: Pick<Kind, 'group' | 'kind'>): string {
  return group === '' ? kind : `${kind}.${group}`;
}

export function isPassedOver(kind: Pick<Kind, 'group' | 'kind'>): boolean {
  return names.has(kindKey(kind)) || metricsGroup.test(kind.group);
}

/**
 * The namespaced kinds in which something may live that nobody declared, each once, in the version that the server prefers.
 * What cannot be created, listed and watched is computed and not stored.
 */
export function listableKinds(kinds: Kinds): Kind[] {
  const preferred = new Map<string, Kind>();
  for (const kind of kinds.served) {
    const stored = ['create', 'list', 'watch'].every(verb => kind.verbs.includes(verb));
    const key = `${kind.plural}.${kind.group}`;
    if (kind.namespaced && stored && !isPassedOver(kind) && !preferred.has(key)) preferred.set(key, kind);
  }
  return [...preferred.values()];
}
