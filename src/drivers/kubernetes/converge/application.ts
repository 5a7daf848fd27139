import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from '../../../cluster/cluster.ts';
import type { Kinds } from '../../../cluster/discovery.ts';
import { isNotFound } from '../../../cluster/failures.ts';
import { targetOf } from '../../../cluster/target.ts';
import { Limit } from '../../../concurrency/limit.ts';
import type { DeclaredUnit } from '../../../declared/declaration.ts';
import { type Failure, toFailure } from '../../../failure/failure.ts';
import { isObjectRef, type ResourceRef, resourceKey } from '../../../findings/finding.ts';
import type { AppliedResource, ApplyOptions } from '../../driver.ts';
import { awaitHealth, type Sick, type Watched } from './await-health.ts';
import { carryOut } from './carry-out.ts';
import { defines } from './needs.ts';
import { targetOfRef } from './place.ts';
import type { Work } from './work.ts';

const atOnce = 8;

/** One run of applying a unit: what was done so far, what must become healthy, and what is broken for those after it. */
export class Application {
  readonly #cluster: Cluster;
  readonly #unit: DeclaredUnit;
  readonly #options: ApplyOptions;
  readonly #results = new Map<string, AppliedResource>();
  /** What failed, of the kinds that others need. */
  readonly #broken: Work[] = [];
  #kinds: Kinds;
  #watched: Watched[] = [];
  /** What is left of the time to wait for health; only waiting counts. */
  #patienceMs: number;
  #outage: Failure | undefined;

  private constructor(cluster: Cluster, unit: DeclaredUnit, options: ApplyOptions, kinds: Kinds) {
    this.#cluster = cluster;
    this.#unit = unit;
    this.#options = options;
    this.#kinds = kinds;
    this.#patienceMs = options.healthTimeoutMs;
  }

  /** Asks what the server serves, and looks at what an earlier attempt applied. */
  static async begin(cluster: Cluster, unit: DeclaredUnit, options: ApplyOptions): Promise<Application> {
    const application = new Application(cluster, unit, options, await cluster.kinds());
    await application.#watchAlso(options.alsoWaitFor ?? []);
    return application;
  }

  get results(): AppliedResource[] {
    return [...this.#results.values()];
  }

  /** Applies objects of one step, several at a time. */
  async apply(items: readonly Work[]): Promise<void> {
    const limit = new Limit(atOnce);
    await Promise.all(items.map(item => limit.run(() => this.#applyOne(item))));
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
    const sick = await awaitHealth(this.#cluster, watched, { deadline, signal: this.#options.signal });
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
      const object = await carryOut(this.#cluster, target, work, this.#options.lost);
      this.#report(work, { result: 'applied' });
      this.#watched.push({ ref: work.ref, target, object });
    } catch (error) {
      // it may have been carried out or not: whoever takes the sync up looks again
      if (this.#options.lost?.aborted === true) return;
      this.#reportFailure(work, toFailure(error, 'HF1002'));
    }
  }

  #reportFailure(work: Work, failure: Failure): void {
    if (failure.code === 'HF1301' || failure.code === 'HF1302') this.#outage ??= failure;
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
    this.#results.set(key, result);
    this.#options.onResource(result);
  }

  #report(work: Work, outcome: Pick<AppliedResource, 'result' | 'message' | 'code'>): void {
    const result: AppliedResource = { resource: work.ref, action: work.action, ...outcome };
    this.#results.set(resourceKey(work.ref), result);
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

  async #watchAlso(refs: readonly ResourceRef[]): Promise<void> {
    const limit = new Limit(atOnce);
    const found = refs.filter(isObjectRef).map(ref =>
      limit.run(async () => {
        const target = targetOfRef(this.#kinds, ref);
        if (target === undefined) return;
        try {
          this.#watched.push({ ref, target, object: await this.#cluster.get(target) });
        } catch (error) {
          // gone again: the comparison after applying says so
          if (!isNotFound(error)) throw error;
        }
      }),
    );
    await Promise.all(found);
  }
}
