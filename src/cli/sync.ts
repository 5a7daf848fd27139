import { userInfo } from 'node:os';
import { Cluster } from '../cluster/cluster.ts';
import { Connection } from '../cluster/connection.ts';
import { convergerLease, leaseHolder } from '../converge/lease.ts';
import { isFinal, type Sync } from '../converge/sync.ts';
import { clusterSyncs, type SyncStore } from '../converge/sync-store.ts';
import { Failure } from '../failure/failure.ts';
import type { StoredReport } from '../incidents/drift-report.ts';
import { DriftReportStore } from '../incidents/store.ts';
import { visible } from '../report/terminal.ts';

export interface SyncOptions {
  kubeconfig?: string;
  context?: string;
  namespace: string;
  wait: boolean;
  /** Seconds. */
  timeout: number;
}

/**
 * `holdfast sync`: asks for syncs to the revision that the daemon compares with, and waits for their end. It can ask for
 * nothing else, and asking is all it does: the converger derives the authorization itself.
 */
export async function sync(units: readonly string[], options: SyncOptions): Promise<number> {
  const connection = await Connection.open(options);
  try {
    const reports = await new DriftReportStore(connection, { namespace: options.namespace }).load();
    const asked = requested(reports, units);
    if (asked.length === 0) return nothingAsked(reports);
    const cluster = new Cluster(connection);
    await refuseWithoutConverger(cluster, options.namespace);
    const syncs = clusterSyncs(cluster, options.namespace);
    const made: Sync[] = [];
    for (const { unit, revision } of asked) {
      made.push(
        await syncs.create({
          unit,
          revision,
          reason: 'request',
          requestedBy: userInfo().username.slice(0, 253),
        }),
      );
    }
    if (options.wait) return await ended(syncs, made, options.timeout * 1000);
    for (const one of made) process.stdout.write(`${one.metadata.name} asked for\n`);
    return 0;
  } finally {
    connection.close();
  }
}

/** Says why there is nothing to do; a unit that could not be compared is never called as declared. */
function nothingAsked(reports: readonly StoredReport[]): number {
  const unknown = reports.flatMap(({ unit, state }) =>
    unit !== undefined && state?.verdict === 'unknown' ? [visible(unit)] : [],
  );
  process.stdout.write(
    unknown.length === 0
      ? 'All units are as declared: nothing to do.\n'
      : `No unit has drifted, but it is not known of ${unknown.join(', ')}: name a unit to sync it all the same.\n`,
  );
  return unknown.length === 0 ? 0 : 2;
}

/** The units to sync with their revisions: those named, or all that have drifted. Throws HF1604. */
export function requested(
  reports: readonly StoredReport[],
  units: readonly string[],
): { unit: string; revision: string }[] {
  const known = new Map(
    reports.flatMap(({ unit, state }) =>
      unit === undefined || state === undefined ? [] : [[unit, state] as const],
    ),
  );
  if (known.size === 0) throw new Failure('HF1604', 'no daemon has compared a unit yet');
  const names =
    units.length > 0
      ? units
      : // of a unit that is declared no more there is nothing to sync
        [...known].flatMap(([unit, { verdict, declared }]) =>
          verdict === 'drifted' && declared > 0 ? [unit] : [],
        );
  return names.map(unit => {
    const revision = known.get(unit)?.revision;
    if (revision === undefined)
      throw new Failure('HF1604', `there is no unit ${unit}; known are ${[...known.keys()].join(', ')}`);
    if (revision === null) throw new Failure('HF1604', `the unit ${unit} is compared with no revision`);
    return { unit, revision };
  });
}

/** A request that nobody would see is not made. Throws HF1605. */
async function refuseWithoutConverger(cluster: Cluster, namespace: string): Promise<void> {
  try {
    if ((await leaseHolder({ cluster, namespace, name: convergerLease })) !== undefined) return;
  } catch (error) {
    // Who may ask for syncs need not be allowed to read Leases.
    if (error instanceof Failure && error.code === 'HF1303') return;
    throw error;
  }
  throw new Failure(
    'HF1605',
    `nobody carries out syncs in the namespace ${namespace}: a daemon without a forge only tells`,
  );
}

async function ended(syncs: SyncStore, made: readonly Sync[], timeoutMs: number): Promise<number> {
  const names = new Set(made.map(one => one.metadata.name));
  const phases = new Map<string, string>();
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), timeoutMs);
  let last: Sync[] = [];
  await syncs.watch(all => {
    last = all.filter(one => names.has(one.metadata.name));
    for (const { metadata, spec, status } of last) {
      const phase = status?.phase ?? 'Pending';
      if (phases.get(metadata.name) === phase) continue;
      phases.set(metadata.name, phase);
      process.stderr.write(`${spec.unit}: ${phase}\n`);
    }
    if (last.length === names.size && last.every(one => isFinal(one.status?.phase ?? 'Pending')))
      stop.abort();
  }, stop.signal);
  clearTimeout(timer);
  for (const { metadata, spec, status } of last) {
    const message = status?.message === undefined ? '' : `: ${visible(status.message)}`;
    process.stdout.write(`${spec.unit} ${status?.phase ?? 'Pending'} (${metadata.name})${message}\n`);
  }
  if (last.some(one => !isFinal(one.status?.phase ?? 'Pending')) || last.length < names.size) {
    process.stderr.write(
      'the wait is over, the sync is not: look with `holdfast status` or `kubectl get syncs`\n',
    );
    return 2;
  }
  return last.every(one => one.status?.phase === 'Succeeded') ? 0 : 1;
}
