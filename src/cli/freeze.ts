import { userInfo } from 'node:os';
import { Cluster } from '../cluster/cluster.ts';
import { Connection } from '../cluster/connection.ts';
import { endOf, type Freeze } from '../converge/freeze/freeze.ts';
import { clusterFreezes, type Freezes } from '../converge/freeze/freezes.ts';
import { Failure } from '../failure/failure.ts';
import { visible } from '../report/terminal.ts';

interface Where {
  kubeconfig?: string;
  context?: string;
  namespace: string;
}

export interface FreezeOptions extends Where {
  reason?: string;
  /** RFC 3339. */
  until?: string;
  /** `2h`, `3d`. */
  for?: string;
}

/** `holdfast freeze`: holds units by hand. Without a reason it lists what holds now. */
export async function freeze(units: readonly string[], options: FreezeOptions): Promise<number> {
  return withFreezes(options, async freezes => {
    const { reason } = options;
    if (reason === undefined) {
      if (units.length > 0) throw new Failure('HF1606', 'say why with --reason');
      return list(await freezes.current());
    }
    const made = await freezes.freeze({
      reason,
      by: userInfo().username.slice(0, 253),
      until: untilOf(options, new Date()),
      units: units.length === 0 ? undefined : units,
    });
    process.stdout.write(`${lineOf(made)}\n`);
    return 0;
  });
}

/** `holdfast unfreeze`: lifts the freezes of these names, or all. Returns 1 where nothing was to lift. */
export async function unfreeze(
  names: readonly string[],
  options: Where & { all?: boolean },
): Promise<number> {
  return withFreezes(options, async freezes => {
    if (names.length === 0 && options.all !== true) {
      await list(await freezes.current());
      throw new Failure('HF1606', 'name the freezes to lift, or lift them --all');
    }
    const by = userInfo().username.slice(0, 253);
    const lifted: Freeze[] = [];
    if (options.all === true) lifted.push(...(await freezes.unfreeze('all', by)));
    else for (const name of names) lifted.push(...(await freezes.unfreeze({ name }, by)));
    for (const each of lifted) process.stdout.write(`lifted ${lineOf(each)}\n`);
    if (lifted.length === 0) process.stderr.write('No such freeze is in force.\n');
    return lifted.length === 0 ? 1 : 0;
  });
}

/** When a freeze ends; undefined where nothing is said of it. Throws HF1606. `now` only counts for a span. */
export function untilOf(
  { until, for: span }: Pick<FreezeOptions, 'until' | 'for'>,
  now: Date,
): string | undefined {
  if (until !== undefined && span !== undefined)
    throw new Failure('HF1606', 'say either --until or --for, not both');
  if (until !== undefined) {
    const at = Date.parse(until);
    if (Number.isNaN(at)) throw new Failure('HF1606', `${until} is no time, such as 2027-01-02T08:00:00Z`);
    if (at <= now.getTime()) throw new Failure('HF1606', `${until} is over already`);
    return new Date(at).toISOString();
  }
  if (span === undefined) return undefined;
  const end = endOf(span, now);
  if (end === undefined) throw new Failure('HF1606', `${span} is no span, such as 90m, 2h or 3d`);
  return end;
}

async function withFreezes(options: Where, work: (freezes: Freezes) => Promise<number>): Promise<number> {
  const connection = await Connection.open(options);
  try {
    return await work(clusterFreezes(new Cluster(connection), options.namespace));
  } finally {
    connection.close();
  }
}

function list(freezes: readonly Freeze[]): number {
  const lines = freezes.map(each => `${lineOf(each)}\n`);
  process.stdout.write(lines.length === 0 ? 'Nothing is frozen by hand.\n' : lines.join(''));
  return 0;
}

function lineOf({ metadata, spec }: Freeze): string {
  const units = spec.units === undefined ? 'all units' : spec.units.join(', ');
  const until = spec.until === undefined ? 'until it is lifted' : `until ${spec.until}`;
  return visible(`${metadata.name}: ${units} frozen by ${spec.by} ${until}: ${spec.reason}`);
}
