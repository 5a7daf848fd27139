import { setTimeout as sleep } from 'node:timers/promises';
import { oneLine } from '../../../aws/failures.ts';
import type { StackEvent, Stacks } from '../../../aws/stacks.ts';
import type { Declaration, DeclaredUnit } from '../../../declared/declaration.ts';
import { Failure, toFailure } from '../../../failure/failure.ts';
import { resourceKey } from '../../../findings/finding.ts';
import type { AppliedResource, ApplyOptions, Plan, PlannedAction } from '../../driver.ts';
import { type ConvergeDeps, prepare } from './plan.ts';

/**
 * Makes the change set once more, executes it if it is the plan, and tells each resource as CloudFormation reports it, to the end of
 * a rollback. What was begun is watched to its end even when the signal fires, unless somebody else carries on (`lost`).
 * Throws HF1602 when the changes are not those of the plan any more.
 */
export async function applyStack(
  deps: ConvergeDeps,
  unit: DeclaredUnit,
  declaration: Declaration,
  plan: Plan,
  options: ApplyOptions,
): Promise<AppliedResource[]> {
  if (plan.actions.length === 0) return [];
  const { plan: fresh, set, declared } = await prepare(deps, unit, declaration, options.signal);
  const { sets, stacks } = await deps.ports(declared);
  if (set === undefined || fresh.digest !== plan.digest || options.signal.aborted) {
    if (set !== undefined) await sets.remove(set.id);
    if (options.signal.aborted) return [];
    throw new Failure(
      'HF1602',
      'what CloudFormation would change is not what was planned; nothing was executed',
    );
  }
  const before = await lastEvent(stacks, set.stackId);
  await sets.execute(set.id, plan.digest.slice(7, 43));
  return new Watch(stacks, set.stackId, plan, options, deps.waiting.everyMs).toTheEnd(before);
}

async function lastEvent(stacks: Stacks, name: string): Promise<string | undefined> {
  return (await stacks.events(name).catch(() => [])).at(-1)?.EventId;
}

/** Answers that fail in a row until watching is given up: CloudFormation goes on without us. */
const mostFailures = 30;

class Watch {
  readonly #stacks: Stacks;
  readonly #name: string;
  readonly #options: ApplyOptions;
  readonly #everyMs: number;
  readonly #planned: Map<string, PlannedAction>;
  readonly #results = new Map<string, AppliedResource>();
  #reason: string | undefined;

  constructor(stacks: Stacks, name: string, plan: Plan, options: ApplyOptions, everyMs: number) {
    this.#stacks = stacks;
    this.#name = name;
    this.#options = options;
    this.#everyMs = everyMs;
    this.#planned = new Map(
      plan.actions.map(action => ['name' in action.resource ? action.resource.name : '', action]),
    );
  }

  async toTheEnd(before: string | undefined): Promise<AppliedResource[]> {
    let last = before;
    let failures = 0;
    for (;;) {
      if (this.#options.lost?.aborted === true) return [...this.#results.values()];
      try {
        const status = (await this.#stacks.stack(this.#name))?.StackStatus ?? 'DELETE_COMPLETE';
        for (const event of await this.#stacks.events(this.#name, last)) {
          last = event.EventId;
          this.#tell(event);
        }
        failures = 0;
        if (!status.endsWith('_IN_PROGRESS')) return this.#ended(status);
      } catch (error) {
        failures += 1;
        if (failures >= mostFailures) throw toFailure(error, 'HF1911');
      }
      await sleep(this.#everyMs);
    }
  }

  #tell({ LogicalResourceId = '', ResourceStatus = '', ResourceStatusReason }: StackEvent): void {
    const planned = this.#planned.get(LogicalResourceId);
    if (ResourceStatus.endsWith('_FAILED'))
      this.#reason ??= `${LogicalResourceId}: ${oneLine(ResourceStatusReason ?? ResourceStatus, 300)}`;
    if (planned === undefined) return;
    if (ResourceStatus.endsWith('_FAILED'))
      this.#put(planned, 'failed', `HF1933 ${oneLine(ResourceStatusReason ?? ResourceStatus, 300)}`);
    else if (/^(?:CREATE|UPDATE|DELETE|IMPORT)_COMPLETE$/.test(ResourceStatus)) this.#put(planned, 'applied');
  }

  #put({ resource, action }: PlannedAction, result: AppliedResource['result'], message?: string): void {
    const applied: AppliedResource = {
      resource,
      action,
      result,
      ...(message === undefined ? {} : { message, code: 'HF1933' as const }),
    };
    const key = resourceKey(resource);
    // what failed stays failed, whatever its rollback reports
    if (this.#results.get(key)?.result === 'failed') return;
    this.#results.set(key, applied);
    this.#options.onResource(applied);
  }

  #ended(status: string): AppliedResource[] {
    const good = /^(?:CREATE|UPDATE|IMPORT)_COMPLETE$/.test(status);
    for (const planned of this.#planned.values()) {
      const told = this.#results.get(resourceKey(planned.resource));
      if (good && told === undefined) this.#put(planned, 'applied');
      if (good || told?.result === 'failed') continue;
      const words =
        status === 'UPDATE_ROLLBACK_FAILED'
          ? 'the rollback failed as well: a person must continue it'
          : 'it was rolled back';
      this.#put(
        planned,
        'failed',
        `HF1933 ${words} (${status}); ${this.#reason ?? 'CloudFormation gave no reason'}`,
      );
    }
    return [...this.#results.values()];
  }
}
