import { ignore } from '../../compare/ignore.ts';
import { Limit } from '../../concurrency/limit.ts';
import type { Declaration, DeclaredUnit } from '../../declared/declaration.ts';
import { moduleReach } from '../../declared/terraform/module.ts';
import { Failure, toFailure } from '../../failure/failure.ts';
import type { Comparison, Finding, Origin } from '../../findings/finding.ts';
import { sortFindings, verdictOf } from '../../findings/verdict.ts';
import type { Environment, Purpose } from '../../render/environment.ts';
import type { Driver } from '../driver.ts';
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
  const turns = new Map<string, Limit>();

  /** One run of a unit at a time: a comparison must not fight a sync for the lock. */
  async function withSession<T>(
    unit: DeclaredUnit,
    purpose: Purpose,
    signal: AbortSignal | undefined,
    work: (session: Session) => Promise<T>,
  ): Promise<T> {
    const { name } = unit.definition;
    const turn = turns.get(name) ?? new Limit(1);
    turns.set(name, turn);
    return turn.run(async () => {
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
    const begun = now();
    const judged = await findingsOf(unit, () => withSession(unit, 'plan', signal, session => session.plan()));
    const today = new Date(begun).toISOString().slice(0, 10);
    const { findings, exempt, used } = ignore(judged.findings, declaration.settings.ignore, today);
    const sorted = sortFindings(findings);
    return {
      unit: unit.definition.name,
      driver: 'terraform',
      verdict: verdictOf(sorted),
      resources: judged.resources,
      findings: sorted,
      exempt: [...judged.exempt, ...exempt],
      usedRules: used,
      elapsedMs: now() - begun,
    };
  }

  return {
    name: 'terraform',
    compare,
    observe: (unit, declaration, listener) =>
      observeScheduled(unit, declaration, listener, { compare, schedule: '*/15 * * * *', pool }),
    async plan(unit, declaration, signal) {
      refuseIncomplete(unit);
      const plan = await withSession(unit, 'apply', signal, session => session.plan());
      return planOf(plan, unit.definition.name, declaration.revision ?? '');
    },
    async apply(unit, _declaration, plan, options) {
      refuseIncomplete(unit);
      return withSession(unit, 'apply', options.signal, session => applyPlan(session, plan, options));
    },
  };
}

/** What of the module cannot be read makes it unknown; so does what Terraform cannot plan. */
async function findingsOf(unit: DeclaredUnit, plan: () => Promise<TerraformPlan>) {
  const none = { findings: unit.findings, exempt: [], resources: { declared: 0, inSync: 0 } };
  const { definition, sources } = unit;
  if (unit.findings.length > 0 || sources === undefined) return none;
  try {
    const { blocks } = await moduleReach(definition.name, sources.tree, definition.path);
    return judge(await plan(), definition, blocks);
  } catch (error) {
    return { ...none, findings: [unknown(unit, toFailure(error, 'HF1002'))] };
  }
}

/** Codes of what the module's files must change about. */
const ofDeclaration: readonly string[] = ['HF2009', 'HF2010'];

function unknown({ definition: { name, path, source } }: DeclaredUnit, failure: Failure): Finding {
  const { file, line } = failure.where;
  const declared = file !== undefined || ofDeclaration.includes(failure.code);
  const origin: Origin = declared ? 'declaration' : 'terraform';
  const place =
    file === undefined ? (source ?? { file: path }) : { file, ...(line === undefined ? {} : { line }) };
  return {
    unit: name,
    type: 'unknown',
    resource: { type: 'Unit', name },
    source: place,
    code: failure.code,
    origin,
    message: failure.line,
  };
}

/** What cannot be read as a whole is only looked at, never applied. */
function refuseIncomplete({ findings, definition: { name } }: DeclaredUnit): void {
  const [first] = findings;
  if (first === undefined) return;
  throw new Failure(first.code ?? 'HF1105', first.message ?? 'a part of it cannot be read', {
    where: { subject: name },
  });
}
