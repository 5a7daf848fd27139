import { Cluster } from '../cluster/cluster.ts';
import { Connection } from '../cluster/connection.ts';
import { bounded } from '../concurrency/bounded.ts';
import { clusterInventories } from '../converge/inventory/inventories.ts';
import { knownOf } from '../converge/inventory/known.ts';
import type { Plan } from '../drivers/driver.ts';
import { openDrivers } from '../drivers/open.ts';
import { Failure, toFailure } from '../failure/failure.ts';
import { resourceTitle } from '../findings/finding.ts';
import { DriftReportStore } from '../incidents/store.ts';
import { sortedKeys } from '../report/report.ts';
import { visible } from '../report/terminal.ts';
import { chosenUnits, declaredAt } from './declared.ts';

export interface PlanCommandOptions {
  kubeconfig?: string;
  context?: string;
  namespace: string;
  /** The checkout whose object store has the revision. */
  repository: string;
  revision?: string;
  environment?: string;
  output: 'text' | 'json';
}

type Planned = Plan | { unit: string; failed: string };

/**
 * `holdfast sync --dry-run`: what syncs to a revision would do, computed against live as the converger computes it, and nothing is
 * changed. The revision is the one that the daemon compares with, unless one is named. Returns 2 when something cannot be planned,
 * else 1 when there is anything to do, else 0.
 */
export async function planSyncs(units: readonly string[], options: PlanCommandOptions): Promise<number> {
  const connection = await Connection.open(options);
  try {
    const revision = options.revision ?? (await comparedRevision(connection, options.namespace));
    const { declaration } = await declaredAt(options.repository, { ...options, revision });
    const chosen = chosenUnits(declaration, units);
    const inventories = clusterInventories(new Cluster(connection), options.namespace);
    const names = new Set(chosen.map(({ definition }) => definition.driver));
    const drivers = await openDrivers(names, { connection: async () => connection });
    const planned = await bounded(chosen, 4, async (unit): Promise<Planned> => {
      const { name, driver: driverName } = unit.definition;
      const driver = drivers.get(driverName);
      if (driver === undefined) return { unit: name, failed: `HF1108 there is no driver ${driverName} here` };
      try {
        // without Holdfast's own kinds nothing was ever synced: then nothing would be deleted
        const known = await knownOf(name, inventories).catch(() => ({ inventory: undefined }));
        return await driver.plan(unit, declaration, undefined, known);
      } catch (error) {
        return { unit: name, failed: toFailure(error, 'HF1002').line };
      }
    });
    const text = options.output === 'json' ? jsonOf(planned) : planned.map(textOf).join('\n');
    await new Promise<void>(done => process.stdout.write(text, () => done()));
    return codeOf(planned);
  } finally {
    connection.close();
  }
}

/** The one revision that the daemon compares with. Throws HF1604 where there is none, or more than one. */
async function comparedRevision(connection: Connection, namespace: string): Promise<string> {
  const reports = await new DriftReportStore(connection, { namespace }).load();
  const revisions = new Set(reports.flatMap(({ state }) => state?.revision ?? []));
  const [first] = revisions;
  if (first !== undefined && revisions.size === 1) return first;
  const why =
    first === undefined ? 'no daemon has compared a unit yet' : 'the daemon is between two revisions';
  throw new Failure('HF1604', `${why}: name the revision with --revision`);
}

function codeOf(planned: readonly Planned[]): number {
  if (planned.some(plan => 'failed' in plan || plan.refused.length > 0)) return 2;
  return planned.some(plan => !('failed' in plan) && plan.actions.length > 0) ? 1 : 0;
}

/** Of a driver's plan only what is `Plan`: the rest holds declared values. */
function jsonOf(planned: readonly Planned[]): string {
  const shown = planned.map(plan => {
    if ('failed' in plan) return plan;
    const { unit, revision, digest, actions, refused, kept, hooks, waitsFor } = plan;
    return { unit, revision, digest, actions, refused, kept, hooks, waitsFor };
  });
  return `${JSON.stringify(sortedKeys(shown), null, 2)}\n`;
}

/** A plan for people: a line for each object, then what is run, left, refused and waited for. */
export function textOf(plan: Planned): string {
  if ('failed' in plan) return `${visible(`${plan.unit}: cannot be planned: ${plan.failed}`)}\n`;
  const { unit, revision, digest, actions, refused, kept = [], hooks = [], waitsFor = [] } = plan;
  const nothing = actions.length === 0 && hooks.length === 0 ? ', nothing to do' : '';
  const lines = [
    `${unit} at ${revision.slice(0, 7)} (${digest.slice(0, 19)})${nothing}`,
    ...actions.map(
      ({ action, resource, paths = [], message }) =>
        `  ${action} ${resourceTitle(resource)}${paths.length === 0 ? '' : ` ${paths.join(' ')}`}${message === undefined ? '' : `: ${message}`}`,
    ),
    ...hooks.map(({ when, resource }) => `  run ${when} ${resourceTitle(resource)}`),
    ...kept.map(({ resource, message }) => `  keep ${resourceTitle(resource)}: ${message}`),
    ...refused.map(({ resource, message }) => `  refused ${resourceTitle(resource)}: ${message}`),
    ...(waitsFor.length === 0 ? [] : [`  waits for ${waitsFor.join(', ')}`]),
  ];
  return lines.map(line => `${visible(line)}\n`).join('');
}
