import { isNotFound } from '../../../cluster/failures.ts';
import { targetOf } from '../../../cluster/target.ts';
import { ignore } from '../../../compare/ignore.ts';
import type { Declaration, DeclaredUnit } from '../../../declared/declaration.ts';
import { hashJson } from '../../../declared/hash.ts';
import { Failure } from '../../../failure/failure.ts';
import type { Finding, ResourceRef } from '../../../findings/finding.ts';
import type { JsonObject } from '../../../json/json.ts';
import type { Plan, PlannedAction } from '../../driver.ts';
import type { HelmDeps } from '../observe.ts';
import { releaseFinding, releaseRef } from '../release-finding.ts';
import { markOf, surplusFindings } from '../surplus.ts';
import { type View, viewOf } from '../view.ts';
import { interrupted } from './recover.ts';

/** A plan as this driver makes it. Only the part that is `Plan` is recorded. */
export interface HelmPlan extends Plan {
  view: View;
  /** Of the objects alone, by the driver of manifests. */
  objects: Plan;
  /** Whether helm is to make a new revision; else only live objects are put right. */
  upgrade: boolean;
  /** The revision of an operation that was interrupted. */
  interrupted: number | undefined;
}

export function isHelmPlan(plan: Plan): plan is HelmPlan {
  return 'view' in plan && 'objects' in plan;
}

/**
 * The changes that would make a release as declared. Where its record is as declared and only live objects strayed, they alone are
 * put right, and helm makes no new revision. Throws HF1206 for a plain folder, HF1810 while another operation may be
 * running, and the failure of an outage.
 */
export async function planRelease(
  deps: HelmDeps,
  unit: DeclaredUnit,
  declaration: Declaration,
  signal?: AbortSignal,
): Promise<HelmPlan> {
  const { revision } = declaration;
  if (revision === null) throw new Failure('HF1206', 'only a revision can be planned, not a plain folder');
  deps.cluster.forgetKinds();
  const view = await viewOf(deps.cluster, unit, declaration, signal);
  const { release, unread } = view;
  if (unread !== undefined) throw unread;
  if (release === undefined || view.unit.unrendered !== undefined) return unplannable(view, revision);
  const objects = await objectsPlan(deps, view, revision, signal);
  if (release.apply === 'server-side')
    return { ...objects, view, objects, upgrade: false, interrupted: undefined };
  const own = await ownActions(deps, view, signal);
  const refused = own.upgrade ? await foreign(deps, view, signal) : [];
  const pending = own.upgrade ? interrupted(view.history, release, deps.now()) : undefined;
  const actions = [...own.actions, ...objects.actions];
  return {
    unit: unit.definition.name,
    revision,
    digest: digestOf(view, objects, own.upgrade, actions),
    actions: refused.length > 0 ? [] : actions,
    refused: [...refused, ...objects.refused],
    ...(objects.waitsFor === undefined ? {} : { waitsFor: objects.waitsFor }),
    view,
    objects,
    upgrade: own.upgrade && refused.length === 0,
    interrupted: pending,
  };
}

function unplannable(view: View, revision: string): HelmPlan {
  const { unit } = view;
  const { name } = unit.definition;
  const refused = unit.findings.map(({ resource, message }) => ({
    resource,
    message: message ?? 'it cannot be rendered',
  }));
  const plan: Plan = {
    unit: name,
    revision,
    digest: `sha256:${hashJson([name, revision])}`,
    actions: [],
    refused,
  };
  return { ...plan, view, objects: plan, upgrade: false, interrupted: undefined };
}

/** In a namespace that helm is to make nothing is there yet, and nothing can be asked of the server. */
async function objectsPlan(
  deps: HelmDeps,
  view: View,
  revision: string,
  signal?: AbortSignal,
): Promise<Plan> {
  const { unit, declaration, release } = view;
  const create =
    release?.createNamespace === true && !(await namespaceIsThere(deps, release.namespace, signal));
  if (!create) return deps.manifests.plan(unit, declaration, signal);
  const actions = unit.objects.map(({ ref }): PlannedAction => ({ action: 'create', resource: ref }));
  const digest = `sha256:${hashJson(unit.objects.map(({ hash }) => hash))}`;
  return { unit: unit.definition.name, revision, digest, actions, refused: [] };
}

async function namespaceIsThere({ cluster }: HelmDeps, name: string, signal?: AbortSignal): Promise<boolean> {
  const kind = (await cluster.kinds()).find('v1', 'Namespace');
  if (kind === undefined) return true;
  try {
    await cluster.get({ kind, name }, signal);
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

/** What is to be done with the release itself, as far as no ignore rule leaves it alone. */
async function ownActions(
  { cluster, now }: HelmDeps,
  view: View,
  signal?: AbortSignal,
): Promise<{ upgrade: boolean; actions: PlannedAction[] }> {
  const { release, history, settled, declaration, unit } = view;
  if (release === undefined) return { upgrade: false, actions: [] };
  const name = unit.definition.name;
  const finding = releaseFinding(name, release, history, settled, { there: 0, foreign: undefined });
  const surplus = await surplusFindings(cluster, unit, release, settled, history, signal);
  const all = finding === undefined ? surplus : [finding, ...surplus];
  const today = new Date(now()).toISOString().slice(0, 10);
  const { findings } = ignore(all, declaration.settings.ignore, today);
  return { upgrade: findings.length > 0, actions: findings.map(each => actionOf(each, releaseRef(release))) };
}

function actionOf({ type, resource, changes = [] }: Finding, release: ResourceRef): PlannedAction {
  if (resource !== release && type === 'undeclared') return { action: 'prune', resource };
  const paths = changes.map(({ path }) => path);
  return {
    action: type === 'missing' ? 'create' : 'change',
    resource,
    ...(paths.length > 0 && { paths }),
  };
}

/** Objects that another release holds: helm would refuse, and taking them over would break it. */
async function foreign({ cluster }: HelmDeps, view: View, signal?: AbortSignal): Promise<Plan['refused']> {
  const { release, unit, history } = view;
  if (release === undefined || history.newest !== undefined) return [];
  const kinds = await cluster.kinds();
  const marks = await Promise.all(
    unit.objects.slice(0, 200).map(async object => {
      const target = targetOf(kinds, unit, object);
      const mark = target === undefined ? undefined : await markOf(cluster, target, signal);
      return { ref: object.ref, owner: mark?.release };
    }),
  );
  return marks.flatMap(({ ref, owner }) =>
    owner === undefined || owner === release.name
      ? []
      : [{ resource: ref, message: `HF1809 it belongs to the Helm release ${owner}` }],
  );
}

function digestOf(view: View, objects: Plan, upgrade: boolean, actions: readonly PlannedAction[]): string {
  const { release, history, unit } = view;
  const rendering = release?.rendering;
  const about: JsonObject = {
    objects: objects.digest,
    upgrade,
    actions: JSON.stringify(actions),
    // hooks run with an upgrade, and are a part of what was agreed to
    hooks: (rendering?.hooks ?? []).map(({ hash }) => hash),
    chart: unit.hash,
    record: history.version,
  };
  return `sha256:${hashJson(about)}`;
}
