import { setTimeout as sleep } from 'node:timers/promises';
import type { AppliedResource, Plan } from '../../drivers/driver.ts';
import type { FailureCode } from '../../failure/codes.ts';
import { type Comparison, type Finding, type ResourceRef, resourceTitle } from '../../findings/finding.ts';
import type { Timing } from '../parts.ts';
import type { Ready } from './course.ts';

export type Verified =
  | /** `left`: objects that no file declares, whoever made them. */
  { as: 'declared'; left: number }
  | { as: 'drifted'; message: string }
  | { as: 'blind'; code: FailureCode; message: string };

/** What a plan found as declared is looked at again after so long, in milliseconds. */
const sureMs = 10_000;

/**
 * The resources that can be otherwise than the plan found them a moment ago: what was applied, and what was not as declared and
 * called for no action. Undefined where any can: a hook may have done anything, and much happens in a long time.
 */
export function touchedBy(
  plan: Plan,
  applied: readonly AppliedResource[],
  tookMs: number,
): ResourceRef[] | undefined {
  if (plan.open === undefined || tookMs > sureMs || applied.some(({ action }) => action === 'run'))
    return undefined;
  return [...plan.actions, ...applied].map(({ resource }) => resource).concat(plan.open);
}

/**
 * Compares until the unit is as declared or the time is over; controllers may still be finishing what was applied. With `touched`
 * only these resources are looked at, where the driver can. `blind` where live could not be compared at the end: then nothing is
 * claimed.
 */
export async function verify(
  { unit, declaration, driver }: Pick<Ready, 'unit' | 'declaration' | 'driver'>,
  timing: Pick<Timing, 'verifyMs' | 'verifyPauseMs'>,
  signal: AbortSignal,
  touched?: readonly ResourceRef[],
): Promise<Verified> {
  const deadline = performance.now() + timing.verifyMs;
  const compare = () =>
    touched === undefined || driver.compareSome === undefined
      ? driver.compare(unit, declaration, signal, 'declared')
      : driver.compareSome(unit, declaration, touched, signal);
  for (;;) {
    const verified = judged(await compare());
    if (verified.as === 'declared' || performance.now() >= deadline || signal.aborted) return verified;
    await sleep(timing.verifyPauseMs, undefined, { signal }).catch(() => undefined);
  }
}

/** What one comparison says about a unit that was just converged. */
export function judged(comparison: Comparison): Verified {
  const undeclaredObjects = comparison.findings.filter(isLeftAlone);
  const open = comparison.findings.filter(finding => !isLeftAlone(finding));
  const unknown = open.find(({ type }) => type === 'unknown');
  if (unknown !== undefined) return { as: 'blind', code: blindCode(unknown), message: told(unknown) };
  const [first] = open;
  if (first === undefined) return { as: 'declared', left: undeclaredObjects.length };
  const more = open.length > 1 ? ` and ${open.length - 1} more` : '';
  return { as: 'drifted', message: `${told(first)}${more}` };
}

/** What is no outage is counted, as a server's error is: it may stay so for ever. */
function blindCode({ code }: Finding): FailureCode {
  return code === 'HF1301' || code === 'HF1302' ? code : 'HF1308';
}

/** Converging touches neither what no file declares nor the Pods of a workload, which their controllers make. */
function isLeftAlone({ type, changes = [], code }: Finding): boolean {
  const children = changes.length > 0 && changes.every(({ path }) => path.startsWith('/children/'));
  return type === 'orphaned' || type === 'unmanaged' || (children && code === undefined);
}

function told({ resource, type, changes, message }: Finding): string {
  const where =
    changes === undefined
      ? ''
      : ` (${changes
          .slice(0, 3)
          .map(({ path }) => path)
          .join(', ')})`;
  return `${resourceTitle(resource)} is ${type}${where}${message === undefined ? '' : `: ${message}`}`;
}
