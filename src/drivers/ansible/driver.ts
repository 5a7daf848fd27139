import { Limit } from '../../concurrency/limit.ts';
import type { Declaration, DeclaredUnit } from '../../declared/declaration.ts';
import { Failure, toFailure } from '../../failure/failure.ts';
import type { Finding } from '../../findings/finding.ts';
import type { Environment } from '../../programs/environment.ts';
import type { Driver, Plan } from '../driver.ts';
import { type Judged, judgedComparison, refuseFound, Turns, unknownUnit } from '../programs.ts';
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
  const turns = new Turns();

  const run = (unit: DeclaredUnit, options: Omit<PlaybookOptions, 'environment'>): Promise<PlaybookRun> =>
    turns.run(unit, () => runPlaybook(unit, { environment, ...options }));

  const compare: Driver['compare'] = async (unit, declaration, signal, only) => {
    const began = now();
    const judged = await judgedBy(unit, () => run(unit, { purpose: 'plan', check: true, signal }));
    // What check mode cannot tell was just run for real when a sync asks.
    const findings = judged.findings.filter(({ code }) => only !== 'declared' || code !== 'HF2104');
    return judgedComparison(unit, declaration, { ...judged, findings }, { began, ended: now() });
  };

  const plan = async (unit: DeclaredUnit, declaration: Declaration, signal?: AbortSignal): Promise<Plan> => {
    refuseFound(unit, await unsafe(unit));
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

async function judgedBy(unit: DeclaredUnit, run: () => Promise<PlaybookRun>): Promise<Judged> {
  const { name } = unit.definition;
  const none = { declared: 0, inSync: 0 };
  try {
    const refused = await unsafe(unit);
    if (refused.length > 0) return { findings: refused, resources: none };
    const { results, whole, sourceOf } = await run();
    const judgement = judge(name, results, sourceOf);
    if (whole) return judgement;
    const cut = new Failure('HF2102', 'it ended before it was done; what it had not come to is not known', {
      where: { subject: name },
    });
    return { ...judgement, findings: [...judgement.findings, unknownUnit(unit, cut, 'hosts')] };
  } catch (error) {
    return { findings: [unknownUnit(unit, toFailure(error, 'HF1002'), 'hosts')], resources: none };
  }
}

/** Planning checks on the real hosts too: what comparing refuses is refused there. */
async function unsafe(unit: DeclaredUnit): Promise<Finding[]> {
  return unit.findings.length > 0 ? unit.findings : scan(unit);
}
