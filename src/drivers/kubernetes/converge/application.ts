import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from '../../../cluster/cluster.ts';
import type { Kinds } from '../../../cluster/discovery.ts';
import { targetOf } from '../../../cluster/target.ts';
import { Limit } from '../../../concurrency/limit.ts';
import type { Declaration, DeclaredUnit } from '../../../declared/declaration.ts';
import { type Failure, toFailure } from '../../../failure/failure.ts';
import { resourceKey } from '../../../findings/finding.ts';
import type { AppliedResource, ApplyOptions } from '../../driver.ts';
import { carryOut } from './carry-out.ts';
import { awaitHealth, type Sick, type Watched } from './health/await-health.ts';
import { companionsOf, watchedOf } from './health/watched.ts';
import type { HookWork } from './hooks/hook.ts';
import { runHook } from './hooks/run-hook.ts';
import { objectAt, textAt } from './json.ts';
import { defines } from './needs.ts';
import { awaitGone, prune } from './prune/carry-out-prunes.ts';
import type { Prune } from './prune/plan-prunes.ts';
import type { Work } from './work.ts';

const atOnce = 8;
/** What is deleted to be made anew waits for the cluster's garbage collector, which may be behind. */
const leastPatienceMs = 60_000;

/** One run of applying a unit: what was done so far, what must become healthy, and what is broken for those after it. */
export class Application {
  readonly #cluster: Cluster;
  readonly #unit: DeclaredUnit;
  readonly #options: ApplyOptions;
  readonly #results = new Map<string, AppliedResource>();
  /** What failed, of the kinds that others need. */
  readonly #broken: Work[] = [];
  readonly #declaration: Declaration;
  /** Why nothing more may be applied, deleted or run. */
  #blocked: string | undefined;
  #wave: number | undefined;
  #kinds: Kinds;
  #watched: Watched[] = [];
  /** What is left of the time to wait for health; only waiting counts. */
  #patienceMs: number;
  #outage: Failure | undefined;

  private constructor(
    cluster: Cluster,
    unit: DeclaredUnit,
    declaration: Declaration,
    options: ApplyOptions,
    kinds: Kinds,
  ) {
    this.#cluster = cluster;
    this.#unit = unit;
    this.#declaration = declaration;
    this.#options = options;
    this.#kinds = kinds;
    this.#patienceMs = options.healthTimeoutMs;
  }

  /** Asks what the server serves, and looks at what an earlier attempt applied. */
  static async begin(
    cluster: Cluster,
    unit: DeclaredUnit,
    declaration: Declaration,
    options: ApplyOptions,
  ): Promise<Application> {
    const application = new Application(cluster, unit, declaration, options, await cluster.kinds());
    application.#watched = await watchedOf(cluster, application.#kinds, options.alsoWaitFor ?? []);
    return application;
  }

