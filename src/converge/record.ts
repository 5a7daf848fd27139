import type { AppliedResource, Plan, PlannedAction } from '../drivers/driver.ts';
import { type ResourceRef, resourceKey } from '../findings/finding.ts';
import type { Authorization } from '../gate/authorization.ts';
import type { SyncResult, SyncStatus } from './sync.ts';

/** A status must stay far below what etcd takes (1.5 MiB) and what `kubectl get` shows with patience. */
const bounds = {
  items: 500,
  planBytes: 200_000,
  keptBytes: 100_000,
  hooks: 100,
  resultBytes: 300_000,
  pullBytes: 200_000,
  message: 1_000,
  note: 10_000,
  reasons: 20,
  commits: 20,
  paths: 10,
  path: 300,
};

type Recorded<Key extends keyof SyncStatus> = NonNullable<SyncStatus[Key]>;

/** A plan as it is recorded: exact digest and counts, and as many of its actions as there is room for. Holds no values. */
export function planRecord(plan: Plan): Recorded<'plan'> {
  const count = (action: PlannedAction['action']) =>
    plan.actions.filter(planned => planned.action === action).length;
  const actions = plan.actions.map(({ action, resource, paths, message }) => ({
    action,
    resource,
    ...(message === undefined ? {} : { message: cut(message, bounds.message) }),
    ...(paths === undefined
      ? {}
      : { paths: paths.slice(0, bounds.paths).map(path => cut(path, bounds.path)) }),
  }));
  return {
    digest: plan.digest,
    creates: count('create'),
    changes: count('change'),
    recreates: count('recreate'),
    prunes: count('prune'),
    actions: fitting(actions, bounds.planBytes),
    ...(plan.kept === undefined
      ? {}
      : {
          kept: fitting(
            plan.kept.map(({ resource, message }) => ({ resource, message: cut(message, bounds.message) })),
            bounds.keptBytes,
          ),
        }),
    ...(plan.hooks === undefined ? {} : { hooks: plan.hooks.slice(0, bounds.hooks) }),
  };
}

/** A verdict as it is recorded in a Sync; of very many pull requests the newest. */
export function authorizationRecord(authorization: Authorization): Recorded<'authorization'> {
  const { verdict } = authorization;
  if (verdict === 'unknown') return { verdict, pulls: [], reasons: words(authorization.reasons) };
  const { digest } = authorization;
  const pulls = newestPulls(authorization.pulls);
  if (verdict === 'denied') return { verdict, pulls, digest, reasons: words(authorization.reasons) };
  return { verdict, pulls, digest, ...noteOf(authorization) };
}

/** What the ledger keeps of a verdict: as much as fits, so that a push of very many commits is written down like any other. */
export function verdictRecord(authorization: Exclude<Authorization, { verdict: 'unknown' }>) {
  const { verdict, from, revision, digest, repositoryId } = authorization;
  const pulls = newestPulls(authorization.pulls);
  if (verdict === 'authorized') {
    const id = repositoryId === undefined ? {} : { repositoryId };
    return { from, revision, verdict, digest, pulls, ...id, ...noteOf(authorization) };
  }
  const reasons = authorization.reasons.slice(0, bounds.reasons).map(({ message, commits, ...reason }) => ({
    ...reason,
    message: cut(message, bounds.message),
    commits: commits.slice(0, bounds.commits),
  }));
  return { from, revision, verdict, digest, pulls, reasons };
}

function newestPulls<T>(pulls: readonly T[]): T[] {
  return fitting(pulls.toReversed(), bounds.pullBytes).reverse();
}

function noteOf({ note }: { note?: string }): { note?: string } {
  return note === undefined ? {} : { note: cut(note, bounds.note) };
}

function words(reasons: readonly { message: string }[]): string[] {
  return reasons.slice(0, bounds.reasons).map(({ message }) => cut(message, bounds.message));
}

/** The results of all attempts of one sync; a later one of the same resource replaces the earlier. */
export class Results {
  readonly #byResource = new Map<string, SyncResult>();

  constructor(earlier: readonly SyncResult[] = []) {
    for (const result of earlier) this.#byResource.set(keyOf(result.resource), result);
  }

  add({ resource, action, result, message }: AppliedResource | SyncResult): void {
    const text = message === undefined ? {} : { message: cut(message, bounds.message) };
    this.#byResource.set(keyOf(resource), { resource, action, result, ...text });
  }

  has(resource: ResourceRef): boolean {
    return this.#byResource.has(resourceKey(resource));
  }

  /** Forgets what did not come to an end, before it is tried again. */
  dropUnapplied(): void {
    for (const [key, { result }] of this.#byResource) if (result !== 'applied') this.#byResource.delete(key);
  }

  of(result: SyncResult['result']): SyncResult[] {
    return [...this.#byResource.values()].filter(one => one.result === result);
  }

  /** For the status: exact counts; failures first, then the others in their order, as far as there is room. */
  get record(): { results: Recorded<'results'>; resultCounts: Recorded<'resultCounts'> } {
    const [failed, skipped, applied] = [this.of('failed'), this.of('skipped'), this.of('applied')];
    return {
      results: fitting([...failed, ...skipped, ...applied], bounds.resultBytes),
      resultCounts: { applied: applied.length, failed: failed.length, skipped: skipped.length },
    };
  }
}

/** A recorded resource as a reference. */
export function refOf({ apiVersion, kind, namespace, name, type }: SyncResult['resource']): ResourceRef {
  if (apiVersion === undefined || kind === undefined) return { type: type ?? '', name };
  return namespace === undefined ? { apiVersion, kind, name } : { apiVersion, kind, namespace, name };
}

function keyOf(resource: SyncResult['resource']): string {
  return resourceKey(refOf(resource));
}

function fitting<T>(items: readonly T[], mostBytes: number): T[] {
  const kept: T[] = [];
  let left = mostBytes;
  for (const item of items.slice(0, bounds.items)) {
    left -= Buffer.byteLength(JSON.stringify(item));
    if (left < 0) break;
    kept.push(item);
  }
  return kept;
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
