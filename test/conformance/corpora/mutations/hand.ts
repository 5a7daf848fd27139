import type { Target } from '../../../../src/cluster/cluster.ts';
import { ApiFailure } from '../../../../src/cluster/failures.ts';
import { objectPath } from '../../../../src/cluster/kind.ts';
import type { KindSchema } from '../../../../src/cluster/openapi.ts';
import { bodyOf } from '../../../../src/cluster/target.ts';
import { attribute } from '../../../../src/compare/attribution.ts';
import type { DeclaredObject } from '../../../../src/declared/declaration.ts';
import type { Json, JsonObject } from '../../../../src/json/json.ts';
import { isMap, pathOf, valueAt, without } from '../../../../src/json/value.ts';
import { liveAt, type Place } from '../support/world.ts';
import { changedPaths } from './changed-paths.ts';
import { type Choice, generators } from './generators.ts';
import type { Mutation, PatchOperation } from './mutation.ts';
import { placesIn } from './places.ts';
import { shuffled } from './random.ts';

/** The field manager under which people's edits are made here. */
export const hand = 'kubectl-edit';

/** One object of a set, and what it takes to change it. */
export interface Changeable {
  declared: DeclaredObject;
  target: Target;
  schema: KindSchema | undefined;
}

/** A mutation that the server took, with live before and after it. */
export interface Edit {
  mutation: Mutation;
  before: JsonObject;
  after: JsonObject;
}

const mostTries = 12;

/** Tries mutations in random order until one is taken by the server and changes live. */
export async function edited(
  place: Place,
  { declared, target, schema }: Changeable,
  owner: Choice['owner'],
  random: () => number,
): Promise<Edit | undefined> {
  const before = await liveAt(place, target);
  if (before === undefined) return undefined;
  const shape = schema?.shape;
  const places = placesIn(before, bodyOf(target, declared.object), shape);
  const choice: Choice = { target, live: before, places, shape, owner };
  const wished = shuffled(Object.values(generators), random).flatMap(generator =>
    shuffled(generator(choice), random).slice(0, 3),
  );
  for (const mutation of wished.slice(0, mostTries)) {
    const after = await patched(place, target, mutation.patch, hand);
    if (after !== undefined && changedPaths(target, shape, before, after).size > 0)
      return { mutation, before, after };
  }
  return undefined;
}

/**
 * Puts back what the edit changed, under the name of who had it: a value that a controller keeps is not somebody's own from
 * then on. False where the server does not let it.
 */
export async function undone(
  place: Place,
  target: Target,
  { mutation, before, after }: Edit,
): Promise<boolean> {
  const manager = attribute(before, pathOf(mutation.paths[0] ?? ''))?.manager ?? hand;
  const [old, now] = [partsOf(withoutAllocated(before)), partsOf(after)];
  const patch = [...new Set([...old.keys(), ...now.keys()])].flatMap((path): PatchOperation[] => {
    const value = old.get(path);
    if (JSON.stringify(value) === JSON.stringify(now.get(path))) return [];
    return value === undefined ? [{ op: 'remove', path }] : [{ op: 'add', path, value }];
  });
  return patch.length === 0 || (await patched(place, target, patch, manager)) !== undefined;
}

/** Without the node ports that the server allocated: whoever writes them back chooses them. */
function withoutAllocated(object: JsonObject): JsonObject {
  const ports = valueAt(object, ['spec', 'ports']);
  if (object['kind'] !== 'Service' || !Array.isArray(ports)) return object;
  const left = ports.map((port, index) =>
    isMap(port) && attribute(object, ['spec', 'ports', String(index), 'nodePort']) === undefined
      ? without(port, new Set(['nodePort']))
      : port,
  );
  return { ...object, spec: { ...(object['spec'] as JsonObject), ports: left } };
}

/** What people may change, by JSON pointer. */
function partsOf({ metadata, status: _status, ...rest }: JsonObject): Map<string, Json> {
  const kept = isMap(metadata) ? metadata : {};
  const fields = ['labels', 'annotations', 'finalizers', 'ownerReferences'];
  return new Map([
    ...Object.entries(rest).map(([key, value]): [string, Json] => [`/${key}`, value]),
    ...fields.flatMap((key): [string, Json][] => {
      const value = kept[key];
      return value === undefined ? [] : [[`/metadata/${key}`, value]];
    }),
  ]);
}

/** The object as the patch left it; undefined where the server refuses it. */
async function patched(
  place: Place,
  target: Target,
  patch: readonly PatchOperation[],
  fieldManager: string,
): Promise<JsonObject | undefined> {
  try {
    const { body } = await place.cluster.call({
      method: 'PATCH',
      path: objectPath(target.kind, target.namespace, target.name),
      query: { fieldManager },
      contentType: 'application/json-patch+json',
      body: patch,
      asked: { verb: 'patch', resource: target.kind.plural },
    });
    return body as JsonObject;
  } catch (error) {
    if (error instanceof ApiFailure) return undefined;
    throw error;
  }
}
