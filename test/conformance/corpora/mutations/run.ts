import { isMap } from '../../../../src/compare/value.ts';
import type { DeclaredObject, JsonObject } from '../../../../src/declared/declaration.ts';
import { defaultSettings } from '../../../../src/declared/settings.ts';
import type { Driver } from '../../../../src/drivers/driver.ts';
import type { Target } from '../../../../src/drivers/kubernetes/cluster/cluster.ts';
import { ApiFailure } from '../../../../src/drivers/kubernetes/cluster/failures.ts';
import { objectPath } from '../../../../src/drivers/kubernetes/cluster/kind.ts';
import { type KindSchema, Schemas } from '../../../../src/drivers/kubernetes/cluster/openapi.ts';
import { bodyOf } from '../../../../src/drivers/kubernetes/cluster/target.ts';
import { kubernetesDriver } from '../../../../src/drivers/kubernetes/driver.ts';
import { type Finding, resourceKey, resourceTitle } from '../../../../src/findings/finding.ts';
import { liveAt, type Place, targetIn } from '../support/world.ts';
import { type Part, unitOf } from '../support/worlds.ts';
import { changedPaths } from './changed-paths.ts';
import { type Choice, generators } from './generators.ts';
import { type Judged, judged } from './judged.ts';
import type { Mutation, PatchOperation } from './mutation.ts';
import { placesIn } from './places.ts';
import { randomOf, shuffled } from './random.ts';

/** What the mutations of one set gave. */
export interface MutationResult {
  set: string;
  made: number;
  found: number;
  rightPath: number;
  rightManager: number;
  extra: number;
  /** What was wrong, for people. */
  complaints: string[];
}

export const hand = 'kubectl-edit';

/** One object of a set, and what it takes to change it. */
interface Subject {
  declared: DeclaredObject;
  target: Target;
  schema: KindSchema | undefined;
}

/** Changes `count` objects of a part by hand, one at a time, and looks each time whether that, and only that, is found. */
export async function mutate(
  place: Place,
  part: Part,
  objects: readonly DeclaredObject[],
  options: { seed: string; count: number },
): Promise<MutationResult> {
  const result: MutationResult = {
    set: part.name,
    made: 0,
    found: 0,
    rightPath: 0,
    rightManager: 0,
    extra: 0,
    complaints: [],
  };
  const random = randomOf(`${options.seed} ${part.name}`);
  const schemas = new Schemas(place.cluster);
  await schemas.refresh();
  const known = kubernetesDriver({ connection: place.connection });
  const owner = await namespaceOwner(place);
  let members = [...objects];
  let usual = await findingsOf(known, part, members);
  const order = inOrder(objects, options.count, random);
  for (const declared of order) {
    if (result.made >= options.count || members.length === 0) break;
    const target = await targetIn(place, part, declared);
    if (
      target === undefined ||
      !members.includes(declared) ||
      usual.some(({ resource }) => 'name' in resource && resource.name === target.name)
    )
      continue;
    const subject = { declared, target, schema: await schemas.of(target.kind.apiVersion, target.kind.kind) };
    const done = await carriedOut(place, subject, owner, random);
    if (done === undefined) continue;
    const { mutation, before, after } = done;
    const changed = changedPaths(target, subject.schema?.shape, before, after);
    const title = `${resourceTitle(declared.ref)} (${declared.source.file}): ${mutation.what} at ${mutation.paths[0]}`;
    const hot = news(await findingsOf(known, part, members), usual);
    const cold = await findingsOf(kubernetesDriver({ connection: place.connection }), part, [declared]);
    const now = await liveAt(place, target).catch(() => undefined);
    const still =
      now !== undefined && [...changedPaths(target, subject.schema?.shape, before, now)].length > 0;
    const verdicts = [
      judged(mutation, target, after, hot, changed),
      judged(mutation, target, after, cold, changed),
    ];
    if (still || verdicts.every(({ found }) => found)) add(result, verdicts, title);
    const undone = await undo(place, target, before);
    const left = undone ? news(await findingsOf(known, part, members), usual) : [];
    if (left.length > 0)
      result.complaints.push(`${title}: undone, but still ${JSON.stringify(left).slice(0, 1500)}`);
    if (!undone || left.length > 0) {
      members = members.filter(each => each !== declared);
      usual = await findingsOf(known, part, members);
    }
  }
  return result;
}

/** A change of a definition makes the server build all its schemas anew, which takes seconds: few of them must do. */
const mostDefinitions = 2;

