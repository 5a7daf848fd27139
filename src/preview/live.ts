import { retired } from '../converge/inventory/known.ts';
import type { Declaration, DeclaredUnit } from '../declared/declaration.ts';
import type { Driver, InventoryItem, PlanOptions } from '../drivers/driver.ts';
import { Failure, toFailure } from '../failure/failure.ts';
import { isOutage } from '../failure/outage.ts';
import type { Comparison, DriverName } from '../findings/finding.ts';
import type { LiveView } from './live-view.ts';
import { sideKey } from './sides.ts';

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

/** What earlier syncs of a unit left behind; undefined where none is known. Throws a Failure HF13xx, or HF1607. */
export type InventoryOf = (unit: string) => Promise<InventoryItem[] | undefined>;

/** Live as the drivers see it with the rights of this process: reads and dry runs only. Without inventories nothing is told as deleted. */
export function driversLive(drivers: ReadonlyMap<DriverName, Driver>, inventoryOf?: InventoryOf): LiveSource {
  return {
    from: 'cluster',
    async view(question) {
      const name = (question.head ?? question.base)?.definition.driver;
      const driver = name === undefined ? undefined : drivers.get(name);
      return driver === undefined ? undefined : asked(driver, question, inventoryOf);
    },
  };
}

/**
 * Live for a head that nobody has approved. It may say what is compared, never with whose rights: a CloudFormation unit is asked
 * about only where account, region and roles are those of the base, and no change set is made for it.
 */
export function guardedLive(drivers: ReadonlyMap<DriverName, Driver>, inventoryOf?: InventoryOf): LiveSource {
  const source = driversLive(new Map([...drivers].filter(([name]) => harmless.has(name))), inventoryOf);
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

async function asked(
  driver: Driver,
  question: LiveQuestion,
  inventoryOf: InventoryOf | undefined,
): Promise<LiveView> {
  const { base, head, declarations, signal } = question;
  const name = (head ?? base)?.definition.name ?? '';
  const [known, removed] = await Promise.all([inventory(name, inventoryOf), removedLive(driver, question)]);
  const comparison =
    head === undefined
      ? nothing(question)
      : await driver.compare(head, declarations.head, signal, 'declared');
  // what a unit that is declared no more leaves behind is planned by its inventory alone
  const unit = head ?? (known.inventory !== undefined && driver.inventory ? retired(name) : undefined);
  if (unit === undefined) return { head: comparison, ...removed };
  const plan = await planned(driver, unit, question, { inventory: known.inventory, comparison });
  return { head: comparison, ...removed, ...plan, ...known.unsure };
}

async function inventory(
  unit: string,
  inventoryOf: InventoryOf | undefined,
): Promise<{ inventory?: InventoryItem[]; unsure?: Pick<LiveView, 'unsurePrunes'> }> {
  try {
    const found = await inventoryOf?.(unit);
    return found === undefined ? {} : { inventory: found };
  } catch (error) {
    const failure = toFailure(error, 'HF1308');
    // where Holdfast keeps nothing no sync has ever made anything
    return failure.code === 'HF1309' ? {} : { unsure: { unsurePrunes: failure.line } };
  }
}

/** A plan that cannot be made says why; an outage is not passed over. */
async function planned(
  driver: Driver,
  unit: DeclaredUnit,
  { declarations, signal }: LiveQuestion,
  options: PlanOptions,
): Promise<Pick<LiveView, 'plan' | 'unplanned'>> {
  try {
    return { plan: await driver.plan(unit, declarations.head, signal, options) };
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
