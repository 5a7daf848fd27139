import { resourceKey } from '../../findings/finding.ts';
import type { AppliedResource, ApplyOptions, Plan } from '../driver.ts';
import type { TaskResult } from './events.ts';
import { hostsOf, refOf } from './plan.ts';
import type { PlaybookRun } from './run.ts';

type Run = (hosts: readonly string[], onResult: (result: TaskResult) => void) => Promise<PlaybookRun>;

/**
 * Runs the playbook for real on the hosts that the plan names, and tells what became of each task: of those that were planned, and
 * of what followed from them (handlers, commands).
 */
export async function applyPlaybook(plan: Plan, options: ApplyOptions, run: Run): Promise<AppliedResource[]> {
  const results = new Map<string, AppliedResource>();
  const planned = new Set(plan.actions.map(({ resource }) => resourceKey(resource)));
  const tell = (applied: AppliedResource) => {
    results.set(resourceKey(applied.resource), applied);
    options.onResource(applied);
  };
  const { whole } = await run(hostsOf(plan), result => {
    const resource = refOf(result);
    const failed = (result.event === 'failed' && !result.ignored) || result.event === 'unreachable';
    const message =
      result.event === 'unreachable' ? 'HF2103 the host cannot be reached' : 'HF2105 the task failed';
    if (failed)
      tell({
        resource,
        action: 'change',
        result: 'failed',
        message,
        code: result.event === 'unreachable' ? 'HF2103' : 'HF2105',
      });
    else if (result.changed || planned.has(resourceKey(resource)))
      tell({ resource, action: 'change', result: 'applied' });
  });
  for (const { resource, action } of plan.actions) {
    if (results.has(resourceKey(resource))) continue;
    const message = whole ? 'the playbook did not come to it' : 'the run ended before it came to it';
    tell({ resource, action, result: 'skipped', message });
  }
  return [...results.values()];
}
