import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster, Target } from '../../../cluster/cluster.ts';
import { ApiFailure } from '../../../cluster/failures.ts';
import { objectPath, resourceName } from '../../../cluster/kind.ts';
import { liveObjectSchema } from '../../../cluster/schema.ts';
import { bodyOf } from '../../../cluster/target.ts';
import { Failure } from '../../../failure/failure.ts';
import type { Json, JsonObject } from '../../../json/json.ts';
import { laidOver } from './dry-run.ts';
import { adopt } from './exempt.ts';
import { type PatchOperation, removal } from './extras.ts';
import { objectAt } from './json.ts';
import { makeRoom, type Waiting } from './make-room.ts';
import { inVersion, withoutEarlier } from './managers.ts';
import { forgetVersions } from './stored-versions.ts';
import type { Work } from './work.ts';

const attempts = 5;

/**
 * Makes one live object as planned and returns it as it is then: server-side apply of the declaration, then the removal of
 * the extras that the plan names and no others. Every request may be sent twice without harm, so a conflict with another
 * writer and a lost answer are tried again. Throws the last failure. When `lost` fires, the request in flight is ended and
 * none is sent any more; whether it was carried out is not known then.
 */
export function carryOut(
  cluster: Cluster,
  target: Target,
  work: Work,
  waiting: Waiting,
): Promise<JsonObject> {
  const { lost } = waiting;
  return tryAgain(async () => {
    if (work.action === 'recreate') await makeRoom(cluster, target, work, waiting);
    const applied = await put(cluster, target, work, lost);
    const freed = await withoutEarlierHolders(cluster, target, applied, lost);
    const patch = removal(freed, work.extras);
    return patch.length === 0 ? freed : jsonPatch(cluster, target, patch, lost);
  }, lost);
}

async function put(
  cluster: Cluster,
  target: Target,
  { declared, method, exempt }: Work,
  signal: AbortSignal | undefined,
): Promise<JsonObject> {
  const declaredBody = bodyOf(target, declared.object);
  const live = () => cluster.get(target, signal);
  const body = async () =>
    exempt.length === 0 ? declaredBody : adoptedNow(declaredBody, await live(), exempt);
  if (method === 'replace') {
    const wanted = await body();
    await cluster.replace(target, laidOver(await live(), wanted), { dryRun: false, signal });
  }
  if (method === 'migrate') {
    const before = await live();
    const moved = inVersion(before, target.kind.apiVersion);
    if (moved !== undefined) await jsonPatch(cluster, target, managersPatch(before, moved), signal);
  }
  if (method === 'forget') await forgetVersions(cluster, target, declaredBody, signal);
  return cluster.apply(target, await body(), { dryRun: false, signal });
}

/** The server refuses it (409) when a controller has moved on since: then what it moved is read anew. */
function adoptedNow(declared: JsonObject, live: JsonObject, exempt: readonly string[]): JsonObject {
  const body = adopt(declared, live, exempt);
  const resourceVersion = objectAt(live, 'metadata')['resourceVersion'] ?? '';
  return { ...body, metadata: { ...objectAt(body, 'metadata'), resourceVersion } };
}

/**
 * Ends the hold of whom the object had before Holdfast (`kubectl apply`, Helm): what the declaration says is ours now, and what it
 * does not say is nobody's, so that it goes when the plan says so. Their note of what they applied last goes as well.
 */
async function withoutEarlierHolders(
  cluster: Cluster,
  target: Target,
  applied: JsonObject,
  signal: AbortSignal | undefined,
): Promise<JsonObject> {
  const kept = withoutEarlier(applied);
  if (kept === undefined) return applied;
  const noted = objectAt(objectAt(applied, 'metadata'), 'annotations')[lastApplied] !== undefined;
  const patch: PatchOperation[] = [
    ...managersPatch(applied, kept),
    ...(noted
      ? [{ op: 'remove' as const, path: `/metadata/annotations/${lastApplied.replace('/', '~1')}` }]
      : []),
  ];
  return jsonPatch(cluster, target, patch, signal);
}

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

function managersPatch(live: JsonObject, entries: Json[]): PatchOperation[] {
  return [
    {
      op: 'replace',
      path: '/metadata/resourceVersion',
      value: objectAt(live, 'metadata')['resourceVersion'] ?? '',
    },
    { op: 'replace', path: '/metadata/managedFields', value: entries },
  ];
}

async function jsonPatch(
  cluster: Cluster,
  target: Target,
  patch: PatchOperation[],
  signal: AbortSignal | undefined,
): Promise<JsonObject> {
  const { kind, namespace, name } = target;
  const { body } = await cluster.call({
    method: 'PATCH',
    path: objectPath(kind, namespace, name),
    query: { fieldManager: 'holdfast' },
    contentType: 'application/json-patch+json',
    body: patch,
    signal,
    asked: {
      verb: 'patch',
      resource: resourceName(kind),
      subject: namespace === undefined ? name : `${namespace}/${name}`,
      secret: kind.group === '' && kind.kind === 'Secret',
    },
  });
  const object = liveObjectSchema.safeParse(body);
  if (object.success) return object.data;
  throw new Failure('HF1307', `the server's answer about ${resourceName(kind)} ${name} is no object`);
}

async function tryAgain<T>(task: () => Promise<T>, lost: AbortSignal | undefined): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await task();
    } catch (error) {
      if (attempt >= attempts || !isPassing(error) || lost?.aborted === true) throw error;
      await sleep(50 * 2 ** attempt);
    }
  }
}

/** A conflict, no answer, or a kind that was defined a moment ago and is not served by every API server yet. */
function isPassing(thrown: unknown): boolean {
  if (!(thrown instanceof Failure)) return false;
  if (thrown.code === 'HF1301' || thrown.code === 'HF1305') return true;
  return thrown instanceof ApiFailure && thrown.status === 409;
}
