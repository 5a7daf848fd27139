import { Limit } from '../../concurrency/limit.ts';
import type { Declaration, DeclaredUnit } from '../../declared/declaration.ts';
import { moduleReach } from '../../declared/terraform/module.ts';
import { Failure, toFailure } from '../../failure/failure.ts';
import type { Comparison } from '../../findings/finding.ts';
import type { Environment, Purpose } from '../../programs/environment.ts';
import type { Driver } from '../driver.ts';
import { type Judged, judgedComparison, refuseFound, Turns, unknownUnit } from '../programs.ts';
import { observeScheduled } from '../schedule/observe.ts';
import { applyPlan } from './apply.ts';
import { planOf } from './digest.ts';
import { judge } from './findings.ts';
import type { TerraformPlan } from './plan-file.ts';
import { openSession, type Session } from './session.ts';

export interface TerraformDriverOptions {
  environment: Environment;
  /** How many modules are planned at once; each takes about half a gigabyte. */
  atOnce?: number;
  now?: () => number;
}

/** The driver of Terraform and OpenTofu root modules: the real program plans, and its plan is the judge. */
export function terraformDriver({ environment, atOnce = 2, now = Date.now }: TerraformDriverOptions): Driver {
  const pool = new Limit(atOnce);
  const initializing = new Limit(1);
  const turns = new Turns();

  function withSession<T>(
    unit: DeclaredUnit,
    purpose: Purpose,
    signal: AbortSignal | undefined,
    work: (session: Session) => Promise<T>,
  ): Promise<T> {
    return turns.run(unit, async () => {
      if (signal?.aborted === true) throw new Failure('HF2003', 'it was asked to end before it began');
      const session = await openSession(unit, { environment, purpose, initializing, signal });
      try {
        return await work(session);
      } finally {
        await session.close();
      }
    });
  }

  async function compare(
    unit: DeclaredUnit,
    declaration: Declaration,
    signal?: AbortSignal,
  ): Promise<Comparison> {
    const began = now();
    const judged = await judgedBy(unit, () => withSession(unit, 'plan', signal, session => session.plan()));
    return judgedComparison(unit, declaration, judged, { began, ended: now() });
  }

  return {
    name: 'terraform',
    compare,
    observe: (unit, declaration, listener) =>
      observeScheduled(unit, declaration, listener, { compare, schedule: '*/15 * * * *', pool }),
    async plan(unit, declaration, signal) {
      refuseFound(unit, unit.findings);
      const plan = await withSession(unit, 'apply', signal, session => session.plan());
      return planOf(plan, unit.definition.name, declaration.revision ?? '');
    },
    async apply(unit, _declaration, plan, options) {
      refuseFound(unit, unit.findings);
      return withSession(unit, 'apply', options.signal, session => applyPlan(session, plan, options));
    },
  };
}

/** What of the module cannot be read makes it unknown; so does what Terraform cannot plan. */
async function judgedBy(unit: DeclaredUnit, plan: () => Promise<TerraformPlan>): Promise<Judged> {
  const none = { findings: unit.findings, resources: { declared: 0, inSync: 0 } };
  const { definition, sources } = unit;
  if (unit.findings.length > 0 || sources === undefined) return none;
  try {
    const { blocks } = await moduleReach(definition.name, sources.tree, definition.path);
    return judge(await plan(), definition, blocks);
  } catch (error) {
    const failure = toFailure(error, 'HF1002');
    const origin = ofDeclaration.includes(failure.code) ? 'declaration' : 'terraform';
    return { ...none, findings: [unknownUnit(unit, failure, origin)] };
  }
}

/** Codes of what the module's files must change about. */
const ofDeclaration: readonly string[] = ['HF2009', 'HF2010'];
