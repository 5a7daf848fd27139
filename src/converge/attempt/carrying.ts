import type { AppliedResource, Plan, PlanOptions } from '../../drivers/driver.ts';
import { type Failure, toFailure } from '../../failure/failure.ts';
import { isOutage } from '../../failure/outage.ts';
import { resourceKey } from '../../findings/finding.ts';
import { planRecord, refOf } from '../record.ts';
import { TakenOver } from '../recorder.ts';
import type { Sync } from '../sync.ts';
import { heldBack, supersededBy } from './admission.ts';
import type { Course, Ready } from './course.ts';
import { again, type Ending, final, waiting, waitsFor } from './ending.ts';
import { healthMs } from './outcome.ts';

/** A plan that was carried out to its end. */
export interface Carried {
  plan: Plan;
  applied: readonly AppliedResource[];
  /** Since the plan was made, in milliseconds. */
  tookMs: number;
}

/** Plans, records, applies: the ending where that is all, else what was carried out and is to be verified. */
export async function carryOut(course: Course, ready: Ready): Promise<Ending | Carried> {
  try {
    const plan = await plannedTwice(course, ready);
    if ('what' in plan) return plan;
    const began = performance.now();
    await ready.memory.noteCreations(plan);
    const applied = await apply(course, ready, plan);
    ready.memory.add(applied);
    return (
      (await judgeResults(course, applied, plan)) ?? { plan, applied, tookMs: performance.now() - began }
    );
  } catch (error) {
    if (error instanceof TakenOver) throw error;
    const failure = toFailure(error, 'HF1002');
    return isOutage(failure.code)
      ? outage(course, failure.code, waiting(failure))
      : final('Failed', failure.line);
  }
}

/** No answer is waited out for ever; answers that are errors only so often. */
export function outage({ parts, tries }: Course, code: Failure['code'], message: string): Ending {
  if (code === 'HF1308' && tries + 1 >= parts.timing.serverErrors)
    return final('Failed', `HF1601 given up after ${tries + 1} tries: ${message}`);
  return again(message, code !== 'HF1308');
}

/** The plan that is recorded and still the one to carry out when applying begins. */
async function plannedTwice(course: Course, ready: Ready): Promise<Plan | Ending> {
  const { unit, declaration, driver } = ready;
  const { recorder, results, signal } = course;
  const { sync } = recorder;
  const options = planOptions(course, ready);
  const shown = await driver.plan(unit, declaration, signal, options);
  if (shown.waitsFor !== undefined) return waitForUnits(course, shown.waitsFor);
  results.dropUnapplied();
  settleInterrupted(course, sync.status?.plan, shown);
  await recordPlan(course, shown, null);
  const stopped = (await supersededBy(course)) ?? (await heldBack(course));
  if (stopped !== undefined) return stopped;
  const plan = await driver.plan(unit, declaration, signal, options);
  if (plan.digest === shown.digest) return plan;
  await recordPlan(course, plan, 'live changed after the plan was recorded: this is the plan as it is now');
  if (sync.spec.reason !== 'request' || plan.actions.every(planned => includes(shown, planned.resource)))
    return plan;
  return final(
    'Failed',
    'HF1602 live changed after the plan was recorded; nothing was applied: look at the new plan and ask again',
  );
}

function planOptions({ parts, results }: Course, { memory }: Ready): PlanOptions {
  const today = parts.now().toISOString().slice(0, 10);
  return { inventory: memory.inventory, today, resumed: results.of('applied').length > 0 };
}

async function recordPlan({ recorder, results }: Course, plan: Plan, message: string | null): Promise<void> {
  for (const { resource, message: why } of plan.refused)
    results.add({ resource, action: 'refused', result: 'failed', message: why });
  await recorder.put({ phase: 'Applying', plan: planRecord(plan), message, ...results.record });
}

/** What an interrupted attempt planned, did not record, and is not to be done any more: it is as declared now. */
function settleInterrupted(
  { results }: Course,
  earlier: NonNullable<Sync['status']>['plan'],
  plan: Plan,
): void {
  const refused = new Set(plan.refused.map(({ resource }) => resourceKey(resource)));
  for (const { action, resource } of earlier?.actions ?? []) {
    const ref = refOf(resource);
    if (results.has(ref) || includes(plan, ref) || refused.has(resourceKey(ref))) continue;
    const message = 'found as declared when the sync was taken up again';
    results.add({ resource, action, result: 'applied', message });
  }
}

async function apply(course: Course, ready: Ready, plan: Plan): Promise<AppliedResource[]> {
  const { unit, declaration, driver } = ready;
  const { parts, recorder, results, signal, lost } = course;
  const earlier = results.of('applied').map(({ resource }) => refOf(resource));
  const hooks = plan.hooks?.length ?? 0;
  if (plan.actions.length === 0 && earlier.length === 0 && hooks === 0) return [];
  const { metadata, spec } = recorder.sync;
  return driver.apply(unit, declaration, plan, {
    planned: planOptions(course, ready),
    // what a hand changed is put right without running anything else
    run: spec.reason === 'drift' ? undefined : metadata.name,
    signal,
    lost,
    healthTimeoutMs: healthMs(unit, declaration, parts.timing.healthMs),
    alsoWaitFor: earlier.filter(ref => !includes(plan, ref)),
    onResource: applied => {
      results.add(applied);
      recorder.later(results.record, error => course.takenOver(error));
    },
  });
}

async function judgeResults(
  course: Course,
  applied: readonly AppliedResource[],
  plan: Plan,
): Promise<Ending | undefined> {
  const { recorder, results, signal } = course;
  if (signal.aborted) return again('stopped', true);
  await recorder.put(results.record);
  const broken = applied.find(({ code }) => code !== undefined && isOutage(code));
  if (broken?.code !== undefined)
    return outage(course, broken.code, `waits: ${broken.message ?? broken.code}`);
  const failed = results.of('failed');
  const first = failed[0];
  if (first === undefined) return undefined;
  const { kind, type, name } = first.resource;
  const of = failed.length + results.of('applied').length + results.of('skipped').length;
  const what = `${failed.length} of ${Math.max(of, plan.actions.length)} resources failed`;
  return final('Failed', `HF1601 ${what}; the first is ${kind ?? type} ${name}: ${first.message ?? ''}`);
}

/** The time counts from the first of the attempts in a row that had to wait: an outage before it takes nothing of it. */
function waitForUnits({ parts, waitsSince }: Course, units: readonly string[]): Ending {
  const now = parts.now().getTime();
  const since = waitsSince ?? now;
  const names = units.join(', ');
  if (now - since > parts.timing.otherUnitMs)
    return final('Failed', `HF1601 what it needs of ${names} did not come`);
  return waitsFor(names, since);
}

function includes(plan: Plan, ref: Parameters<typeof resourceKey>[0]): boolean {
  const key = resourceKey(ref);
  return plan.actions.some(({ resource }) => resourceKey(resource) === key);
}
