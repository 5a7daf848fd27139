import type { Cluster, Target } from '../../../cluster/cluster.ts';
import type { Kinds } from '../../../cluster/discovery.ts';
import { type ApiFailure, isNotFound } from '../../../cluster/failures.ts';
import { bodyOf, refOf, targetOf } from '../../../cluster/target.ts';
import type { Declaration, DeclaredObject, DeclaredUnit } from '../../../declared/declaration.ts';
import { hashJson } from '../../../declared/hash.ts';
import { Failure } from '../../../failure/failure.ts';
import { isOutage } from '../../../failure/outage.ts';
import type { Comparison, Finding, ObjectRef } from '../../../findings/finding.ts';
import type { JsonObject } from '../../../json/json.ts';
import { annotations, waveOf } from './annotations.ts';
import { specPart } from './body.ts';
import { dryRun, liveOf } from './dry-run.ts';
import { adopt, exemptPaths, lostPaths } from './exempt.ts';
import { extrasOf, removal } from './extras.ts';
import { isImmutable, mayBeRecreated } from './immutable.ts';
import { objectAt, sameJson, textAt } from './json.ts';
import { declaresNamespace, defines, unitWithKind, unitWithNamespace } from './needs.ts';
import { rivalOf } from './rival.ts';
import type { Work } from './work.ts';
import { wrongAnew } from './wrong-anew.ts';

/** What converging one object comes to. */
export type Outcome =
  | { what: 'work'; work: Work }
  | { what: 'nothing' }
  | { what: 'refused'; ref: ObjectRef; message: string }
  | { what: 'waits'; unit: string };

export interface Planning {
  cluster: Cluster;
  kinds: Kinds;
  unit: DeclaredUnit;
  declaration: Declaration;
  comparison: Comparison;
  /** Namespaces that the unit declares and that are not there yet. */
  newNamespaces: ReadonlySet<string>;
  signal: AbortSignal | undefined;
}

/**
 * Plans one object that the comparison found to be not as declared. What the server would refuse is an outcome; an outage
 * is thrown.
 */
export async function planObject(
  planning: Planning,
  declared: DeclaredObject,
  finding: Finding,
): Promise<Outcome> {
  const target = targetOf(planning.kinds, planning.unit, declared);
  if (target === undefined) return planUnserved(planning, declared, finding);
  const ref = refOf(target);
  if (waveOf(declared.object) === undefined)
    return { what: 'refused', ref, message: `HF1612 the annotation ${annotations.wave} is no whole number` };
  const create = () => ({ what: 'work' as const, work: created(ref, declared) });
  if (target.namespace !== undefined && planning.newNamespaces.has(target.namespace)) return create();
  // the comparison has dry-run the creation already, and has no reservation
  if (finding.type === 'missing' && finding.message === undefined) return create();
  const body = bodyOf(target, declared.object);
  try {
    const live = await liveOf(planning.cluster, target, planning.signal);
    if (live !== undefined) return await planChange(planning, { declared, finding, target, ref, body, live });
    await planning.cluster.apply(target, body, { dryRun: true, signal: planning.signal });
    return create();
  } catch (error) {
    if (!(error instanceof Failure) || isOutage(error.code)) throw error;
    const other = isNotFound(error) ? namespaceElsewhere(planning, target) : undefined;
    if (other !== undefined) return { what: 'waits', unit: other };
    return { what: 'refused', ref, message: `${error.code} ${error.message}` };
  }
}

/** The server does not serve the kind: its definition comes with this unit, with another one, or not at all. */
function planUnserved({ declaration, unit }: Planning, declared: DeclaredObject, finding: Finding): Outcome {
  const definition = unit.objects.find(object => defines(object, declared.ref));
  if (definition !== undefined) {
    const { apiVersion, kind, name } = declared.ref;
    const namespaced = objectAt(definition.object, 'spec')['scope'] === 'Namespaced';
    const home = declared.ref.namespace ?? unit.definition.namespace ?? 'default';
    const namespace = namespaced ? { namespace: home } : {};
    return { what: 'work', work: created({ apiVersion, kind, ...namespace, name }, declared) };
  }
  const owner = unitWithKind(declaration, declared.ref);
  if (owner !== undefined) return { what: 'waits', unit: owner.definition.name };
  const { apiVersion, kind } = declared.ref;
  const message = finding.message ?? `HF1305 the server has no kind ${kind} in ${apiVersion}`;
  return { what: 'refused', ref: declared.ref, message };
}

