import type { Connection } from '../cluster/connection.ts';
import type { DriverName } from '../findings/finding.ts';
import type { Driver } from './driver.ts';

/** What drivers may need of the process that they run in. */
export interface DriverContext {
  /** The cluster, opened when the first driver that needs it is asked for; one for all of them. Throws HF13xx. */
  connection(): Promise<Connection>;
  /** What drivers that run programs take from the process: where the programs are, and credentials. That of the process unless told. */
  environment?: Readonly<Record<string, string | undefined>>;
}

/** `open` gives another driver, the same one to all who ask for it. */
type Opener = (
  context: DriverContext,
  open: (name: DriverName) => Promise<Driver | undefined>,
) => Promise<Driver>;

/** Each driver of this release; its code is loaded when a unit needs it. A driver that is not here leaves its units `unknown`. */
const openers: Partial<Record<DriverName, Opener>> = {
  kubernetes: async ({ connection }) =>
    (await import('./kubernetes/driver.ts')).kubernetesDriver({ connection: await connection() }),
  helm: async ({ connection }, open) => {
    const manifests = await open('kubernetes');
    if (manifests === undefined) throw new Error('the driver of releases needs that of manifests');
    return (await import('./helm/driver.ts')).helmDriver({ connection: await connection(), manifests });
  },
  cloudformation: async ({ environment = process.env }) =>
    (await import('./cloudformation/driver.ts')).cloudFormationDriver({ environment }),
  terraform: async ({ environment = process.env }) =>
    (await import('./terraform/driver.ts')).terraformDriver({ environment }),
  ansible: async ({ environment = process.env }) =>
    (await import('./ansible/driver.ts')).ansibleDriver({ environment }),
};

/** The drivers of these names, as far as this release has them. */
export async function openDrivers(
  names: Iterable<DriverName>,
  context: DriverContext,
): Promise<Map<DriverName, Driver>> {
  const opened = new Map<DriverName, Promise<Driver | undefined>>();
  const open = (name: DriverName): Promise<Driver | undefined> => {
    const known = opened.get(name) ?? openers[name]?.(context, open) ?? Promise.resolve(undefined);
    opened.set(name, known);
    return known;
  };
  const drivers = new Map<DriverName, Driver>();
  for (const name of new Set(names)) {
    const driver = await open(name);
    if (driver !== undefined) drivers.set(name, driver);
  }
  return drivers;
}

/** The names of all drivers that this release has. */
export const driverNames = Object.keys(openers) as DriverName[];
