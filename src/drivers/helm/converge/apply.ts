import type { Declaration, DeclaredUnit } from '../../../declared/declaration.ts';
import type { DeclaredRelease } from '../../../declared/helm/release.ts';
import { Failure, toFailure } from '../../../failure/failure.ts';
import { isObjectRef } from '../../../findings/finding.ts';
import type { AppliedResource, ApplyOptions, Plan, PlannedAction } from '../../driver.ts';
import type { HelmDeps } from '../observe.ts';
import { releaseRef } from '../release-finding.ts';
import { type View, viewOf } from '../view.ts';
import { type HelmPlan, isHelmPlan, planRelease } from './plan.ts';
import { recover } from './recover.ts';
import { runUpgrade } from './upgrade.ts';

/**
 * Carries the plan of a release out: declared definitions first, which Helm never upgrades; then `helm upgrade --install`, where
 * the release is not as declared; then what Helm's merge leaves of hand edits, by server-side apply of the same objects.
 *
 * A plan that comes from a record is made again first: HF1602, and nothing is applied, when its digest is another one now.
 */
export async function applyRelease(
  deps: HelmDeps,
  unit: DeclaredUnit,
  declaration: Declaration,
  plan: Plan,
  options: ApplyOptions,
): Promise<AppliedResource[]> {
  const current = await carriable(deps, unit, declaration, plan, options.signal);
  const { view, upgrade } = current;
  const { release } = view;
  if (release === undefined || !upgrade)
    return deps.manifests.apply(view.unit, view.declaration, current.objects, options);
  const definitions = await applyDefinitions(deps, view, release, options);
  if (definitions.some(({ result }) => result === 'failed')) {
    const skipped = report(
      options,
      current.actions.filter(isOther(definitions)),
      'skipped',
      'a definition failed',
    );
    return [...definitions, ...skipped];
  }
  if (options.signal.aborted) return definitions;
  const done = await upgraded(deps, current, release, options);
  const failed = done.some(({ result }) => result !== 'applied');
  if (failed || options.signal.aborted) return [...definitions, ...done];
  const left = await applyRest(deps, unit, declaration, options);
  return merged([...definitions, ...done, ...left]);
}

async function carriable(
  deps: HelmDeps,
  unit: DeclaredUnit,
  declaration: Declaration,
  plan: Plan,
  signal: AbortSignal,
): Promise<HelmPlan> {
  const where = { subject: plan.unit };
  if (plan.unit !== unit.definition.name || plan.revision !== declaration.revision)
    throw new Failure('HF1602', 'the plan is for another unit or revision', { where });
  if (isHelmPlan(plan)) return plan;
  const now = await planRelease(deps, unit, declaration, signal);
  if (now.digest === plan.digest) return now;
  throw new Failure('HF1602', `live has changed: the plan is now ${now.digest}`, { where });
}

async function applyDefinitions(
  { manifests }: HelmDeps,
  { unit, declaration, settled }: View,
  _release: DeclaredRelease,
  options: ApplyOptions,
): Promise<AppliedResource[]> {
  const objects = settled.pairs
    .filter(({ rendered }) => rendered.isDefinition)
    .map(({ declared }) => declared);
  if (objects.length === 0) return [];
  const part = { ...unit, objects, findings: [] };
  const plan = await manifests.plan(part, declaration, options.signal);
  return plan.actions.length === 0 ? [] : manifests.apply(part, declaration, plan, options);
}

async function upgraded(
  { cluster }: HelmDeps,
  plan: HelmPlan,
  release: DeclaredRelease,
  options: ApplyOptions,
): Promise<AppliedResource[]> {
  const { view, revision } = plan;
  const { history, settled, secrets } = view;
  const others = plan.actions.filter(({ resource }) => !isDefinition(view, resource));
  try {
    if (plan.interrupted !== undefined) await recover(cluster, release, plan.interrupted);
    await runUpgrade(
      cluster.connection,
      {
        release,
        revision,
        number: (history.newest?.revision ?? 0) + 1,
        atomic: history.base?.status === 'deployed',
        adopt: history.newest === undefined,
        keep: settled.keep,
        secrets,
        timeoutMs: options.healthTimeoutMs,
      },
      options.lost,
    );
    return report(options, others, 'applied');
  } catch (error) {
    // how far it came is not known: whoever takes the sync up looks again
    if (options.lost?.aborted === true) return [];
    const { code, message } = toFailure(error, 'HF1809');
    const own = others.filter(({ resource }) => !isObjectRef(resource));
    const main = own.length > 0 ? own : [{ action: 'change' as const, resource: releaseRef(release) }];
    return [
      ...report(options, main, 'failed', `${code} ${message}`, code),
      ...report(
        options,
        others.filter(each => !own.includes(each)),
        'skipped',
        'helm failed',
      ),
    ];
  }
}

/** What helm leaves: it takes no field away that somebody added, and looks at no custom resource that the release has unchanged. */
async function applyRest(
  deps: HelmDeps,
  unit: DeclaredUnit,
  declaration: Declaration,
  options: ApplyOptions,
): Promise<AppliedResource[]> {
  deps.cluster.forgetKinds();
  const view = await viewOf(deps.cluster, unit, declaration, options.signal);
  const plan = await deps.manifests.plan(view.unit, view.declaration, options.signal);
  return plan.actions.length === 0 && options.alsoWaitFor === undefined
    ? []
    : deps.manifests.apply(view.unit, view.declaration, plan, options);
}

function report(
  { onResource }: ApplyOptions,
  actions: readonly PlannedAction[],
  result: AppliedResource['result'],
  message?: string,
  code?: AppliedResource['code'],
): AppliedResource[] {
  return actions.map(({ action, resource }) => {
    const applied: AppliedResource = {
      resource,
      action,
      result,
      ...(message !== undefined && { message }),
      ...(code !== undefined && { code }),
    };
    onResource(applied);
    return applied;
  });
}

function isDefinition({ settled }: View, resource: PlannedAction['resource']): boolean {
  if (!isObjectRef(resource)) return false;
  const { kind, name } = resource;
  return settled.pairs.some(
    ({ rendered }) =>
      rendered.isDefinition && rendered.identity.kind === kind && rendered.identity.name === name,
  );
}

function isOther(applied: readonly AppliedResource[]): (action: PlannedAction) => boolean {
  const done = new Set(applied.map(({ resource }) => JSON.stringify(resource)));
  return ({ resource }) => !done.has(JSON.stringify(resource));
}

/** The last word on each resource. */
function merged(results: readonly AppliedResource[]): AppliedResource[] {
  return [...new Map(results.map(result => [JSON.stringify(result.resource), result])).values()];
}
