import type { Observation } from '../../../../../src/drivers/driver.ts';
import type { Comparison } from '../../../../../src/findings/finding.ts';
import { waitUntil } from '../../../support/wait-until.ts';
import { type openDriver, shopUnit, told } from './shop.ts';

/** An observation under test, with all that it told and when. */
export interface Witness {
  comparisons: { at: number; comparison: Comparison }[];
  observation: Observation;
  last(): Comparison | undefined;
  /** Waits until the newest comparison tells exactly this. */
  until(findings: readonly string[], ms?: number): Promise<Comparison>;
}

export async function witness(
  opened: Pick<Awaited<ReturnType<typeof openDriver>>, 'driver'>,
  declared: string | Parameters<Observation['declare']>,
): Promise<Witness> {
  const [unit, declaration] = typeof declared === 'string' ? await shop(declared) : declared;
  const comparisons: Witness['comparisons'] = [];
  const observation = opened.driver.observe(unit, declaration, comparison =>
    comparisons.push({ at: performance.now(), comparison }),
  );
  const last = () => comparisons.at(-1)?.comparison;
  return {
    comparisons,
    observation,
    last,
    async until(findings, ms = 10_000) {
      const wanted = [...findings].sort().join();
      await waitUntil(
        `the verdict to be: ${wanted || 'in sync'}`,
        async () => {
          const now = last();
          return now !== undefined && told(now).sort().join() === wanted;
        },
        ms,
      );
      return last() as Comparison;
    },
  };
}

async function shop(manifests: string): Promise<Parameters<Observation['declare']>> {
  const { unit, declaration } = await shopUnit(manifests);
  return [unit, declaration];
}