/** Which objects to change: each once before any a second time. */
function inOrder(objects: readonly DeclaredObject[], count: number, random: () => number): DeclaredObject[] {
  const isDefinition = ({ ref }: DeclaredObject) => ref.kind === 'CustomResourceDefinition';
  const others = objects.filter(object => !isDefinition(object));
  const rounds = Math.ceil(count / Math.max(1, others.length));
  const some = Array.from({ length: rounds }, () => shuffled(others, random)).flat();
  return [...shuffled(objects.filter(isDefinition), random).slice(0, mostDefinitions), ...some];
}

function add(result: MutationResult, verdicts: readonly Judged[], title: string): void {
  result.made += 1;
  const all = (test: (verdict: Judged) => boolean) => (verdicts.every(test) ? 1 : 0);
  result.found += all(({ found }) => found);
  result.rightPath += all(({ rightPath }) => rightPath);
  result.rightManager += all(({ rightManager }) => rightManager);
  result.extra += verdicts.reduce((sum, { extra }) => sum + extra.length, 0);
  const words = new Set(verdicts.flatMap(({ complaints }) => complaints));
  for (const complaint of words) result.complaints.push(`${title}: ${complaint}`);
}

/** A namespace may own anything. */
async function namespaceOwner(place: Place): Promise<Choice['owner']> {
  const kind = (await place.cluster.kinds()).find('v1', 'Namespace');
  const found = kind && (await liveAt(place, { kind, name: 'kube-system' }));
  const uid = isMap(found?.['metadata']) ? found['metadata']['uid'] : undefined;
  return { apiVersion: 'v1', kind: 'Namespace', name: 'kube-system', uid: String(uid) };
}

/** Tries mutations in random order until one is taken by the server and changes live. */
async function carriedOut(
  place: Place,
  { declared, target, schema }: Subject,
  owner: Choice['owner'],
  random: () => number,
): Promise<{ mutation: Mutation; before: JsonObject; after: JsonObject } | undefined> {
  const before = await liveAt(place, target);
  if (before === undefined) return undefined;
  const places = placesIn(before, bodyOf(target, declared.object), schema?.shape);
  let tries = 0;
  for (const [, generator] of shuffled(Object.entries(generators), random)) {
    const some = shuffled(
      generator({ target, live: before, places, shape: schema?.shape, owner }),
      random,
    ).slice(0, 3);
    for (const mutation of some) {
      tries += 1;
      if (tries > 12) return undefined;
      const after = await patched(place, target, mutation.patch);
      if (after !== undefined && changedPaths(target, schema?.shape, before, after).size > 0)
        return { mutation, before, after };
    }
  }
  return undefined;
}

async function patched(
  place: Place,
  target: Target,
  patch: readonly PatchOperation[],
): Promise<JsonObject | undefined> {
  try {
    const { body } = await place.cluster.call({
      method: 'PATCH',
      path: objectPath(target.kind, target.namespace, target.name),
      query: { fieldManager: hand },
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

/** Puts everything back but status and bookkeeping. False where the server does not let it. */
async function undo(place: Place, target: Target, before: JsonObject): Promise<boolean> {
  const now = await liveAt(place, target);
  if (now === undefined) return false;
  const [old, live] = [before, now].map(({ metadata, status: _status, ...rest }): JsonObject => {
    const kept = isMap(metadata) ? metadata : {};
    return {
      ...rest,
      ...Object.fromEntries(
        ['labels', 'annotations', 'finalizers', 'ownerReferences'].map(key => [
          `metadata/${key}`,
          kept[key] ?? null,
        ]),
      ),
    };
  }) as [JsonObject, JsonObject];
  const patch = [...new Set([...Object.keys(old), ...Object.keys(live)])].flatMap((key): PatchOperation[] => {
    if (JSON.stringify(old[key]) === JSON.stringify(live[key])) return [];
    const path = `/${key}`;
    return old[key] === undefined || old[key] === null
      ? [{ op: 'remove', path }]
      : [{ op: 'add', path, value: old[key] }];
  });
  return patch.length === 0 || (await patched(place, target, patch)) !== undefined;
}

async function findingsOf(
  driver: Driver,
  part: Part,
  objects: readonly DeclaredObject[],
): Promise<Finding[]> {
  const unit = unitOf(part, objects);
  return (await driver.compare(unit, { revision: null, settings: defaultSettings, units: [unit] })).findings;
}

function news(findings: readonly Finding[], usual: readonly Finding[]): Finding[] {
  const known = new Set(usual.map(finding => resourceKey(finding.resource)));
  return findings.filter(finding => !known.has(resourceKey(finding.resource)));
}
