import type { Cluster, Target } from '../../../cluster/cluster.ts';
import { isNotFound } from '../../../cluster/failures.ts';
import { Failure, toFailure } from '../../../failure/failure.ts';
import type { JsonObject } from '../../../json/json.ts';
import { list, liveName } from './list.ts';
import { type Placed, perNamespace, type Scope } from './scopes.ts';

/** What was read of one declared object: live, not there, or why it could not be read. */
export type Reading = JsonObject | undefined | Failure;

/** So few objects are read one by one; more are read as a list, unless it is known to hold many more. */
const fewest = 12;

/**
 * Reads the declared objects of a scope once and gives each to `onReading` as it comes. A failure (a missing right) is given for
 * the objects that it concerns; throws only what concerns the whole cluster: HF1301 and HF1302.
 */
export async function readOnce<T extends Placed>(
  cluster: Cluster,
  scope: Scope<T>,
  onReading: (member: T, reading: Reading) => void,
  signal?: AbortSignal,
  oneByOne = fewest,
): Promise<void> {
  const members = [...scope.wanted.values()];
  if (members.length <= oneByOne || !scope.kind.verbs.includes('list')) {
    await Promise.all(
      members.map(async member => onReading(member, await readOne(cluster, member.target, signal))),
    );
    return;
  }
  const seen = new Set<string>();
  try {
    await list(
      cluster,
      scope.kind,
      scope.namespace,
      object => {
        const name = liveName(object);
        const member = scope.wanted.get(name);
        if (member === undefined || seen.has(name)) return;
        seen.add(name);
        onReading(member, object);
      },
      { signal },
    );
  } catch (error) {
    const failure = whole(error);
    if (
      failure.code === 'HF1303' &&
      scope.namespace === undefined &&
      scope.kind.namespaced &&
      seen.size === 0
    ) {
      await Promise.all(perNamespace(scope).map(part => readOnce(cluster, part, onReading, signal)));
      return;
    }
    for (const [name, member] of scope.wanted) if (!seen.has(name)) onReading(member, failure);
    return;
  }
  for (const [name, member] of scope.wanted) if (!seen.has(name)) onReading(member, undefined);
}

/** Reads one object. Throws only what concerns the whole cluster. */
export async function readOne(cluster: Cluster, target: Target, signal?: AbortSignal): Promise<Reading> {
  try {
    return await cluster.get(target, signal);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    return whole(error);
  }
}

/** The failure of a part, unless it is one of the whole cluster. */
function whole(error: unknown): Failure {
  const failure = toFailure(error, 'HF1307');
  if (failure.code === 'HF1301' || failure.code === 'HF1302') throw failure;
  return failure;
}

export function isFailure(reading: Reading): reading is Failure {
  return reading instanceof Failure;
}
