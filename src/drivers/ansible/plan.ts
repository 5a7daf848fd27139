import { createHash } from 'node:crypto';
import type { ResourceRef } from '../../findings/finding.ts';
import type { Plan, PlannedAction } from '../driver.ts';
import { changesOf } from './changes.ts';
import type { TaskResult } from './events.ts';
import { isUntold } from './findings.ts';

/** A task on a host, as findings and plans name it. */
export function refOf({ action, host, task }: Pick<TaskResult, 'action' | 'host' | 'task'>): ResourceRef {
  return { type: action, name: `${host}: ${task}` };
}

/** Where a path of an attribute says that check mode could not tell. */
const untold = '/(cannot be told before it runs)';

/**
 * The plan of a playbook: every task that would change a host, and every one of which check mode cannot tell, since converging runs
 * it. The digest covers hosts, tasks and fields, and the revision that says to what; not the values, as a template may give another
 * text each time (the date). Hosts that cannot be reached are refused, and the others converge.
 */
export function planOf(unit: string, revision: string, results: readonly TaskResult[]): Plan {
  const actions: PlannedAction[] = [];
  const refused: Plan['refused'] = [];
  for (const result of results) {
    if (result.event === 'unreachable')
      refused.push({
        resource: { type: 'Host', name: result.host },
        message: 'HF2103 the host cannot be reached',
      });
    else if (isUntold(result)) actions.push({ action: 'change', resource: refOf(result), paths: [untold] });
    else if (result.event === 'ok' && result.changed && !result.handler) {
      const paths = result.hidden ? ['/no_log'] : changesOf(result.parts).map(({ path }) => path);
      actions.push({ action: 'change', resource: refOf(result), ...(paths.length === 0 ? {} : { paths }) });
    }
  }
  const covered = [...actions, ...refused].map(one => JSON.stringify(one)).sort();
  const digest = createHash('sha256')
    .update(JSON.stringify([unit, revision, covered]))
    .digest('hex');
  return { unit, revision, digest: `sha256:${digest}`, actions, refused };
}

/** The hosts that a plan names, as Ansible's inventory calls them. */
export function hostsOf({ actions }: Plan): string[] {
  return [...new Set(actions.map(({ resource }) => resource.name.split(': ')[0] ?? ''))].sort();
}
