import { Failure } from '../../failure/failure.ts';
import { type ResourceRef, resourceKey } from '../../findings/finding.ts';
import type { AppliedResource, ApplyOptions, Plan, PlannedAction } from '../driver.ts';
import { planOf } from './digest.ts';
import { type Message, messageOf } from './messages.ts';
import type { Session } from './session.ts';

/**
 * Makes a fresh plan in the session and carries it out if it is the one that was approved: the plan file that Terraform saves knows
 * of changes of the state alone, and would go over what changed live since. Resolves to what became of each resource.
 */
export async function applyPlan(
  session: Session,
  approved: Plan,
  options: ApplyOptions,
): Promise<AppliedResource[]> {
  const fresh = planOf(await session.plan(), approved.unit, approved.revision);
  if (fresh.digest !== approved.digest)
    throw new Failure(
      'HF1602',
      'a plan that was made right before applying is not the recorded one; nothing was applied',
    );
  if (options.signal.aborted) return [];
  const results = new Map<string, AppliedResource>();
  const planned = new Map(fresh.actions.map(action => [action.resource.name, action]));
  const tell = (action: PlannedAction, result: AppliedResource['result'], message?: string) => {
    const applied: AppliedResource = {
      resource: action.resource,
      action: action.action,
      result,
      ...(message === undefined ? {} : { message, code: 'HF2006' }),
    };
    results.set(resourceKey(action.resource), applied);
    options.onResource(applied);
  };
  const end = await session.apply(line => {
    const done = doneIn(messageOf(line), planned);
    if (done !== undefined)
      tell(
        done.action,
        done.result,
        done.result === 'failed' ? 'HF2006 Terraform could not do it' : undefined,
      );
  });
  const failure = end.by === 'itself' && end.exitCode === 0 ? undefined : session.failure(end, 'HF2006');
  if (failure !== undefined && results.size === 0 && failure.code !== 'HF2006') throw failure;
  for (const action of fresh.actions) {
    const before = results.get(resourceKey(action.resource));
    if (failure === undefined && before?.result !== 'applied') tell(action, 'applied');
    if (failure !== undefined && before?.result !== 'applied') tell(action, 'failed', failure.line);
  }
  return [...results.values()];
}

/** Of a resource that is replaced two things are told: that it was destroyed, and that it was made. The second ends it. */
function doneIn(
  message: Message | undefined,
  planned: ReadonlyMap<ResourceRef['name'], PlannedAction>,
): { action: PlannedAction; result: 'applied' | 'failed' } | undefined {
  const action = planned.get(message?.hook?.resource.addr ?? '');
  if (action === undefined) return undefined;
  if (message?.type === 'apply_errored') return { action, result: 'failed' };
  if (message?.type !== 'apply_complete') return undefined;
  const half = action.action === 'recreate' && message.hook?.action === 'delete';
  return half ? undefined : { action, result: 'applied' };
}
