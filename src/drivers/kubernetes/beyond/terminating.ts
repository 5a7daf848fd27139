import type { Kinds } from '../../../cluster/discovery.ts';
import type { Kind } from '../../../cluster/kind.ts';
import type { FindingType } from '../../../findings/finding.ts';
import type { Facts } from './facts.ts';
import type { Ground } from './ground.ts';
import type { Beyond } from './tell.ts';

/** All that was seen around the declared objects of a unit. */
export interface Surroundings extends Beyond {
  /** The declared objects by namespace. */
  members: Ground['inNamespace'];
  /** Namespaces that are being deleted. */
  terminating: ReadonlySet<string>;
  /** What could not be looked for yet. */
  unsure: readonly FindingType[];
}

export function namespaceKind(kinds: Kinds): Kind | undefined {
  return kinds.find('v1', 'Namespace');
}

/** The names of the namespaces that are being deleted. */
export function terminatingOf(namespaces: Iterable<Facts>): Set<string> {
  return new Set([...namespaces].flatMap(({ name, deleting }) => (deleting ? [name] : [])));
}
