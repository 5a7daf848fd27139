import type { Kind } from '../../../cluster/kind.ts';
import type { Ground } from './ground.ts';
import { kindKey } from './passed-over.ts';

/** Objects of one kind, in one namespace or in the whole cluster, of which the metadata is looked at. */
export interface Place {
  kind: Kind;
  namespace: string | undefined;
}

/** Up to so many managed namespaces are listed one by one; of more, each kind as a whole. */
const mostNamespaces = 5;

/** Where something may live that is unmanaged or orphaned of a unit. */
export function placesOf({ unit, managed, listable, candidates }: Ground): Place[] {
  const places = new Map<string, Place>();
  const add = (kind: Kind, namespace: string | undefined) => {
    if (!places.has(keyOf(kind, undefined))) places.set(keyOf(kind, namespace), { kind, namespace });
  };
  for (const kind of listable) {
    if (managed.length > mostNamespaces) add(kind, undefined);
    else for (const namespace of managed) add(kind, namespace);
  }
  for (const { earlier, target } of candidates.values())
    if (earlier.unit === unit.definition.name) add(target.kind, target.namespace);
  return [...places.values()];
}

export function placeName({ kind, namespace }: Place): string {
  return keyOf(kind, namespace);
}

function keyOf(kind: Kind, namespace: string | undefined): string {
  return `${kindKey(kind)} ${namespace ?? ''}`;
}