function namespaceElsewhere({ declaration, unit }: Planning, target: Target): string | undefined {
  const { namespace } = target;
  if (namespace === undefined || declaresNamespace(unit, namespace)) return undefined;
  return unitWithNamespace(declaration, namespace)?.definition.name;
}

interface Existing {
  declared: DeclaredObject;
  finding: Finding;
  target: Target;
  ref: ObjectRef;
  body: JsonObject;
  live: JsonObject;
}

async function planChange(planning: Planning, existing: Existing): Promise<Outcome> {
  const { cluster, signal } = planning;
  const { declared, finding, target, ref, body, live } = existing;
  if (objectAt(live, 'metadata')['deletionTimestamp'] !== undefined)
    return anew(planning, existing, 'it is being deleted, and made anew when it is gone');
  const rival = rivalOf(finding, body, { planning, declared });
  if (rival !== undefined) return { what: 'refused', ref, message: rival };
  const exempt = exemptPaths(planning.comparison, ref, body);
  let answer: Awaited<ReturnType<typeof dryRun>>;
  try {
    answer = await dryRun(cluster, target, adopt(body, live, exempt), live, signal);
    const lost = lostPaths(planning.comparison, ref, { live, after: answer.after });
    if (lost.length > 0) {
      exempt.push(...lost);
      answer = await dryRun(cluster, target, adopt(body, live, exempt), live, signal);
    }
  } catch (error) {
    if (isImmutable(error)) return planRecreation(planning, existing, error);
    throw error;
  }
  const { after, method } = answer;
  const extras = extrasOf(finding, body);
  const [before, becomes] = [specPart(live), specPart(after)];
  const patch = removal(after, extras);
  if (method !== 'migrate' && sameJson(before, becomes) && patch.length === 0) return { what: 'nothing' };
  const remove = extras.map(({ path }) => path).sort();
  const state = hashJson({ before, after: becomes, remove, method });
  const wave = waveOf(declared.object) ?? 0;
  return { what: 'work', work: { ref, declared, action: 'change', wave, method, extras, exempt, state } };
}

/** A field that cannot be changed: the object is deleted and created again, if its declaration or its kind allows that. */
async function planRecreation(planning: Planning, existing: Existing, refusal: ApiFailure): Promise<Outcome> {
  const { declared, ref } = existing;
  const why = refusal.message;
  if (!mayBeRecreated(ref, declared.object)) return { what: 'refused', ref, message: `HF1609 ${why}` };
  return anew(planning, existing, why);
}

/** Made anew, if the server would take it as a new one. */
async function anew(
  { cluster, signal }: Planning,
  { declared, target, ref, body, live }: Existing,
  why: string,
): Promise<Outcome> {
  const wrong = await wrongAnew(cluster, target, body, signal);
  if (wrong !== undefined) return { what: 'refused', ref, message: wrong };
  const uid = textAt(objectAt(live, 'metadata'), 'uid') ?? '';
  const state = hashJson({ before: specPart(live), uid });
  const wave = waveOf(declared.object) ?? 0;
  const work = { ref, declared, wave, method: 'apply' as const, extras: [], exempt: [], state, uid, why };
  return { what: 'work', work: { ...work, action: 'recreate' } };
}

function created(ref: ObjectRef, declared: DeclaredObject): Work {
  const wave = waveOf(declared.object) ?? 0;
  return { ref, declared, action: 'create', wave, method: 'apply', extras: [], exempt: [], state: null };
}
