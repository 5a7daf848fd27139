import type { Plan } from '../../drivers/driver.ts';
import { toFailure } from '../../failure/failure.ts';
import type { ConvergerParts } from '../parts.ts';
import { Results } from '../record.ts';
import { Recorder } from '../recorder.ts';
import type { Sync } from '../sync.ts';
import { authorize } from './admission.ts';
import { type Carried, carryOut, outage } from './carrying.ts';
import type { Course, Ready } from './course.ts';
import { again, type Ending, final, waiting } from './ending.ts';
import { successWords } from './outcome.ts';
import { prepare } from './preparation.ts';
import { touchedBy, verify } from './verify.ts';

/** After so many rounds of applying and comparing, what still differs is fought over by somebody. */
const mostRounds = 3;

/**
 * One attempt to carry out a Sync: judge, plan, record the plan, apply, verify, record the end. The record is written before
 * what it announces and after what it claims, so that a crash at any point leaves it true and the Sync resumable.
 */
export class Attempt {
  readonly #course: Course;

  constructor(
    parts: ConvergerParts,
    sync: Sync,
    options: Pick<Course, 'signal' | 'tries'> & {
      lost?: AbortSignal | undefined;
      waitsSince?: number | undefined;
    },
  ) {
    const takenOver = new AbortController();
    const lost = AbortSignal.any([...(options.lost === undefined ? [] : [options.lost]), takenOver.signal]);
    const signal = AbortSignal.any([options.signal, lost]);
    this.#course = {
      parts,
      recorder: new Recorder(parts.syncs, sync, {
        holder: parts.holder,
        pauseMs: parts.timing.recordPauseMs,
        stop: signal,
      }),
      results: new Results(sync.status?.results),
      signal,
      lost,
      takenOver: error => takenOver.abort(error),
      tries: options.tries,
      waitsSince: options.waitsSince,
    };
  }

  /** Runs to an ending and records it. Throws TakenOver when the Sync is in other hands; on the signal the record stays as it is. */
  async run(): Promise<Ending> {
    const { recorder, signal } = this.#course;
    try {
      await this.#claim();
      const ending = await this.#rounds();
      await recorder.flush();
      if (signal.aborted) return again('stopped', true);
      await recorder.put(
        ending.what === 'final'
          ? { phase: ending.phase, message: ending.message, finishedAt: this.#time() }
          : { message: ending.message },
      );
      return ending;
    } finally {
      await recorder.flush();
    }
  }

  async #claim(): Promise<void> {
    const { parts, recorder } = this.#course;
    const before = recorder.sync.status;
    const ours = before?.holder === parts.holder;
    const interrupted = !ours && before?.attempts !== undefined;
    await recorder.put({
      phase: 'Authorizing',
      holder: parts.holder,
      attempts: (before?.attempts ?? 0) + (ours ? 0 : 1),
      startedAt: before?.startedAt ?? this.#time(),
      ...(interrupted ? { message: 'taken up again after an interruption' } : {}),
    });
  }

  async #rounds(): Promise<Ending> {
    for (let round = 1; ; round += 1) {
      const ready = (await authorize(this.#course)) ?? (await prepare(this.#course));
      if ('what' in ready) return ready;
      const carried = await carryOut(this.#course, ready);
      if ('what' in carried) return carried;
      const ended = await this.#verify(ready, carried, round);
      if (ended !== 'another') return ended;
      if (this.#course.signal.aborted) return again('stopped', true);
    }
  }

  async #verify(
    ready: Ready,
    { plan, applied, tookMs }: Carried,
    round: number,
  ): Promise<Ending | 'another'> {
    const { parts, recorder, signal } = this.#course;
    await recorder.put({ phase: 'Verifying' });
    const outcome = await verify(ready, parts.timing, signal, touchedBy(plan, applied, tookMs));
    if (signal.aborted) return again('stopped', true);
    if (outcome.as === 'declared') return this.#succeeded(ready, plan, outcome.left);
    if (outcome.as === 'blind')
      return outage(this.#course, outcome.code, `cannot be compared: ${outcome.message}`);
    if (round < mostRounds) return 'another';
    return final('Failed', `HF1601 applied ${round} times and still not as declared: ${outcome.message}`);
  }

  async #succeeded(
    { unit, declaration, driver, memory }: Ready,
    { kept = [] }: Plan,
    left: number,
  ): Promise<Ending> {
    const { results, signal } = this.#course;
    try {
      const unsure = (await memory.keep(unit, declaration, driver, signal)) ?? memory.unsure;
      return final('Succeeded', successWords(results, { left, kept, unsure }));
    } catch (error) {
      const failure = toFailure(error, 'HF1308');
      return outage(this.#course, failure.code, waiting(failure));
    }
  }

  #time(): string {
    return this.#course.parts.now().toISOString();
  }
}
