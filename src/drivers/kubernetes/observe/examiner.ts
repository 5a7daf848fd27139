import { setTimeout as sleep } from 'node:timers/promises';
import { type Failure, toFailure } from '../../../failure/failure.ts';
import type { JsonObject } from '../../../json/json.ts';
import type { Judge } from '../compare/judge.ts';
import type { Judgement } from '../compare/judgement.ts';
import type { Knowledge } from '../compare/local.ts';
import { problemFinding } from '../compare/problems.ts';
import { type Entry, liveHash } from './entry.ts';

/**
 * Judges entries as their live objects come: at once where it is proven locally, else by the server, one run at a time for
 * each entry and always ending with the newest live. What has not changed in what is compared costs a hash.
 */
export class Examiner {
  readonly #judge: Judge;
  readonly #onSettled: (entry: Entry, changed: boolean) => void;
  readonly #signal: AbortSignal;
  #running = 0;

  /** `onSettled` is told of each finished judgement, and whether it is another one than before. */
  constructor(judge: Judge, onSettled: (entry: Entry, changed: boolean) => void, signal: AbortSignal) {
    this.#judge = judge;
    this.#onSettled = onSettled;
    this.#signal = signal;
  }

  /** Whether nothing is being judged. */
  get idle(): boolean {
    return this.#running === 0;
  }

  /** Live of an entry as it is now; undefined where it is not there. */
  see(entry: Entry, live: JsonObject | undefined, knowledge: Knowledge): void {
    // the same live may read otherwise under another schema
    const hash = `${knowledge.schemaHash} ${liveHash(entry.subject.target, live)}`;
    if (entry.judging !== undefined) {
      entry.next = entry.judging === hash ? undefined : { live, hash, knowledge };
      return;
    }
    if (entry.judgedHash === hash) return;
    const same = live === undefined ? undefined : this.#judge.local(entry.subject, live, knowledge);
    if (same !== undefined) {
      this.#settle(entry, hash, same);
      return;
    }
    void this.#run(entry, { live, hash, knowledge });
  }

  /** An object that could not be read: it is unknown until it can. */
  fail(entry: Entry, failure: Failure): void {
    if (entry.judging === undefined) this.#settle(entry, undefined, unknown(entry, failure));
  }

  async #run(entry: Entry, first: NonNullable<Entry['next']>): Promise<void> {
    this.#running += 1;
    let newest: Entry['next'] = first;
    let failures = 0;
    while (newest !== undefined && !this.#signal.aborted) {
      entry.judging = newest.hash;
      const judgement: Judgement | undefined = await this.#judged(entry, newest.live, newest.knowledge);
      if (judgement === undefined) {
        // the cluster does not answer: the same again when it does
        failures += 1;
        await this.#pause(Math.min(100 * 2 ** failures, 2_000));
        newest = entry.next ?? newest;
      } else {
        failures = 0;
        this.#settle(entry, newest.hash, judgement);
        newest = entry.next;
      }
      entry.next = undefined;
    }
    entry.judging = undefined;
    this.#running -= 1;
    if (!this.#signal.aborted) this.#onSettled(entry, false);
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#signal }).catch(() => undefined);
  }

  /** Undefined when the whole cluster does not answer, which the watches tell. */
  async #judged(
    entry: Entry,
    live: JsonObject | undefined,
    knowledge: Knowledge,
  ): Promise<Judgement | undefined> {
    try {
      return await this.#judge.judge(entry.subject, live, knowledge, this.#signal);
    } catch (error) {
      const failure = toFailure(error, 'HF1002');
      if (failure.code === 'HF1301' || failure.code === 'HF1302') return undefined;
      return unknown(entry, failure);
    }
  }

  #settle(entry: Entry, hash: string | undefined, judgement: Judgement): void {
    const changed =
      entry.judgement === undefined || JSON.stringify(entry.judgement) !== JSON.stringify(judgement);
    entry.judgedHash = hash;
    entry.judgement = judgement;
    this.#onSettled(entry, changed);
  }
}

function unknown(entry: Entry, failure: Failure): Judgement {
  return { finding: problemFinding(entry.subject, { type: 'unknown', failure }), exempt: [] };
}
