import type { Declaration, DeclaredUnit } from '../../../declared/declaration.ts';
import { Failure } from '../../../failure/failure.ts';
import type { AppliedResource, ApplyOptions, Plan } from '../../driver.ts';
import { Application } from './application.ts';
import type { ConvergeDeps } from './deps.ts';
import { inSteps } from './order.ts';
import { planUnit } from './plan.ts';
import { isKubernetesPlan, type KubernetesPlan } from './work.ts';

/**
 * Carries a plan out, step by step (order.ts), several objects of a step at a time. Each object stands for itself: one that
 * fails spoils only what needs it (a kind, a namespace). Definitions and namespaces are waited for before what they hold, and
 * workloads before webhooks, admission policies and aggregated APIs, which could refuse everybody's requests.
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
  const { work } = await carriable(deps, unit, declaration, plan, options.signal);
  const application = await Application.begin(deps.cluster, unit, options);
  for (const { step, items } of inSteps(work)) {
    if (step === 'gates' && (await application.settle()) > 0)
      application.skip(items, 'a workload is not healthy');
    else await application.apply(items);
    if (step === 'foundations') await application.settle();
    if (step === 'foundations') await application.serve(work);
  }
  await application.settle();
  return application.results;
}

async function carriable(
  deps: ConvergeDeps,
  unit: DeclaredUnit,
  declaration: Declaration,
  plan: Plan,
  signal: AbortSignal,
): Promise<KubernetesPlan> {
  if (plan.unit !== unit.definition.name || plan.revision !== declaration.revision)
    throw new Failure('HF1602', 'the plan is for another unit or revision', {
      where: { subject: plan.unit },
    });
  if (isKubernetesPlan(plan)) return plan;
  const now = await planUnit(deps, unit, declaration, signal);
  if (now.digest === plan.digest) return now;
  throw new Failure('HF1602', `live has changed: the plan is now ${now.digest}`, {
    where: { subject: plan.unit },
  });
}
