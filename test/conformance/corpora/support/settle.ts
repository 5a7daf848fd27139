import type { DeclaredObject } from '../../../../src/declared/declaration.ts';
import { isTerminating } from '../../../../src/drivers/kubernetes/compare/local.ts';
import { type Finding, isObjectRef, type ResourceRef } from '../../../../src/findings/finding.ts';
import type { JsonObject } from '../../../../src/json/json.ts';
import { isMap } from '../../../../src/json/value.ts';
import { waitUntil } from '../../../real/support/wait-until.ts';
import { type Member, type Place, readAll } from './world.ts';
import type { Part } from './worlds.ts';

/**
 * Waits until the controllers have done what they do to these objects: each generation was observed, and nothing but status
 * has changed between two looks. Returns those that a controller has ended meanwhile: a Job past its time to live, a Pod of
 * a node that is not there.
 */
export async function untilSettled(place: Place, members: readonly Member[]): Promise<Set<DeclaredObject>> {
  let before = '';
  return waitUntil(
    'the controllers to settle',
    async () => {
      const live = await readAll(place, members);
      const now = JSON.stringify(members.map(({ object }) => withoutStatus(live.get(object))));
      const settled = now === before && [...live.values()].every(isObserved);
      before = now;
      if (!settled) return undefined;
      const ended = members.filter(({ object }) => {
        const found = live.get(object);
        return found === undefined || isTerminating(found);
      });
      return new Set(ended.map(({ object }) => object));
    },
    90_000,
  );
}

/** The objects that are told to be missing and that controllers have indeed ended since. */
export async function endedAmong(
  place: Place,
  part: Part,
  objects: readonly DeclaredObject[],
  findings: readonly Finding[],
): Promise<Set<DeclaredObject>> {
  const told = objects.filter(object =>
    findings.some(
      ({ type, resource, message }) =>
        (type === 'missing' || message?.includes('it is being deleted') === true) &&
        concerns(new Set([object]), resource),
    ),
  );
  if (told.length === 0) return new Set();
  const live = await readAll(
    place,
    told.map(object => ({ part, object })),
  );
  return new Set(
    told.filter(object => {
      const found = live.get(object);
      return found === undefined || isTerminating(found);
    }),
  );
}

/** Whether a finding is about one of the objects. */
export function concerns(objects: ReadonlySet<DeclaredObject>, resource: ResourceRef): boolean {
  return [...objects].some(
    ({ ref }) =>
      isObjectRef(resource) &&
      resource.kind === ref.kind &&
      resource.name === ref.name &&
      (ref.namespace === undefined ||
        resource.namespace === undefined ||
        resource.namespace === ref.namespace),
  );
}

/** Kinds whose controller counts the generations that it has seen. */
const counted = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'ReplicationController']);

/** A custom kind may have one of those names; then nobody counts. */
function isObserved(live: JsonObject): boolean {
  if (!counted.has(String(live['kind'])) || !/^(apps\/)?v1$/.test(String(live['apiVersion']))) return true;
  const metadata = isMap(live['metadata']) ? live['metadata'] : {};
  const status = isMap(live['status']) ? live['status'] : {};
  return status['observedGeneration'] === metadata['generation'];
}

function withoutStatus(live: JsonObject | undefined): JsonObject | undefined {
  if (live === undefined) return undefined;
  const { status: _status, ...rest } = live;
  const {
    managedFields: _fields,
    resourceVersion: _version,
    ...metadata
  } = isMap(rest['metadata']) ? rest['metadata'] : {};
  return { ...rest, metadata };
}
