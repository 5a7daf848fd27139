import { shopUnit } from '../../../real/drivers/kubernetes/support/shop.ts';
import type { Bench } from './bench.ts';

/** Plans are made of revisions alone; what a revision is, is of no interest to a driver. */
const revision = 'c'.repeat(40);

async function declared(bench: Bench, manifests: string, settings: string) {
  const { unit, declaration } = await shopUnit(bench.fill(manifests), bench.fill(settings));
  return { unit, declaration: { ...declaration, revision } };
}

/** What converging would do: `change Deployment /spec/replicas`, `refused`, or `nothing`. */
export async function planned(bench: Bench, manifests: string, settings = ''): Promise<string> {
  const { unit, declaration } = await declared(bench, manifests, settings);
  const { actions, refused } = await bench.driver.plan(unit, declaration);
  const words = actions.map(({ action, resource, paths }) => {
    const what = 'kind' in resource ? resource.kind : resource.type;
    return [action, what, ...(paths ?? [])].join(' ');
  });
  return [...words.sort(), ...refused.map(() => 'refused')].join('; ') || 'nothing';
}

/** Plans and applies; anything that is not applied is thrown. */
export async function converge(bench: Bench, manifests: string, settings = ''): Promise<void> {
  const { unit, declaration } = await declared(bench, manifests, settings);
  const plan = await bench.driver.plan(unit, declaration);
  const applied = await bench.driver.apply(unit, declaration, plan, {
    onResource: () => undefined,
    signal: new AbortController().signal,
    healthTimeoutMs: 20_000,
  });
  const failed = applied.filter(({ result }) => result !== 'applied');
  if (failed.length > 0 || plan.refused.length > 0) throw new Error(JSON.stringify([failed, plan.refused]));
}
