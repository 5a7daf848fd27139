import { Cluster } from '../cluster/cluster.ts';
import { Connection } from '../cluster/connection.ts';
import { clusterAuditRecords } from '../converge/audit/audit-records.ts';
import { type TrailEntry, trailOf } from '../converge/audit/trail.ts';
import { storedVerdicts } from '../converge/audit/verdicts.ts';
import { clusterFreezes } from '../converge/freeze/freezes.ts';
import { clusterSyncs } from '../converge/sync-store.ts';
import { Failure } from '../failure/failure.ts';
import { visible } from '../report/terminal.ts';

export interface LogOptions {
  kubeconfig?: string;
  context?: string;
  namespace: string;
  unit: string[];
  /** RFC 3339 or a date. */
  since?: string;
  output: 'text' | 'jsonl';
}

/** `holdfast log`: every verdict, sync, freeze and refused request that is kept, oldest first; for people, or as JSON lines. */
export async function log(options: LogOptions): Promise<number> {
  const since = options.since === undefined ? undefined : Date.parse(options.since);
  if (Number.isNaN(since)) throw new Failure('HF1001', `${options.since} is no time, such as 2026-11-21`);
  const entries = (await recorded(options)).filter(
    ({ time, unit }) =>
      (since === undefined || Date.parse(time) >= since) &&
      (options.unit.length === 0 || (unit !== undefined && options.unit.includes(unit))),
  );
  const lines = entries.map(entry => (options.output === 'jsonl' ? JSON.stringify(entry) : lineOf(entry)));
  const text = lines.map(line => `${line}\n`).join('');
  await new Promise<void>(done => process.stdout.write(text || emptyText(options), () => done()));
  return 0;
}

async function recorded(options: LogOptions): Promise<TrailEntry[]> {
  const connection = await Connection.open(options);
  try {
    const cluster = new Cluster(connection);
    const { namespace } = options;
    const [syncs, verdicts, freezes, records] = await Promise.all([
      clusterSyncs(cluster, namespace).list(),
      storedVerdicts(cluster, namespace),
      clusterFreezes(cluster, namespace).list(),
      clusterAuditRecords(cluster, namespace).list(),
    ]);
    return trailOf({ syncs, verdicts, freezes, records });
  } finally {
    connection.close();
  }
}

/** One line for people: when, what, of which unit and revision, how it ended, on whose word, and why. */
export function lineOf(entry: TrailEntry): string {
  const { time, what, outcome, unit, revision, by, pulls = [], approvers = [], message, name } = entry;
  const words = [
    new Date(time).toISOString().replace(/\.\d+Z$/, 'Z'),
    what,
    ...(unit === undefined ? [] : [unit]),
    ...(revision === undefined ? [] : [revision.slice(0, 7)]),
    outcome,
    ...(pulls.length === 0 ? [] : [`by pull ${pulls.map(number => `#${number}`).join(', ')}`]),
    ...(approvers.length === 0 ? [] : [`approved by ${approvers.join(', ')}`]),
    ...(by === undefined ? [] : [`asked for by ${by}`]),
    `(${name})`,
  ];
  const rest = message === undefined ? '' : `: ${message}`;
  return visible(`${words.join(' ')}${rest}`);
}

function emptyText({ output }: LogOptions): string {
  return output === 'jsonl' ? '' : 'Nothing is recorded.\n';
}
