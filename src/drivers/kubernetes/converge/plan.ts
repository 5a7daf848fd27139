import { targetOf } from '../../../cluster/target.ts';
import type { Declaration, DeclaredObject, DeclaredUnit } from '../../../declared/declaration.ts';
import { Failure } from '../../../failure/failure.ts';
import { isOutage } from '../../../failure/outage.ts';
import {
  type Comparison,
  type Finding,
  isObjectRef,
  type ObjectRef,
  resourceKey,
} from '../../../findings/finding.ts';
import type { PlannedAction, PlanOptions } from '../../driver.ts';
import type { ConvergeDeps } from './deps.ts';
import { dueHooks } from './hooks/hook.ts';
import { inOrder, inReverse } from './order.ts';
import { nameOf } from './place.ts';
import { type Outcome, type Planning, planObject } from './plan-object.ts';
import { planPrunes } from './prune/plan-prunes.ts';
import { digestOf, type KubernetesPlan, type Work } from './work.ts';

/**
 * The exact changes that would make live as the unit declares. Nothing is written: every change comes from a dry run.
 * An object whose namespace or kind comes with the same unit is planned without one. Objects that are as declared and what rules
 * exempt are left alone; of what no file declares any more only what the inventory lists is planned to go (prune/).
 *
 * Throws HF1206 for a plain folder, and the failure of an outage: then nothing can be said at all.
 */
export async function planUnit(
  deps: ConvergeDeps,
  unit: DeclaredUnit,
  declaration: Declaration,
  signal?: AbortSignal,
  options: PlanOptions = {},
): Promise<KubernetesPlan> {
  const { revision } = declaration;
  if (revision === null) throw new Failure('HF1206', 'only a revision can be planned, not a plain folder');
  const comparison = options.comparison ?? (await deps.compare(unit, declaration, signal));
  throwIfBlind(comparison);
  const planning = await prepare(deps, unit, declaration, comparison, signal);
  const { planned, refused } = sortedOut(planning, comparison);
  const outcomes = await Promise.all(
    [...planned].map(([object, finding]) => planObject(planning, object, finding)),
  );
  const work = inOrder(outcomes.flatMap(workOf));
  const { prunes, kept } = await planPrunes({
    ...{ cluster: deps.cluster, kinds: planning.kinds, unit, declaration, signal },
    inventory: options.inventory ?? [],
    today: options.today ?? new Date().toISOString().slice(0, 10),
  });
  const changes = work.length > 0 || prunes.length > 0 || options.resumed === true;
  const hookWork = dueHooks(unit, { changes, inventory: options.inventory });
  const waitsFor = [
    ...new Set(outcomes.flatMap(outcome => (outcome.what === 'waits' ? [outcome.unit] : []))),
  ].sort();
  const hooks = hookWork.map(({ when, declared }) => ({
    when,
    resource: nameOf(planning.kinds, unit, declared),
  }));
  return {
    unit: unit.definition.name,
    revision,
    digest: digestOf(unit.definition.name, revision, { work, prunes, hookWork }),
    actions: [
      ...work.map(item => actionOf(item, planned.get(item.declared))),
      ...inReverse(prunes)
        .flat()
        .map(({ ref: resource }) => ({ action: 'prune' as const, resource })),
    ],
    refused: [...refused, ...outcomes.flatMap(refusalOf)],
    open: [...planned.values()].flatMap(({ resource }, index) =>
      outcomes[index]?.what === 'nothing' ? [resource] : [],
    ),
    ...(kept.length === 0 ? {} : { kept }),
    ...(hooks.length === 0 ? {} : { hooks }),
    ...(waitsFor.length === 0 ? {} : { waitsFor }),
    work,
    prunes,
    hookWork,
  };
}

/** The whole unit could not be compared because nothing answered: no plan can be made of that. */
function throwIfBlind(comparison: Comparison): void {
  for (const finding of comparison.findings) {
    const { type, code, message } = finding;
    if (type !== 'unknown' || code === undefined || !isOutage(code)) continue;
    throw new Failure(code, (message ?? 'it could not be compared').replace(`${code} `, ''));
  }
}

async function prepare(
  { cluster }: ConvergeDeps,
  unit: DeclaredUnit,
  declaration: Declaration,
  comparison: Comparison,
  signal: AbortSignal | undefined,
): Promise<Planning> {
  let kinds = await cluster.kinds();
  if (unit.objects.some(object => targetOf(kinds, unit, object) === undefined)) {
    cluster.forgetKinds();
    kinds = await cluster.kinds();
  }
  const newNamespaces = new Set(
    comparison.findings.flatMap(({ type, resource }) =>
      type === 'missing' && isObjectRef(resource) && resource.kind === 'Namespace' ? [resource.name] : [],
    ),
  );
  return { cluster, kinds, unit, declaration, comparison, newNamespaces, signal };
}

/** Which findings are about objects that can be planned, and what cannot be planned at all, each said once. */
function sortedOut({ kinds, unit }: Planning, comparison: Comparison) {
  const objects = new Map<string, DeclaredObject>();
  for (const object of unit.objects) {
    objects.set(resourceKey(nameOf(kinds, unit, object)), object);
    objects.set(resourceKey(object.ref), object);
  }
  const broken = new Map(unit.findings.map(finding => [resourceKey(finding.resource), finding]));
  const planned = new Map<DeclaredObject, Finding>();
  const refused = new Map(broken);
  for (const finding of comparison.findings) {
    const key = resourceKey(finding.resource);
    const object = broken.has(key) ? undefined : objects.get(key);
    if (object !== undefined) planned.set(object, finding);
    else if (finding.type === 'invalid' || finding.type === 'unknown') refused.set(key, finding);
  }
  return { planned, refused: [...refused.values()].map(refusalFrom) };
}

function refusalFrom({ resource, message }: Finding): KubernetesPlan['refused'][number] {
  return { resource, message: message ?? 'it cannot be compared' };
}

function workOf(outcome: Outcome): Work[] {
  return outcome.what === 'work' ? [outcome.work] : [];
}

function refusalOf(outcome: Outcome): { resource: ObjectRef; message: string }[] {
  return outcome.what === 'refused' ? [{ resource: outcome.ref, message: outcome.message }] : [];
}

function actionOf({ ref, action, why }: Work, finding: Finding | undefined): PlannedAction {
  const paths = action === 'create' ? [] : (finding?.changes ?? []).map(({ path }) => path);
  const message = why === undefined ? {} : { message: why };
  return { action, resource: ref, ...(paths.length === 0 ? {} : { paths }), ...message };
}
