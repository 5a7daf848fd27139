import type { Declaration, DeclaredUnit } from '../../../declared/declaration.ts';
import { Failure } from '../../../failure/failure.ts';
import type { AppliedResource, ApplyOptions, Plan } from '../../driver.ts';
import { Application } from './application.ts';
import type { ConvergeDeps } from './deps.ts';
import type { HookWork } from './hooks/hook.ts';
import { inReverse, inSteps, type Step } from './order.ts';
import { planUnit } from './plan.ts';
import { isKubernetesPlan, type KubernetesPlan, type Work } from './work.ts';

/**
 * Carries a plan out, wave by wave and step by step (order.ts), several objects of a step at a time. Each object stands for
 * itself: one that fails spoils only what needs it (a kind, a namespace) and the waves after its own. Definitions and namespaces
 * are waited for before what they hold, and workloads before webhooks, admission policies and aggregated APIs, which could refuse
 * everybody's requests. Hooks run before the workloads of their wave, or after everything. What is to be deleted goes at the
 * end, and only if all before it went well.
 *
 * A plan that comes from a record is made again first: HF1602, and nothing is applied, when its digest is another one now.
 * On the signal the objects in flight are finished and no more is started; when `lost` fires they are ended at once. Those
 * not reached or ended are not in the results.
 */
export async function applyUnit(
  deps: ConvergeDeps,
  unit: DeclaredUnit,
  declaration: Declaration,
  plan: Plan,
  options: ApplyOptions,
): Promise<AppliedResource[]> {
  const { work, prunes, hookWork } = await carriable(deps, unit, declaration, plan, options);
  const application = await Application.begin(deps.cluster, unit, declaration, options);
  const hooks = options.run === undefined ? [] : hookWork;
  await applyWaves(application, work, hooks);
  for (const hook of ofTime(hooks, 'after')) await application.run(hook);
  await application.settle();
  if (plan.refused.length > 0) application.block('something could not be planned');
  for (const group of inReverse(prunes)) await application.prune(group);
  return application.results;
}

async function applyWaves(
  application: Application,
  work: readonly Work[],
  hooks: readonly HookWork[],
): Promise<void> {
  const before = ofTime(hooks, 'before');
  const waves = [...new Set([...work, ...before].map(({ wave }) => wave))].sort((one, other) => one - other);
  for (const wave of waves) {
    const of = <T extends { wave: number }>(items: readonly T[]) => items.filter(item => item.wave === wave);
    application.beginWave(wave);
    await applyWave(application, inSteps(of(work)), { work, hooks: of(before) });
    await application.settle();
  }
}

const hookStep: Step = 'workloads';

async function applyWave(
  application: Application,
  stages: ReadonlyMap<Step, readonly Work[]>,
  { work, hooks }: { work: readonly Work[]; hooks: readonly HookWork[] },
): Promise<void> {
  for (const [step, items] of stages) {
    if (step === hookStep) for (const hook of hooks) await application.run(hook);
    if (items.length === 0) continue;
    if (step === 'gates' && (await application.settle()) > 0)
      application.skip(items, 'a workload is not healthy');
    else await application.apply(items);
    if (step === 'foundations') await application.settle();
    if (step === 'foundations') await application.serve(work);
  }
}

function ofTime(hooks: readonly HookWork[], when: HookWork['when']): HookWork[] {
  return hooks.filter(hook => hook.when === when);
}

async function carriable(
  deps: ConvergeDeps,
  unit: DeclaredUnit,
  declaration: Declaration,
  plan: Plan,
  { signal, planned }: ApplyOptions,
): Promise<KubernetesPlan> {
  if (plan.unit !== unit.definition.name || plan.revision !== declaration.revision)
    throw new Failure('HF1602', 'the plan is for another unit or revision', {
      where: { subject: plan.unit },
    });
  if (isKubernetesPlan(plan)) return plan;
  const now = await planUnit(deps, unit, declaration, signal, planned);
  if (now.digest === plan.digest) return now;
  throw new Failure('HF1602', `live has changed: the plan is now ${now.digest}`, {
    where: { subject: plan.unit },
  });
}