  get results(): AppliedResource[] {
    return [...this.#results.values()];
  }

  /** A wave that somebody asked for stands on those before it: where something of those failed it is not begun. */
  beginWave(wave: number): void {
    if (this.#wave !== undefined && this.#failed) this.#blocked ??= `something of wave ${this.#wave} failed`;
    this.#wave = wave;
  }

  /** Applies objects of one step, several at a time. */
  async apply(items: readonly Work[]): Promise<void> {
    if (this.#blocked !== undefined) return this.skip(items, this.#blocked);
    const limit = new Limit(atOnce);
    await Promise.all(items.map(item => limit.run(() => this.#applyOne(item))));
  }

  /** Runs a hook to its end; when it fails nothing more is done. */
  async run(hook: HookWork): Promise<void> {
    const deadline = Date.now() + this.#options.healthTimeoutMs;
    const { signal, lost, run } = this.#options;
    if (this.#stopped || run === undefined) return;
    const resource = hook.declared.ref;
    if (this.#blocked !== undefined || (hook.when === 'after' && (await this.#unsettled())))
      return this.#tell({
        resource,
        action: 'run',
        result: 'skipped',
        message: `not run: ${this.#blocked ?? 'something failed before'}`,
      });
    try {
      const options = { cluster: this.#cluster, kinds: this.#kinds, unit: this.#unit };
      const ended = await runHook(hook, { ...options, run, deadline, signal, lost });
      if (ended === undefined) return;
      if (ended.failed === undefined)
        return this.#tell({ resource: ended.ref, action: 'run', result: 'applied' });
      this.#blocked ??= `the hook ${resource.name} failed`;
      const message = `HF1610 the hook failed: ${ended.failed}`;
      this.#tell({ resource: ended.ref, action: 'run', result: 'failed', code: 'HF1610', message });
    } catch (error) {
      if (lost?.aborted === true) return;
      const { code, message } = this.#noted(toFailure(error, 'HF1002'));
      this.#blocked ??= `the hook ${resource.name} could not be run`;
      this.#tell({ resource, action: 'run', result: 'failed', code, message: `${code} ${message}` });
    }
  }

  /** Deletes objects, several at a time, and waits until they are gone; none where anything before it failed. */
  async prune(prunes: readonly Prune[]): Promise<void> {
    if (this.#stopped) return;
    if (this.#failed || this.#blocked !== undefined) {
      const message = `not deleted: ${this.#blocked ?? 'something failed before'}`;
      for (const { ref: resource } of prunes)
        this.#tell({ resource, action: 'prune', result: 'skipped', message });
      return;
    }
    const limit = new Limit(atOnce);
    const gone = await Promise.all(prunes.map(each => limit.run(() => this.#pruneOne(each))));
    const waiting = gone.filter(each => each !== undefined);
    const deadline = Date.now() + this.#patienceMs;
    for (const { prune: each, why } of await awaitGone(this.#cluster, waiting, {
      deadline,
      signal: this.#options.signal,
    })) {
      if (this.#stopped) return;
      const message = `HF1603 ${why}`;
      this.#tell({ resource: each.ref, action: 'prune', result: 'failed', code: 'HF1603', message });
    }
  }

  /** Nothing may be deleted or run after this, for the reason given. */
  block(why: string): void {
    this.#blocked ??= why;
  }

  async #pruneOne(each: Prune): Promise<Prune | undefined> {
    const { lost } = this.#options;
    if (this.#stopped) return undefined;
    const told = { resource: each.ref, action: 'prune' as const };
    try {
      await prune(this.#cluster, each, lost);
      this.#tell({ ...told, result: 'applied' });
      return each;
    } catch (error) {
      if (lost?.aborted === true) return undefined;
      const { code, message } = this.#noted(toFailure(error, 'HF1002'));
      this.#tell({ ...told, result: 'failed', code, message: `${code} ${message}` });
      return undefined;
    }
  }

  async #unsettled(): Promise<boolean> {
    await this.settle();
    return this.#failed;
  }

  get #failed(): boolean {
    return this.results.some(({ result }) => result !== 'applied');
  }

  /** Reports objects that are not to be applied. */
  skip(items: readonly Work[], why: string): void {
    if (this.#stopped) return;
    for (const item of items) this.#report(item, { result: 'skipped', message: `not applied: ${why}` });
  }

  /** Waits for the health of all that was applied since the last time; returns how many are not healthy. */
  async settle(): Promise<number> {
    const watched = this.#watched;
    this.#watched = [];
    if (watched.length === 0 || this.#stopped) return 0;
    const began = Date.now();
    const deadline = began + this.#patienceMs;
    const sick = await awaitHealth(this.#cluster, watched, {
      deadline,
      signal: this.#options.signal,
      rules: this.#declaration.settings.converge.health,
    });
    this.#patienceMs = Math.max(this.#patienceMs - (Date.now() - began), 0);
    if (this.#options.signal.aborted) return 0;
    for (const item of sick) this.#reportSick(item);
    return sick.length;
  }

  /** Asks again what the server serves, until it serves the kinds that this unit has just defined. */
  async serve(work: readonly Work[]): Promise<void> {
    const definitions = work.filter(({ ref }) => ref.kind === 'CustomResourceDefinition');
    if (definitions.length === 0) return;
    const expected = work.filter(
      ({ declared }) =>
        definitions.some(definition => defines(definition.declared, declared.ref)) &&
        this.#need(declared.ref, undefined) === undefined,
    );
    const deadline = Date.now() + Math.min(this.#patienceMs, 10_000);
    do {
      this.#cluster.forgetKinds();
      this.#kinds = await this.#cluster.kinds().catch(() => this.#kinds);
      if (expected.every(({ declared }) => targetOf(this.#kinds, this.#unit, declared) !== undefined)) return;
      await sleep(100);
    } while (Date.now() < deadline && !this.#options.signal.aborted);
  }

  get #stopped(): boolean {
    return this.#options.signal.aborted || this.#outage !== undefined;
  }

  async #applyOne(work: Work): Promise<void> {
    if (this.#stopped) return;
    const target = targetOf(this.#kinds, this.#unit, work.declared);
    const needed = this.#need(work.ref, target?.namespace);
    if (needed !== undefined) return this.skip([work], `${needed} is not there`);
    if (target === undefined) {
      const { kind, apiVersion } = work.ref;
      const message = `HF1305 the server has no kind ${kind} in ${apiVersion}`;
      return this.#report(work, { result: 'failed', code: 'HF1305', message });
    }
    try {
      const { healthTimeoutMs, signal: stop, lost } = this.#options;
      const patienceMs = Math.max(healthTimeoutMs, leastPatienceMs);
      const object = await carryOut(this.#cluster, target, work, { patienceMs, stop, lost });
      const uid = textAt(objectAt(object, 'metadata'), 'uid');
      this.#report(work, { result: 'applied', ...(uid === undefined ? {} : { uid }) });
      this.#watched.push({ ref: work.ref, target, object });
      this.#watched.push(
        ...(await companionsOf(this.#cluster, this.#kinds, this.#unit, { ref: work.ref, object }, lost)),
      );
    } catch (error) {
      // it may have been carried out or not: whoever takes the sync up looks again
      if (this.#options.lost?.aborted === true) return;
      if (this.#options.signal.aborted && work.action === 'recreate') return;
      this.#reportFailure(work, toFailure(error, 'HF1002'));
    }
  }

  #noted(failure: Failure): Failure {
    if (failure.code === 'HF1301' || failure.code === 'HF1302') this.#outage ??= failure;
    return failure;
  }

  #reportFailure(work: Work, failure: Failure): void {
    this.#noted(failure);
    this.#report(work, {
      result: 'failed',
      code: failure.code,
      message: `${failure.code} ${failure.message}`,
    });
    this.#broken.push(work);
  }

  #reportSick({ watched, why }: Sick): void {
    const key = resourceKey(watched.ref);
    const before = this.#results.get(key) ?? { resource: watched.ref, action: 'change' as const };
    const message = `HF1603 applied, but not healthy: ${why}`;
    const result: AppliedResource = { ...before, result: 'failed', code: 'HF1603', message };
    this.#tell(result);
  }

  #report(work: Work, outcome: Pick<AppliedResource, 'result' | 'message' | 'code' | 'uid'>): void {
    this.#tell({ resource: work.ref, action: work.action, ...outcome });
  }

  #tell(result: AppliedResource): void {
    this.#results.set(resourceKey(result.resource), result);
    this.#options.onResource(result);
  }

  /** The Namespace or the definition that an object needs and that failed; undefined if none did. */
  #need(ref: Work['ref'], namespace: string | undefined): string | undefined {
    for (const { ref: broken, declared } of this.#broken) {
      if (broken.kind === 'Namespace' && broken.name === namespace) return `Namespace ${broken.name}`;
      if (defines(declared, ref)) return `CustomResourceDefinition ${broken.name}`;
    }
    return undefined;
  }
}
