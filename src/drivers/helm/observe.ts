import type { Cluster } from '../../cluster/cluster.ts';
import type { Declaration, DeclaredUnit } from '../../declared/declaration.ts';
import type { Comparison } from '../../findings/finding.ts';
import type { Driver, Observation } from '../driver.ts';
import { blind } from '../kubernetes/compare/unit.ts';
import { type Watch, watch } from '../kubernetes/live/watch.ts';
import { forgetVersion } from './capabilities.ts';
import { recordSelector, secretKind } from './history.ts';
import { type View, viewOf, withRelease } from './view.ts';

/** What the parts of the driver share. */
export interface HelmDeps {
  cluster: Cluster;
  manifests: Driver;
  now: () => number;
}

export interface ObserveOptions {
  /** How long changes of the records gather, in milliseconds. */
  gatherMs?: number;
  /** How often the server's kinds, and what could not be told, are looked at again. */
  againMs?: number;
}

/**
 * A release under watch: its objects by the driver of manifests, its records by a watch of their metadata. When either changes,
 * the whole is told anew.
 */
export function observeRelease(
  deps: HelmDeps,
  unit: DeclaredUnit,
  declaration: Declaration,
  listener: (comparison: Comparison) => void,
  options: ObserveOptions = {},
): Observation {
  const observer = new ReleaseObserver(deps, listener, options);
  observer.declare(unit, declaration);
  return observer;
}

class ReleaseObserver implements Observation {
  readonly #deps: HelmDeps;
  readonly #listener: (comparison: Comparison) => void;
  readonly #gatherMs: number;
  readonly #closing = new AbortController();
  readonly #again: NodeJS.Timeout;
  #declared: { unit: DeclaredUnit; declaration: Declaration } | undefined;
  #watched: { place: string; watch: Watch } | undefined;
  #inner: { observation: Observation; unit: DeclaredUnit; declaration: Declaration } | undefined;
  #view: View | undefined;
  #compared: Comparison | undefined;
  #told: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Failed looks since the last one that succeeded. */
  #failures = 0;
  #working: Promise<void> = Promise.resolve();
  /** Looks that were asked for and are not done. */
  #pending = 0;

  constructor(deps: HelmDeps, listener: (comparison: Comparison) => void, options: ObserveOptions) {
    this.#deps = deps;
    this.#listener = listener;
    this.#gatherMs = options.gatherMs ?? 150;
    this.#again = setInterval(() => {
      deps.cluster.forgetKinds();
      forgetVersion(deps.cluster);
      this.#look();
    }, options.againMs ?? 30_000);
  }

  declare(unit: DeclaredUnit, declaration: Declaration): void {
    this.#declared = { unit, declaration };
    this.#told = undefined;
    this.#view = undefined;
    this.#compared = undefined;
    this.#watchRecords(unit);
    this.#look();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    clearInterval(this.#again);
    clearTimeout(this.#timer);
    this.#watched?.watch.close();
    await this.#working;
    await this.#inner?.observation.close();
  }

  #watchRecords({ release }: DeclaredUnit): void {
    const wanted = release?.apply === 'helm' ? release : undefined;
    const place = wanted === undefined ? '' : `${wanted.namespace}/${wanted.name}`;
    if (this.#watched?.place === place) return;
    this.#watched?.watch.close();
    this.#watched = undefined;
    if (wanted === undefined) return;
    const soon = () => this.#lookSoon();
    const listening = {
      onObject: soon,
      onDeleted: soon,
      onListed: soon,
      onUp: () => undefined,
      onDown: soon,
    };
    const { cluster } = this.#deps;
    const selector = recordSelector(wanted);
    this.#watched = {
      place,
      watch: watch(cluster, secretKind, wanted.namespace, listening, 'metadata', selector),
    };
  }

  #lookSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(), this.#gatherMs);
  }

  /** What does not answer is asked again after a while, and each time later, up to 10 s. */
  #lookLater(): void {
    this.#failures += 1;
    clearTimeout(this.#timer);
    const delay = Math.min(this.#gatherMs * 2 ** this.#failures, 10_000);
    this.#timer = setTimeout(() => this.#look(), delay);
  }

  /** Reads the records and renders anew, one after the other. */
  #look(): void {
    this.#pending += 1;
    this.#working = this.#working
      .then(() => (this.#closing.signal.aborted || this.#pending > 1 ? undefined : this.#lookNow()))
      .finally(() => {
        this.#pending -= 1;
      });
  }

  async #lookNow(): Promise<void> {
    const declared = this.#declared;
    if (declared === undefined) return;
    const { cluster } = this.#deps;
    try {
      const view = await viewOf(cluster, declared.unit, declared.declaration, this.#closing.signal);
      if (this.#declared !== declared || this.#closing.signal.aborted) return;
      this.#view = view;
      this.#failures = 0;
      if (!this.#observe(view)) await this.#tell();
    } catch (error) {
      if (this.#closing.signal.aborted || this.#declared !== declared) return;
      this.#emit(blind(declared.unit, error, 0));
      this.#lookLater();
    }
  }

  /** Has the objects compared as the view declares them; true when a new comparison of them will come by itself. */
  #observe(view: View): boolean {
    const known = this.#inner;
    const inner = { unit: view.unit, declaration: view.declaration };
    if (known === undefined) {
      const observation = this.#deps.manifests.observe(view.unit, view.declaration, comparison => {
        this.#compared = comparison;
        this.#working = this.#working.then(() => this.#tell().catch(() => this.#lookLater()));
      });
      this.#inner = { ...inner, observation };
      return true;
    }
    if (this.#compared !== undefined && isSame(known, inner)) return false;
    this.#compared = undefined;
    this.#inner = { ...inner, observation: known.observation };
    known.observation.declare(view.unit, view.declaration);
    return true;
  }

  async #tell(): Promise<void> {
    const [view, compared] = [this.#view, this.#compared];
    if (view === undefined || compared === undefined || this.#closing.signal.aborted) return;
    const { cluster, now } = this.#deps;
    const whole = await withRelease(cluster, view, compared, now(), this.#closing.signal);
    if (this.#view === view && this.#compared === compared) this.#emit(whole);
  }

  /** The same story is not told twice. */
  #emit(comparison: Comparison): void {
    const { elapsedMs: _elapsed, ...story } = comparison;
    const text = JSON.stringify(story);
    if (text === this.#told || this.#closing.signal.aborted) return;
    this.#told = text;
    this.#listener(comparison);
  }
}

/** Whether the objects and all that is left out of them are the same, wherever they are declared. */
function isSame(
  one: { unit: DeclaredUnit; declaration: Declaration },
  other: { unit: DeclaredUnit; declaration: Declaration },
): boolean {
  const story = ({ unit, declaration }: typeof one) =>
    JSON.stringify([
      unit.objects.map(({ hash, ref, source }) => [hash, ref, source]),
      unit.findings,
      unit.manages,
      declaration.settings.ignore,
    ]);
  return one.declaration.revision === other.declaration.revision && story(one) === story(other);
}
