import type { Driver } from '../../drivers/driver.ts';
import { Failure } from '../../failure/failure.ts';
import type { DriverName } from '../../findings/finding.ts';
import type { Repository } from '../../git/repository.ts';
import { declareSides } from '../declare-sides.ts';
import { guardedLive } from '../live.ts';
import { mergeSides } from '../merged.ts';
import type { Preview } from '../model.ts';
import { preview } from '../preview.ts';

/** What a CI job asks of a daemon. */
export interface PreviewAsked {
  /** Full SHAs. */
  base: string;
  head: string;
  /** Where the head can be fetched from, such as `refs/pull/7/head`; beside what the daemon tries by itself. */
  ref?: string | undefined;
}

export interface PreviewServiceParts {
  repository: Repository;
  drivers: ReadonlyMap<DriverName, Driver>;
  environment?: string | undefined;
  now(): Date;
  /** Previews at the same time; more are refused with HF2207. */
  most?: number;
  timeoutMs?: number;
}

/** Makes previews for CI jobs that have no credentials of the cluster: reads and dry runs with the observer's rights, answers redacted. */
export class PreviewService {
  readonly #parts: PreviewServiceParts;
  #running = 0;

  constructor(parts: PreviewServiceParts) {
    this.#parts = parts;
  }

  /**
   * The base must be on the branch that the daemon follows: what it says, such as with which role a stack is read, is trusted, and
   * what the head says is not. Throws HF12xx where a revision cannot be had, HF2208 for another base, and HF2207 where too many are asked at once or it takes too long. */
  async make(asked: PreviewAsked): Promise<Preview> {
    const { most = 2, timeoutMs = 90_000 } = this.#parts;
    if (this.#running >= most) throw new Failure('HF2207', `${most} previews are being made already`);
    this.#running += 1;
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      return await this.#make(asked, signal);
    } catch (error) {
      if (signal.aborted)
        throw new Failure('HF2207', `it took more than ${timeoutMs / 1000} s`, { cause: error });
      throw error;
    } finally {
      this.#running -= 1;
    }
  }

  async #make({ base, head, ref }: PreviewAsked, signal: AbortSignal): Promise<Preview> {
    const { repository, drivers, environment, now } = this.#parts;
    const tip = await repository.fetch();
    if (!(await repository.has(base)) || !(await repository.isAncestor(base, tip)))
      throw new Failure('HF2208', 'the base is no commit of the branch that this daemon follows', {
        where: { subject: base },
      });
    if (
      !(await repository.has(head)) &&
      !(await repository.fetchCommit(head, ref === undefined ? [] : [ref]))
    )
      throw new Failure('HF1206', 'the remote does not have this commit', { where: { subject: head } });
    const merged = await mergeSides(repository, base, head);
    const sides = await declareSides(merged, {
      name: 'manifests',
      environment,
      // nobody authorized the head: it may name any address
      fetchCharts: false,
    });
    const found = await preview({
      ...sides,
      live: guardedLive(drivers),
      comparedAt: now().toISOString(),
      environment,
      signal,
    });
    const failures = merged.conflict === undefined ? found.failures : [merged.conflict, ...found.failures];
    return { ...found, base, head, live: { from: 'daemon' }, failures };
  }
}
