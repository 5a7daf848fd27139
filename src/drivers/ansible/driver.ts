import { ignore } from '../../compare/ignore.ts';
import { Limit } from '../../concurrency/limit.ts';
import type { Declaration, DeclaredUnit } from '../../declared/declaration.ts';
import { Failure, toFailure } from '../../failure/failure.ts';
import type { Comparison, Finding } from '../../findings/finding.ts';
import { sortFindings, verdictOf } from '../../findings/verdict.ts';
import type { Environment } from '../../render/environment.ts';
import type { Driver, Plan } from '../driver.ts';
import { observeScheduled } from '../schedule/observe.ts';
import { applyPlaybook } from './apply.ts';
import { judge } from './findings.ts';
import { planOf } from './plan.ts';
import { type PlaybookOptions, type PlaybookRun, runPlaybook } from './run.ts';
import { scan } from './scan.ts';

export interface AnsibleDriverOptions {
  environment: Environment;
  /** How many playbooks are checked at once. */
  atOnce?: number;
  now?: () => number;
}

/** The driver of Ansible playbooks: the real program in check mode says what would change, and the playbook itself converges. */
export function ansibleDriver({ environment, atOnce = 2, now = Date.now }: AnsibleDriverOptions): Driver {
  const pool = new Limit(atOnce);
  const turns = new Map<string, Limit>();

  /** One run of a unit at a time: a comparison beside a sync would see hosts half changed. */
  const run = (unit: DeclaredUnit, options: Omit<PlaybookOptions, 'environment'>): Promise<PlaybookRun> => {
    const { name } = unit.definition;
    const turn = turns.get(name) ?? new Limit(1);
    turns.set(name, turn);
    return turn.run(() => runPlaybook(unit, { environment, ...options }));
  };

  const compare: Driver['compare'] = async (unit, declaration, signal, only) => {
    const begun = now();
    const judged = await judgementOf(unit, () => run(unit, { purpose: 'plan', check: true, signal }));
    // What check mode cannot tell was just run for real when a sync asks.
    const asked = judged.findings.filter(({ code }) => only !== 'declared' || code !== 'HF2104');
    const today = new Date(begun).toISOString().slice(0, 10);
    const { findings, exempt, used } = ignore(asked, declaration.settings.ignore, today);
    const sorted = sortFindings(findings);
    return {
      unit: unit.definition.name,
      driver: 'ansible',
      verdict: verdictOf(sorted),
      resources: judged.resources,
      findings: sorted,
      exempt,
      usedRules: used,
      elapsedMs: now() - begun,
    } satisfies Comparison;
  };

  const plan = async (unit: DeclaredUnit, declaration: Declaration, signal?: AbortSignal): Promise<Plan> => {
    await refuseUnsafe(unit);
    const checked = await run(unit, { purpose: 'apply', check: true, signal });
    return planOf(unit.definition.name, declaration.revision ?? '', checked.results);
  };

  return {
    name: 'ansible',
    compare,
    observe: (unit, declaration, listener) =>
      observeScheduled(unit, declaration, listener, {
        compare: (...asked) => compare(...asked),
        schedule: '*/30 * * * *',
        pool,
      }),
    plan,
    async apply(unit, declaration, approved, options) {
      const fresh = await plan(unit, declaration, options.signal);
      if (fresh.digest !== approved.digest)
        throw new Failure(
          'HF1602',
          'a check that was made right before applying is not the recorded plan; nothing was applied',
        );
      if (options.signal.aborted) return [];
      return applyPlaybook(approved, options, (hosts, onResult) =>
        run(unit, { purpose: 'apply', check: false, hosts, signal: options.signal, onResult }),
      );
    },
  };
}

async function judgementOf(unit: DeclaredUnit, run: () => Promise<PlaybookRun>) {
  const { name } = unit.definition;
  const none = { declared: 0, inSync: 0 };
  try {
    const refused = unit.findings.length > 0 ? unit.findings : await scan(unit);
    if (refused.length > 0) return { findings: refused, resources: none };
    const { results, whole, sourceOf } = await run();
    const judgement = judge(name, results, sourceOf);
    if (whole) return judgement;
    const cut = new Failure('HF2102', 'it ended before it was done; what it had not come to is not known', {
      where: { subject: name },
    });
    return { ...judgement, findings: [...judgement.findings, unknown(unit, cut)] };
  } catch (error) {
    return { findings: [unknown(unit, toFailure(error, 'HF1002'))], resources: none };
  }
}

function unknown({ definition: { name, path, source } }: DeclaredUnit, failure: Failure): Finding {
  const { file, line } = failure.where;
  return {
    unit: name,
    type: 'unknown',
    resource: { type: 'Unit', name },
    source:
      file === undefined ? (source ?? { file: path }) : { file, ...(line === undefined ? {} : { line }) },
    code: failure.code,
    origin: file === undefined ? 'hosts' : 'declaration',
    message: failure.line,
  };
}

/** Planning checks on the real hosts too: what comparing refuses is refused here. */
async function refuseUnsafe(unit: DeclaredUnit): Promise<void> {
  const [first] = unit.findings.length > 0 ? unit.findings : await scan(unit);
  if (first === undefined) return;
  throw new Failure(first.code ?? 'HF1105', first.message ?? 'a part of it cannot be read', {
    where: { subject: unit.definition.name },
  });
}
