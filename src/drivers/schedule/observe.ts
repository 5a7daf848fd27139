import { type Clock, systemClock } from '../../concurrency/clock.ts';
import type { Limit } from '../../concurrency/limit.ts';
import type { Declaration, DeclaredUnit } from '../../declared/declaration.ts';
import { toFailure } from '../../failure/failure.ts';
import type { Comparison } from '../../findings/finding.ts';
import type { Observation } from '../driver.ts';
import { type Confirmed, confirm, nothingSeen, type Seen } from './confirm.ts';
import { cronTimes, type Times } from './times.ts';

/** What a driver that cannot watch gives. */
export interface ScheduledParts {
  /** One comparison; what it throws makes the unit unknown. It ends soon when the signal fires. */
  compare(unit: DeclaredUnit, declaration: Declaration, signal: AbortSignal): Promise<Comparison>;
  /** A cron expression (UTC), for units whose holdfast.yaml names no `schedule`. */
  schedule: string;
  /** How many units of the driver are compared at once. */
  pool: Limit;
  /** How long after findings that are not sure it looks again. */
  againMs?: number;
  clock?: Clock;
  times?: Times;
}

/**
 * Observes a unit by comparing it: at once, at the times of its schedule, when its declaration changes, when it is asked to
 * look, and again soon after findings that are not sure yet. Never twice at the same time. Only what is sure is delivered.
 */
export function observeScheduled(
  unit: DeclaredUnit,
  declaration: Declaration,
  listener: (comparison: Comparison) => void,
  parts: ScheduledParts,
): Observation {
  return new ScheduledUnit(unit, declaration, listener, parts);
}

class ScheduledUnit implements Observation {
  readonly #parts: ScheduledParts;
  readonly #clock: Clock;
  readonly #listener: (comparison: Comparison) => void;
  #unit: DeclaredUnit;
  #declaration: Declaration;
  #seen: Seen = nothingSeen;
  #stopTimes: () => void;
  #cancelAgain: () => void = () => undefined;
  #running: Promise<void> | undefined;
  /** Asked for while a comparison runs, or waits for its turn. */
  #wanted = false;
  readonly #closing = new AbortController();
  /** Fires when what is compared with is not declared any more. */
  #outdated = new AbortController();

  constructor(
    unit: DeclaredUnit,
    declaration: Declaration,
    listener: (comparison: Comparison) => void,
    parts: ScheduledParts,
  ) {
    this.#parts = parts;
    this.#clock = parts.clock ?? systemClock;
    this.#listener = listener;
    this.#unit = unit;
    this.#declaration = declaration;
    this.#stopTimes = this.#follow(unit);
    this.look();
  }

  declare(unit: DeclaredUnit, declaration: Declaration): void {
    const before = this.#unit;
    this.#unit = unit;
    this.#declaration = declaration;
    const { schedule } = before.definition;
    if (schedule !== unit.definition.schedule) {
      this.#stopTimes();
      this.#stopTimes = this.#follow(unit);
    }
    if (before.hash === unit.hash) return;
    this.#seen = nothingSeen;
    this.#outdated.abort();
    this.#outdated = new AbortController();
    this.look();
  }

  look(): void {
    this.#cancelAgain();
    if (this.#closing.signal.aborted) return;
    this.#wanted = true;
    this.#running ??= this.#work();
  }

  async close(): Promise<void> {
    this.#stopTimes();
    this.#cancelAgain();
    this.#closing.abort();
    await this.#running;
  }

  #follow(unit: DeclaredUnit): () => void {
    const { schedule = this.#parts.schedule, name } = unit.definition;
    return (this.#parts.times ?? cronTimes)(schedule, name, () => this.look());
  }

  async #work(): Promise<void> {
    while (this.#wanted && !this.#closing.signal.aborted) {
      await this.#parts.pool.run(() => this.#compareOnce());
    }
    this.#running = undefined;
  }

  async #compareOnce(): Promise<void> {
    this.#wanted = false;
    if (this.#closing.signal.aborted) return;
    const [unit, declaration] = [this.#unit, this.#declaration];
    const signal = AbortSignal.any([this.#closing.signal, this.#outdated.signal]);
    const comparison = await this.#parts
      .compare(unit, declaration, signal)
      .catch(error => failed(unit, error));
    if (signal.aborted) return;
    const at = new Date(this.#clock.now()).toISOString();
    this.#follows(confirm(this.#seen, comparison, at));
  }

  #follows({ seen, sure, again }: Confirmed): void {
    this.#seen = seen;
    if (again) this.#cancelAgain = this.#clock.after(this.#parts.againMs ?? 10_000, () => this.look());
    if (sure !== undefined) this.#listener(sure);
  }
}

/** A driver is not to throw; when it does, its unit is unknown and every other goes on. */
function failed(unit: DeclaredUnit, error: unknown): Comparison {
  const { name, driver } = unit.definition;
  const { code, line } = toFailure(error, 'HF1002', { subject: name });
  const finding = {
    unit: name,
    type: 'unknown' as const,
    resource: { type: 'Unit', name },
    code,
    message: line,
  };
  return {
    unit: name,
    driver,
    verdict: 'unknown',
    resources: { declared: 0, inSync: 0 },
    findings: [finding],
    elapsedMs: 0,
  };
}
