import type { Holds } from '../../converge/freeze/holds-now.ts';
import type { Driver } from '../../drivers/driver.ts';
import { Failure } from '../../failure/failure.ts';
import type { DriverName } from '../../findings/finding.ts';
import type { LendingRepository } from '../../git/repository.ts';
import { guardedLive, type InventoryOf } from '../live.ts';
import type { Preview } from '../model.ts';
import { previewOfMerge } from '../of-merge.ts';

/** What a CI job asks of a daemon. */
export interface PreviewAsked {
  /** Full SHAs. */
  base: string;
  head: string;
  /** Where the head can be fetched from, such as `refs/pull/7/head`; beside what the daemon tries by itself. */
  ref?: string | undefined;
}

export interface PreviewServiceParts {
  repository: LendingRepository;
  drivers: ReadonlyMap<DriverName, Driver>;
  environment?: string | undefined;
  /** What is held by hand now. */
  holds?: () => Promise<Holds>;
  /** What earlier syncs left behind, for what would be deleted. */
  inventoryOf?: InventoryOf;
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

  async #make(asked: PreviewAsked, signal: AbortSignal): Promise<Preview> {
    const { base, head, ref } = asked;
    const { repository } = this.#parts;
    const tip = await repository.fetch();
    if (!(await repository.has(base)) || !(await repository.isAncestor(base, tip)))
      throw new Failure('HF2208', 'the base is no commit of the branch that this daemon follows', {
        where: { subject: base },
      });
    const refs = ref === undefined ? [] : [ref];
    const found = await repository.withCommit(head, refs, () => this.#preview(asked, signal));
    if (found !== undefined) return found;
    throw new Failure('HF1206', 'the remote does not have this commit', { where: { subject: head } });
  }

  async #preview({ base, head }: PreviewAsked, signal: AbortSignal): Promise<Preview> {
    const { repository, drivers, environment, holds, inventoryOf, now } = this.#parts;
    const found = await previewOfMerge({
      ...{ store: repository, base, head, name: 'manifests', environment },
      // nobody authorized the head: it may name any address
      fetchCharts: false,
      live: async () => guardedLive(drivers, inventoryOf),
      ...{ holds, now, signal },
    });
    return found.unreadable === undefined ? { ...found, live: { from: 'daemon' } } : found;
  }
}
