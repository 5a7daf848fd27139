import type { Connection } from '../cluster/connection.ts';
import type { DriverName } from '../findings/finding.ts';
import type { Driver } from './driver.ts';

/** What drivers may need of the process that they run in. */
export interface DriverContext {
  /** The cluster, opened when the first driver that needs it is asked for; one for all of them. Throws HF13xx. */
  connection(): Promise<Connection>;
}

type Opener = (context: DriverContext) => Promise<Driver>;

/** Each driver of this release; its code is loaded when a unit needs it. A driver that is not here leaves its units `unknown`. */
const openers: Partial<Record<DriverName, Opener>> = {
  kubernetes: async ({ connection }) =>
    (await import('./kubernetes/driver.ts')).kubernetesDriver({ connection: await connection() }),
};

/** The drivers of these names, as far as this release has them. */
export async function openDrivers(
  names: Iterable<DriverName>,
  context: DriverContext,
): Promise<Map<DriverName, Driver>> {
  const drivers = new Map<DriverName, Driver>();
  for (const name of new Set(names)) {
    const open = openers[name];
    if (open !== undefined) drivers.set(name, await open(context));
  }
  return drivers;
}

/** The names of all drivers that this release has. */
export const driverNames = Object.keys(openers) as DriverName[];
