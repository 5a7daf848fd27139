import { bodyOf } from '../../../../src/cluster/target.ts';
import type { DeclaredObject } from '../../../../src/declared/declaration.ts';
import type { JsonObject } from '../../../../src/json/json.ts';
import { isMap } from '../../../../src/json/value.ts';
import { waitUntil } from '../../../real/support/wait-until.ts';
import type { Way } from './ways.ts';
import { type Place, provideNamespaces, readAll, targetIn } from './world.ts';
import type { Part, World } from './worlds.ts';

/** What became of the objects of a part. */
export interface Brought {
  /** Those that the server has, as this way made them. */
  taken: DeclaredObject[];
  refused: DeclaredObject[];
  words: string[];
}

/** Kinds that judge or serve others' requests. Their programs do not run here, so they come last, by themselves. */
const interceptors = /^(Mutating|Validating)(WebhookConfiguration|AdmissionPolicy(Binding)?)$|^APIService$/;

export function isInterceptor({ ref }: DeclaredObject): boolean {
  return interceptors.test(ref.kind);
}

/** Makes a world's ground: namespaces and definitions, declared ones in this way, others by themselves. */
export async function prepare(place: Place, world: World, way: Way): Promise<Map<Part, Brought>> {
  const brought = new Map<Part, Brought>();
  for (const part of world.parts) {
    const namespaces = part.objects.filter(({ ref }) => ref.kind === 'Namespace');
    brought.set(part, await bring(place, part, namespaces, way));
  }
  const named = world.parts.flatMap(part => [
    part.namespace,
    ...part.objects.flatMap(({ ref }) => ref.namespace ?? []),
  ]);
  await provideNamespaces(place, new Set(named));
  for (const object of world.definitions) {
    const target = await targetIn(place, world.parts[0] as Part, object);
    if (target === undefined) continue;
    await place.cluster
      .apply(target, bodyOf(target, object.object), { dryRun: false })
      .catch(() => undefined);
  }
  for (const part of world.parts) {
    const definitions = part.objects.filter(({ ref }) => ref.kind === 'CustomResourceDefinition');
    join(brought.get(part), await bring(place, part, definitions, way));
  }
  await untilServed(place);
  return brought;
}

export function join(into: Brought | undefined, more: Brought): void {
  into?.taken.push(...more.taken);
  into?.refused.push(...more.refused);
  into?.words.push(...more.words);
}

/** The server's words on what may come later in the same set: an account, a class, a namespace. */
const awaits = /not found|was found/i;

/** Brings objects in one way, and a second time those that are not there yet: some need others. */
export async function bring(
  place: Place,
  part: Part,
  objects: readonly DeclaredObject[],
  way: Way,
): Promise<Brought> {
  if (objects.length === 0) return { taken: [], refused: [], words: [] };
  const before = await there(place, part, objects);
  const first = await way(place, part, objects);
  const after = await there(place, part, objects);
  const late = first.some(line => awaits.test(line)) ? objects.filter(object => !after.has(object)) : [];
  const second = late.length === 0 ? [] : await way(place, part, late);
  const end = late.length === 0 ? after : await there(place, part, objects);
  // what was there before was changed by this way unless it was refused by name
  const taken = objects.filter(
    object => end.has(object) && !(before.has(object) && first.some(line => line.includes(object.ref.name))),
  );
  const refused = objects.filter(object => !taken.includes(object));
  return { taken, refused, words: refused.length === 0 ? [] : late.length === 0 ? first : second };
}

async function there(
  place: Place,
  part: Part,
  objects: readonly DeclaredObject[],
): Promise<Set<DeclaredObject>> {
  return new Set(
    (
      await readAll(
        place,
        objects.map(object => ({ part, object })),
      )
    ).keys(),
  );
}

/** Waits until all defined kinds that can be served are. */
async function untilServed(place: Place): Promise<void> {
  const kind = (await place.cluster.kinds()).find('apiextensions.k8s.io/v1', 'CustomResourceDefinition');
  if (kind === undefined) throw new Error('the server serves no CustomResourceDefinitions');
  await waitUntil(
    'the definitions to be established',
    async () => {
      const { body } = await place.cluster.call({
        path: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
        asked: { verb: 'list', resource: 'customresourcedefinitions' },
      });
      const items = (body as { items: JsonObject[] }).items;
      if (!items.every(isSettled)) return false;
      place.cluster.forgetKinds();
      const kinds = await place.cluster.kinds();
      return items.every(item => served(item).every(([apiVersion, name]) => kinds.find(apiVersion, name)));
    },
    60_000,
  );
}

function isSettled(definition: JsonObject): boolean {
  return conditionsOf(definition).some(
    ({ type, status }) =>
      (type === 'Established' && status === 'True') || (type === 'NamesAccepted' && status === 'False'),
  );
}

function served(definition: JsonObject): [string, string][] {
  const spec = isMap(definition['spec']) ? definition['spec'] : {};
  const names = isMap(spec['names']) ? spec['names'] : {};
  if (!conditionsOf(definition).some(({ type, status }) => type === 'Established' && status === 'True'))
    return [];
  const versions = Array.isArray(spec['versions']) ? spec['versions'].filter(isMap) : [];
  return versions.flatMap(({ name, served: on }): [string, string][] =>
    on === true ? [[`${spec['group']}/${name}`, String(names['kind'])]] : [],
  );
}

function conditionsOf(object: JsonObject): JsonObject[] {
  const status = isMap(object['status']) ? object['status'] : {};
  return Array.isArray(status['conditions']) ? status['conditions'].filter(isMap) : [];
}
