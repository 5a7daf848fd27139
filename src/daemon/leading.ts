import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from '../cluster/cluster.ts';
import { fired } from '../concurrency/fired.ts';
import { leaseHolder, whileLeading } from '../converge/lease.ts';
import type { IncidentDesk } from '../incidents/desk.ts';
import type { Log } from '../log/log.ts';

/** The lease of the one observer of a namespace that tells; the others hand over to it what they see. */
export const observerLease = 'holdfast-observer';

/** The annotation of that lease which says where its holder can be asked. */
export const addressKey = 'holdfast.dev/address';

export interface LeadingParts {
  cluster: Cluster;
  namespace: string;
  holder: string;
  desk: Pick<IncidentDesk, 'start' | 'unsure' | 'rest' | 'close'>;
  log: Log;
  /** Told whether the lease is ours. */
  onLeading?: (held: boolean) => void;
  /** Where the others may pass requests on to; empty: nowhere. */
  address?: string;
  /** How long the lease counts; another observer takes over after it. */
  leaseMs?: number;
}

const lookEveryMs = 2_000;

/**
 * Lets the desk lead while the Lease is ours, until the signal. Where the lease cannot be renewed, the desk goes on unsurely
 * until it is known that another process holds it: then it rests.
 */
export async function leadDesk(parts: LeadingParts, signal: AbortSignal): Promise<void> {
  const { desk, log, onLeading, address = '', leaseMs = 6_000, ...lease } = parts;
  const named = { ...lease, name: observerLease, annotations: { [addressKey]: address } };
  const onChange = (held: boolean, message: string) => {
    onLeading?.(held);
    log.info({ held, message }, 'the lease of the observer changed');
  };
  let held = false;
  let unsure: AbortController | undefined;
  await whileLeading({ ...named, durationMs: leaseMs, onChange }, signal, async leading => {
    unsure?.abort();
    held = true;
    desk.start();
    await fired(leading);
    if (signal.aborted) {
      // The lease is given back only when all that was told is stored.
      await desk.close();
      return;
    }
    held = false;
    desk.unsure();
    unsure = new AbortController();
    void restWhenTaken(named, desk, () => held, AbortSignal.any([signal, unsure.signal]));
  });
}

/** Watches who holds the lease; another holder ends it all. */
async function restWhenTaken(
  lease: { cluster: Cluster; namespace: string; name: string; holder: string },
  desk: Pick<IncidentDesk, 'rest'>,
  held: () => boolean,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted && !held()) {
    const holder = await leaseHolder(lease).catch(() => undefined);
    if (signal.aborted || held()) return;
    if (holder !== undefined && holder !== lease.holder) {
      await desk.rest();
      return;
    }
    await sleep(lookEveryMs, undefined, { signal }).catch(() => undefined);
  }
}
