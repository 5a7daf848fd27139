import { inject } from 'vitest';
import { Connection } from '../../../src/cluster/connection.ts';
import { retired } from '../../../src/converge/inventory/known.ts';
import type { Declaration, DeclaredUnit } from '../../../src/declared/declaration.ts';
import type { AppliedResource, Driver, InventoryItem, Plan } from '../../../src/drivers/driver.ts';
import { kubernetesDriver } from '../../../src/drivers/kubernetes/driver.ts';
import { mustKubectl } from '../support/kubectl.ts';
import { declaredFrom } from './declared.ts';

export const openConnection = (kubeconfig = inject('kubeconfig')): Promise<Connection> =>
  Connection.open({ kubeconfig });

export async function openDriver(): Promise<Driver> {
  return kubernetesDriver({ connection: await openConnection() });
}

/** What a repository with these files declares, at a revision of its own. */
export const declaredBy = (files: Record<string, string>): Promise<Declaration> =>
  declaredFrom(files, 'a'.repeat(40));

export function unitOf(declaration: Declaration, name: string): DeclaredUnit {
  const unit = declaration.units.find(({ definition }) => definition.name === name);
  if (unit === undefined) throw new Error(`no unit ${name} is declared`);
  return unit;
}

/** One unit `shop` of one file, with what makes plans of it and carries them out. */
export async function shop(driver: Driver, manifests: string, settings?: string) {
  const declaration = await declaredBy({
    'manifests/shop/all.yaml': manifests,
    ...(settings === undefined ? {} : { 'holdfast.yaml': settings }),
  });
  const unit = unitOf(declaration, 'shop');
  const plan = () => driver.plan(unit, declaration);
  const apply = (
    planned: Plan,
    healthTimeoutMs = 20_000,
    signal = new AbortController().signal,
  ): Promise<AppliedResource[]> =>
    driver.apply(unit, declaration, planned, {
      onResource: () => undefined,
      signal,
      healthTimeoutMs,
    });
  return {
    plan,
    apply,
    converge: async () => apply(await plan()),
    compare: () => driver.compare(unit, declaration, undefined, 'declared'),
    findings: async () => (await driver.compare(unit, declaration)).findings,
  };
}

/** Units of a repository, with what one sync after the other remembers of them. */
export function repositoryOf(driver: Driver) {
  const inventories = new Map<string, InventoryItem[]>();
  const today = '2026-11-21';
  const planOf = async (name: string, files: Record<string, string>) => {
    const declaration = await declaredBy(files);
    const declared = declaration.units.find(({ definition }) => definition.name === name);
    const unit = declared ?? retired(name);
    const inventory = inventories.get(name);
    const plan = await driver.plan(unit, declaration, undefined, { inventory, today });
    return { declaration, unit, plan };
  };
  return {
    inventories,
    plan: async (name: string, files: Record<string, string>) => (await planOf(name, files)).plan,
    /** One sync: plans, applies, and remembers what is there where all went well. */
    async sync(name: string, files: Record<string, string>, run = 'sync-1', healthTimeoutMs = 20_000) {
      const { declaration, unit, plan } = await planOf(name, files);
      const applied = await driver.apply(unit, declaration, plan, {
        onResource: () => undefined,
        signal: new AbortController().signal,
        healthTimeoutMs,
        run,
      });
      const before = inventories.get(name) ?? [];
      const good = applied.every(({ result }) => result === 'applied') && plan.refused.length === 0;
      if (good)
        inventories.set(name, (await driver.inventory?.(unit, declaration, { before, applied })) ?? []);
      return { plan, applied };
    },
  };
}

/** `create Deployment web`, as a plan's actions or results say it. */
export const said = ({ action, resource }: Plan['actions'][number] | AppliedResource): string =>
  `${action} ${'kind' in resource ? resource.kind : resource.type} ${resource.name}`;

export const installCrds = (): Promise<string> =>
  mustKubectl('apply', '--server-side', '--force-conflicts', '-f', 'manifests/holdfast/crds');
