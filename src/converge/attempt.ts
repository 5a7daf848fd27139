import type { Declaration, DeclaredUnit } from '../declared/declaration.ts';
import type { AppliedResource, Driver, Plan, PlanOptions } from '../drivers/driver.ts';
import { type Failure, toFailure } from '../failure/failure.ts';
import { isOutage } from '../failure/outage.ts';
import { resourceKey } from '../findings/finding.ts';
import { again, type Ending, final, unknownMessage, waiting, waitsFor } from './ending.ts';
import { holdsOf } from './freeze/hold.ts';
import { retired } from './inventory/known.ts';
import { Memory } from './memory.ts';
import { modeOf } from './mode.ts';
import { heldMessage, supersededMessage } from './next-sync.ts';
import { healthMs, successWords } from './outcome.ts';
import type { ConvergerParts } from './parts.ts';
import { authorizationRecord, planRecord, Results, refOf } from './record.ts';
import { Recorder, TakenOver } from './recorder.ts';
import type { Sync } from './sync.ts';
import { verify } from './verify.ts';

/** After so many rounds of applying and comparing, what still differs is fought over by somebody. */
const mostRounds = 3;

interface Ready {
  unit: DeclaredUnit;
  declaration: Declaration;
  driver: Driver;
  memory: Memory;
}

/**
 * One attempt to carry out a Sync: judge, plan, record the plan, apply, verify, record the end. The record is written before
 * what it announces and after what it claims, so that a crash at any point leaves it true and the Sync resumable.
 */
export class Attempt {
  readonly #parts: ConvergerParts;
  readonly #signal: AbortSignal;
  /** Fires when the Sync is in other hands. */
  readonly #takenOver = new AbortController();
  /** Fires when somebody else may work on the Sync: nothing that was sent may be in flight from then on. */
  readonly #lost: AbortSignal;
  readonly #recorder: Recorder;
  readonly #results: Results;
  /** How often it was tried before in vain because the server answered with errors. */
  readonly #tries: number;
  /** What is left although no file declares it any more. */
  #kept: NonNullable<Plan['kept']> = [];
  /** Since when it has been waiting for another unit, if the attempt before ended so. */
  readonly #waitsSince: number | undefined;

