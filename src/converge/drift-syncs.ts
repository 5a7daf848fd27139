import type { Declaration } from '../declared/declaration.ts';
import { type Comparison, type Finding, isObjectRef } from '../findings/finding.ts';
import { graceMs, modeOf } from './mode.ts';
import { isFinal, phaseOf, type Sync, type SyncSpec } from './sync.ts';

export interface DriftParts {
  /** Asks for a sync; what it throws is told to `onFailure`, and it is asked again with the next comparison. */
  create(spec: SyncSpec): Promise<unknown>;
  /** Milliseconds of a clock that never goes back. */
  now(): number;
  onFailure(error: unknown): void;
}

/** After a sync that did not help it is asked for again only after so many times the grace, doubling up to a day. */
const mostPauseMs = 24 * 3_600_000;

interface Drifting {
  sinceMs: number;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Asks for syncs of units in the mode `on-merge-and-drift` whose hand edits have stood for their grace time. It only asks: the
 * converger derives the authorization of the revision itself. It keeps nothing over a restart, but the grace time begins anew.
 */
export class DriftSyncs {
  readonly #parts: DriftParts;
  readonly #drifting = new Map<string, Drifting>();
  /** When a unit was asked for last, and how long it is not asked for again. */
  readonly #asked = new Map<string, { atMs: number; pauseMs: number }>();
  #open: ReadonlySet<string> = new Set();

  constructor(parts: DriftParts) {
    this.#parts = parts;
  }

  /** The Syncs as they are now: while one of a unit is not over, none is asked for. */
  syncs(syncs: readonly Sync[]): void {
    this.#open = new Set(syncs.filter(sync => !isFinal(phaseOf(sync))).map(({ spec }) => spec.unit));
  }

  /** A unit as it was just compared with a declaration of an authorized revision. `converging`: a sync is putting it right. */
  compared(comparison: Comparison, declaration: Declaration | null, converging: boolean): void {
    const { unit } = comparison;
    const wanted =
      declaration !== null &&
      declaration.revision !== null &&
      !converging &&
      modeOf(unit, declaration) === 'on-merge-and-drift' &&
      comparison.findings.some(canBePutRight);
    if (!wanted) {
      if (comparison.verdict === 'in-sync') this.#asked.delete(unit);
      this.#forget(unit);
      return;
    }
    const known = this.#drifting.get(unit);
    const drifting = known ?? { sinceMs: this.#parts.now(), timer: undefined };
    this.#drifting.set(unit, drifting);
    clearTimeout(drifting.timer);
    const leftMs = this.#dueAtMs(unit, declaration, drifting) - this.#parts.now();
    const ask = () => this.#ask(unit, declaration);
    drifting.timer = leftMs <= 0 ? undefined : setTimeout(ask, leftMs);
    drifting.timer?.unref();
    if (leftMs <= 0) ask();
  }

  /** Another observer compares the unit now. */
  left(unit: string): void {
    this.#forget(unit);
  }

  close(): void {
    for (const { timer } of this.#drifting.values()) clearTimeout(timer);
    this.#drifting.clear();
  }

  #dueAtMs(unit: string, declaration: Declaration, { sinceMs }: Drifting): number {
    const asked = this.#asked.get(unit);
    return Math.max(
      sinceMs + graceMs(unit, declaration),
      asked === undefined ? 0 : asked.atMs + asked.pauseMs,
    );
  }

  #ask(unit: string, declaration: Declaration): void {
    if (this.#open.has(unit) || declaration.revision === null || !this.#drifting.has(unit)) return;
    const atMs = this.#parts.now();
    const before = this.#asked.get(unit)?.pauseMs;
    const firstMs = Math.max(graceMs(unit, declaration), 60_000);
    this.#asked.set(unit, {
      atMs,
      pauseMs: Math.min(before === undefined ? firstMs : before * 2, mostPauseMs),
    });
    this.#parts.create({ unit, revision: declaration.revision, reason: 'drift' }).catch(error => {
      this.#asked.delete(unit);
      this.#parts.onFailure(error);
    });
  }

  #forget(unit: string): void {
    clearTimeout(this.#drifting.get(unit)?.timer);
    this.#drifting.delete(unit);
  }
}

/** What is put right without being asked for: declared objects that live otherwise. Not what is declared nowhere, nor what cannot be compared, nor what is no object of the cluster. */
export function canBePutRight({ type, resource, changes = [], code }: Finding): boolean {
  if (code !== undefined || !isObjectRef(resource)) return false;
  if (type === 'missing') return true;
  return (
    (type === 'changed' || type === 'undeclared') &&
    changes.some(({ path }) => !path.startsWith('/children/'))
  );
}
