import type { Declaration, DeclaredUnit } from '../declared/declaration.ts';
import type { Driver } from '../drivers/driver.ts';
import { Failure } from '../failure/failure.ts';
import { isOutage } from '../failure/outage.ts';
import type { Comparison, DriverName } from '../findings/finding.ts';
import { sideKey } from './sides.ts';
import type { LiveView } from './unit.ts';

export interface LiveQuestion {
  base: DeclaredUnit | undefined;
  head: DeclaredUnit | undefined;
  declarations: { base: Declaration; head: Declaration };
  /** Keys (`sideKey`) of what only the base declares. */
  removedKeys: ReadonlySet<string>;
  signal?: AbortSignal | undefined;
}

/** Where live is asked. */
export interface LiveSource {
  readonly from: 'cluster' | 'daemon';
  /** Undefined for a driver that cannot be asked here, or why the unit is not asked about. Throws a Failure when nothing can be told of it. */
  view(question: LiveQuestion): Promise<LiveView | { reason: string } | undefined>;
}

/** Live as the drivers see it with the rights of this process: reads and dry runs only. */
export function driversLive(drivers: ReadonlyMap<DriverName, Driver>): LiveSource {
  return {
    from: 'cluster',
    async view(question) {
      const name = (question.head ?? question.base)?.definition.driver;
      const driver = name === undefined ? undefined : drivers.get(name);
      return driver === undefined ? undefined : asked(driver, question);
    },
  };
}

/**
 * Live for a head that nobody has approved. It may say what is compared, never with whose rights: a CloudFormation unit is asked
 * about only where account, region and roles are those of the base, and no change set is made for it.
 */
export function guardedLive(drivers: ReadonlyMap<DriverName, Driver>): LiveSource {
  const source = driversLive(new Map([...drivers].filter(([name]) => harmless.has(name))));
  return {
    from: 'daemon',
    async view(question) {
      const { base, head } = question;
      if (head?.definition.driver !== 'cloudformation') return source.view(question);
      if (base === undefined || placeOf(base) !== placeOf(head))
        return {
          reason:
            'its stack, region or roles are not those of the base: it is compared with live after the merge',
        };
      const driver = drivers.get('cloudformation');
      return (
        driver && {
          head: await driver.compare(head, question.declarations.head, question.signal, 'declared'),
        }
      );
    },
  };
}

/**
 * Drivers whose units are rendered and compared for a head that nobody has approved: those that run no code of the repository. A
 * Terraform plan, or a playbook, would run the pull request's own.
 */
const harmless: ReadonlySet<DriverName> = new Set(['kubernetes', 'helm', 'cloudformation']);

/** Which stack, where, and with whose rights. */
function placeOf({ definition: { driver, path, cloudformation = {} } }: DeclaredUnit): string {
  return JSON.stringify([driver, path, cloudformation]);
}

async function asked(driver: Driver, question: LiveQuestion): Promise<LiveView> {
  const { head, declarations, signal } = question;
  const removed = await removedLive(driver, question);
  if (head === undefined) return { head: nothing(question), ...removed };
  const [comparison, plan] = await Promise.all([
    driver.compare(head, declarations.head, signal, 'declared'),
    planned(driver, head, declarations.head, signal),
  ]);
  return { head: comparison, ...removed, ...plan };
}

/** A plan that cannot be made says why; an outage is not passed over. */
async function planned(
  driver: Driver,
  head: DeclaredUnit,
  declaration: Declaration,
  signal: AbortSignal | undefined,
): Promise<Pick<LiveView, 'plan' | 'unplanned'>> {
  try {
    return { plan: await driver.plan(head, declaration, signal) };
  } catch (error) {
    if (error instanceof Failure && !isOutage(error.code)) return { unplanned: error.line };
    throw error;
  }
}

/** What the head drops, compared as if it were a unit of its own: what is missing there is gone already. */
async function removedLive(
  driver: Driver,
  { base, removedKeys, declarations, signal }: LiveQuestion,
): Promise<{ removed?: Comparison }> {
  if (base === undefined || removedKeys.size === 0 || base.objects.length === 0) return {};
  const home = base.definition.namespace ?? 'default';
  const objects = base.objects.filter(({ ref }) =>
    [ref, { ...ref, namespace: ref.namespace ?? home }].some(each => removedKeys.has(sideKey(each))),
  );
  if (objects.length === 0) return {};
  const unit: DeclaredUnit = { ...base, objects, findings: [], hash: `${base.hash} removed` };
  return { removed: await driver.compare(unit, declarations.base, signal, 'declared') };
}

function nothing({ base }: LiveQuestion): Comparison {
  return {
    unit: base?.definition.name ?? '',
    driver: base?.definition.driver ?? 'kubernetes',
    verdict: 'in-sync',
    resources: { declared: 0, inSync: 0 },
    findings: [],
    elapsedMs: 0,
  };
}