  constructor(
    parts: ConvergerParts,
    sync: Sync,
    options: {
      signal: AbortSignal;
      lost?: AbortSignal | undefined;
      tries: number;
      waitsSince?: number | undefined;
    },
  ) {
    this.#parts = parts;
    this.#lost = AbortSignal.any([
      ...(options.lost === undefined ? [] : [options.lost]),
      this.#takenOver.signal,
    ]);
    this.#signal = AbortSignal.any([options.signal, this.#lost]);
    this.#tries = options.tries;
    this.#waitsSince = options.waitsSince;
    this.#recorder = new Recorder(parts.syncs, sync, {
      holder: parts.holder,
      pauseMs: parts.timing.recordPauseMs,
      stop: this.#signal,
    });
    this.#results = new Results(sync.status?.results);
  }

  /** Runs to an ending and records it. Throws TakenOver when the Sync is in other hands; on the signal the record stays as it is. */
  async run(): Promise<Ending> {
    try {
      await this.#claim();
      const ending = await this.#rounds();
      await this.#recorder.flush();
      if (this.#signal.aborted) return again('stopped', true);
      await this.#recorder.put(
        ending.what === 'final'
          ? { phase: ending.phase, message: ending.message, finishedAt: this.#time() }
          : { message: ending.message },
      );
      return ending;
    } finally {
      await this.#recorder.flush();
    }
  }

  async #claim(): Promise<void> {
    const before = this.#recorder.sync.status;
    const ours = before?.holder === this.#parts.holder;
    const interrupted = !ours && before?.attempts !== undefined;
    await this.#recorder.put({
      phase: 'Authorizing',
      holder: this.#parts.holder,
      attempts: (before?.attempts ?? 0) + (ours ? 0 : 1),
      startedAt: before?.startedAt ?? this.#time(),
      ...(interrupted ? { message: 'taken up again after an interruption' } : {}),
    });
  }

  async #rounds(): Promise<Ending> {
    for (let round = 1; ; round += 1) {
      const ready = (await this.#authorize()) ?? (await this.#prepare());
      if ('what' in ready) return ready;
      const ended = (await this.#carryOut(ready)) ?? (await this.#verify(ready, round));
      if (ended !== 'another') return ended;
      if (this.#signal.aborted) return again('stopped', true);
    }
  }

  /** Undefined when the revision is authorized and the newest such. */
  async #authorize(): Promise<Ending | undefined> {
    const { revision } = this.#recorder.sync.spec;
    let verdict: Awaited<ReturnType<ConvergerParts['authorize']>>;
    try {
      verdict = await this.#parts.authorize(revision, this.#signal);
    } catch (error) {
      return again(unknownMessage(toFailure(error, 'HF1502').line), true);
    }
    const authorization = authorizationRecord(verdict);
    await this.#recorder.put({ authorization });
    const reasons = (authorization.reasons ?? []).join('; ');
    if (verdict.verdict === 'unknown') return again(unknownMessage(reasons), true, verdict.retryAfterMs);
    if (verdict.verdict === 'denied')
      return final('Refused', `HF1501 the revision is not authorized: ${reasons}`);
    if (verdict.revision !== revision)
      return again(unknownMessage('the verdict is about another revision'), true);
    return this.#supersededBy();
  }

  async #supersededBy(): Promise<Ending | undefined> {
    try {
      const authorized = await this.#parts.authorizedRevisions();
      const { sync } = this.#recorder;
      const place = authorized.indexOf(sync.spec.revision);
      if (place === -1) return again('HF1502 the ledger does not name the revision as authorized', true);
      if (place > 0) return final('Superseded', supersededMessage(sync, authorized[0] ?? ''));
      return undefined;
    } catch (error) {
      return again(waiting(toFailure(error, 'HF1308')), true);
    }
  }

  /** A freeze that came since the attempt began; what was begun is finished all the same. */
  async #heldBack(): Promise<Ending | undefined> {
    if (this.#results.of('applied').length > 0) return undefined;
    const hold = (await holdsOf(this.#parts))(this.#recorder.sync.spec.unit);
    if (hold === undefined) return undefined;
    await this.#recorder.put({ phase: 'Pending' });
    return again(heldMessage(hold), true);
  }

  async #prepare(): Promise<Ready | Ending> {
    const { unit: name, revision } = this.#recorder.sync.spec;
    await this.#recorder.put({ phase: 'Planning', message: null });
    try {
      const declaration = await this.#parts.declarationAt(revision, this.#signal);
      const memory = await Memory.load(name, this.#parts.inventories);
      const declared = declaration.units.find(({ definition }) => definition.name === name);
      const unit = declared ?? (memory.inventory === undefined ? undefined : retired(name));
      if (unit === undefined)
        return final('Failed', `HF1604 ${revision.slice(0, 7)} declares no unit ${name}`);
      if (this.#recorder.sync.spec.reason !== 'request' && modeOf(name, declaration) === 'alert-only')
        return final('Refused', 'HF1501 the unit is alert-only: it is converged only when somebody asks');
      const driver = this.#parts.driverOf(unit.definition.driver);
      if (driver === undefined)
        return final('Failed', `HF1108 there is no driver ${unit.definition.driver} here`);
      return { unit, declaration, driver, memory };
    } catch (error) {
      const failure = toFailure(error, 'HF1002');
      const passing = /^HF1(2|3)/.test(failure.code);
      return passing ? again(waiting(failure), true) : final('Failed', failure.line);
    }
  }

  /** Plans, records, applies. Undefined when everything planned was applied. */
  async #carryOut(ready: Ready): Promise<Ending | undefined> {
    try {
      const plan = await this.#plannedTwice(ready);
      if ('what' in plan) return plan;
      this.#kept = plan.kept ?? [];
      await ready.memory.noteCreations(plan);
      const applied = await this.#apply(ready, plan);
      ready.memory.add(applied);
      return this.#judgeResults(applied, plan);
    } catch (error) {
      if (error instanceof TakenOver) throw error;
      const failure = toFailure(error, 'HF1002');
      return isOutage(failure.code)
        ? this.#outage(failure.code, waiting(failure))
        : final('Failed', failure.line);
    }
  }

  /** The plan that is recorded and still the one to carry out when applying begins. */
  async #plannedTwice(ready: Ready): Promise<Plan | Ending> {
    const { unit, declaration, driver } = ready;
    const { sync } = this.#recorder;
    const earlier = sync.status?.plan;
    const options = this.#planOptions(ready);
    const shown = await driver.plan(unit, declaration, this.#signal, options);
    if (shown.waitsFor !== undefined) return this.#waitForUnits(shown.waitsFor);
    this.#results.dropUnapplied();
    this.#settleInterrupted(earlier, shown);
    await this.#recordPlan(shown, null);
    const stopped = (await this.#supersededBy()) ?? (await this.#heldBack());
    if (stopped !== undefined) return stopped;
    const plan = await driver.plan(unit, declaration, this.#signal, options);
    if (plan.digest === shown.digest) return plan;
    await this.#recordPlan(plan, 'live changed after the plan was recorded: this is the plan as it is now');
    if (sync.spec.reason !== 'request' || plan.actions.every(planned => includes(shown, planned.resource)))
      return plan;
    return final(
      'Failed',
      'HF1602 live changed after the plan was recorded; nothing was applied: look at the new plan and ask again',
    );
  }

  #planOptions({ memory }: Ready): PlanOptions {
    const today = this.#time().slice(0, 10);
    return { inventory: memory.inventory, today, resumed: this.#results.of('applied').length > 0 };
  }

  async #recordPlan(plan: Plan, message: string | null): Promise<void> {
    for (const { resource, message: why } of plan.refused) {
      this.#results.add({ resource, action: 'refused', result: 'failed', message: why });
    }
    await this.#recorder.put({ phase: 'Applying', plan: planRecord(plan), message, ...this.#results.record });
  }

  /** What an interrupted attempt planned, did not record, and is not to be done any more: it is as declared now. */
  #settleInterrupted(earlier: NonNullable<Sync['status']>['plan'], plan: Plan): void {
    const refused = new Set(plan.refused.map(({ resource }) => resourceKey(resource)));
    for (const { action, resource } of earlier?.actions ?? []) {
      const ref = refOf(resource);
      if (this.#results.has(ref) || includes(plan, ref) || refused.has(resourceKey(ref))) continue;
      const message = 'found as declared when the sync was taken up again';
      this.#results.add({ resource, action, result: 'applied', message });
    }
  }

  async #apply(ready: Ready, plan: Plan): Promise<AppliedResource[]> {
    const { unit, declaration, driver } = ready;
    const earlier = this.#results.of('applied').map(({ resource }) => refOf(resource));
    const hooks = plan.hooks?.length ?? 0;
    if (plan.actions.length === 0 && earlier.length === 0 && hooks === 0) return [];
    const { metadata, spec } = this.#recorder.sync;
    return driver.apply(unit, declaration, plan, {
      planned: this.#planOptions(ready),
      // what a hand changed is put right without running anything else
      run: spec.reason === 'drift' ? undefined : metadata.name,
      signal: this.#signal,
      lost: this.#lost,
      healthTimeoutMs: healthMs(unit, declaration, this.#parts.timing.healthMs),
      alsoWaitFor: earlier.filter(ref => !includes(plan, ref)),
      onResource: applied => {
        this.#results.add(applied);
        this.#recorder.later(this.#results.record, error => this.#takenOver.abort(error));
      },
    });
  }

  async #judgeResults(applied: readonly AppliedResource[], plan: Plan): Promise<Ending | undefined> {
    if (this.#signal.aborted) return again('stopped', true);
    await this.#recorder.put(this.#results.record);
    const outage = applied.find(({ code }) => code !== undefined && isOutage(code));
    if (outage?.code !== undefined)
      return this.#outage(outage.code, `waits: ${outage.message ?? outage.code}`);
    const failed = this.#results.of('failed');
    const first = failed[0];
    if (first === undefined) return undefined;
    const { kind, type, name } = first.resource;
    const of = failed.length + this.#results.of('applied').length + this.#results.of('skipped').length;
    const what = `${failed.length} of ${Math.max(of, plan.actions.length)} resources failed`;
    return final('Failed', `HF1601 ${what}; the first is ${kind ?? type} ${name}: ${first.message ?? ''}`);
  }

  /** No answer is waited out for ever; answers that are errors only so often. */
  #outage(code: Failure['code'], message: string): Ending {
    if (code === 'HF1308' && this.#tries + 1 >= this.#parts.timing.serverErrors)
      return final('Failed', `HF1601 given up after ${this.#tries + 1} tries: ${message}`);
    return again(message, code !== 'HF1308');
  }

  /** The time counts from the first of the attempts in a row that had to wait: an outage before it takes nothing of it. */
  #waitForUnits(units: readonly string[]): Ending {
    const now = this.#parts.now().getTime();
    const since = this.#waitsSince ?? now;
    const names = units.join(', ');
    if (now - since > this.#parts.timing.otherUnitMs)
      return final('Failed', `HF1601 what it needs of ${names} did not come`);
    return waitsFor(names, since);
  }

  async #verify(ready: Ready, round: number): Promise<Ending | 'another'> {
    await this.#recorder.put({ phase: 'Verifying' });
    const outcome = await verify(ready, this.#parts.timing, this.#signal);
    if (this.#signal.aborted) return again('stopped', true);
    if (outcome.as === 'declared') return this.#succeeded(ready, outcome.left);
    if (outcome.as === 'blind') return this.#outage(outcome.code, `cannot be compared: ${outcome.message}`);
    if (round < mostRounds) return 'another';
    return final('Failed', `HF1601 applied ${round} times and still not as declared: ${outcome.message}`);
  }

  async #succeeded({ unit, declaration, driver, memory }: Ready, left: number): Promise<Ending> {
    try {
      const unsure = (await memory.keep(unit, declaration, driver, this.#signal)) ?? memory.unsure;
      return final('Succeeded', successWords(this.#results, { left, kept: this.#kept, unsure }));
    } catch (error) {
      const failure = toFailure(error, 'HF1308');
      return this.#outage(failure.code, waiting(failure));
    }
  }

  #time(): string {
    return this.#parts.now().toISOString();
  }
}

function includes(plan: Plan, ref: Parameters<typeof resourceKey>[0]): boolean {
  const key = resourceKey(ref);
  return plan.actions.some(({ resource }) => resourceKey(resource) === key);
}
