import type { Cluster } from '../../../cluster/cluster.ts';
import { type Kind, resourceName } from '../../../cluster/kind.ts';
import type { Failure } from '../../../failure/failure.ts';
import { type Watch, type WatchListener, watch } from './watch.ts';

interface Member {
  listener: WatchListener;
  /** It hears only once a list has begun since it joined, so that what it heard is always whole. */
  hears: boolean;
}

/** One list and watch of a kind and scope, told to all who ask for it. Nothing of what it tells is kept. */
class SharedWatch {
  readonly #begin: (listener: WatchListener) => Watch;
  readonly #ended: () => void;
  readonly #members = new Set<Member>();
  #watch: Watch | undefined;
  #failure: Failure | undefined;

  constructor(begin: (listener: WatchListener) => Watch, ended: () => void) {
    this.#begin = begin;
    this.#ended = ended;
  }

  join(listener: WatchListener): Watch {
    const member: Member = { listener, hears: false };
    this.#members.add(member);
    if (this.#watch !== undefined) this.#watch.relist();
    // those who come at the same time share the first list, too
    else if (this.#members.size === 1) setImmediate(() => this.#open());
    const failure = this.#failure;
    if (failure !== undefined) queueMicrotask(() => this.#members.has(member) && listener.onDown(failure));
    return {
      relist: () => this.#watch?.relist(),
      close: () => this.#leave(member),
    };
  }

  #leave(member: Member): void {
    if (!this.#members.delete(member) || this.#members.size > 0) return;
    this.#watch?.close();
    this.#ended();
  }

  #open(): void {
    if (this.#members.size === 0) return;
    this.#watch = this.#begin({
      onListing: () => {
        for (const member of this.#members) member.hears = true;
      },
      onObject: (name, object) => this.#tell(listener => listener.onObject(name, object)),
      onDeleted: name => this.#tell(listener => listener.onDeleted(name)),
      onListed: names => this.#tell(listener => listener.onListed(names)),
      onUp: () => {
        this.#failure = undefined;
        this.#tell(listener => listener.onUp());
      },
      onDown: failure => {
        this.#failure = failure;
        for (const { listener } of [...this.#members]) listener.onDown(failure);
      },
    });
  }

  /** A listener may leave while it is told. */
  #tell(what: (listener: WatchListener) => void): void {
    for (const member of [...this.#members])
      if (member.hears && this.#members.has(member)) what(member.listener);
  }
}

const shared = new WeakMap<Cluster, Map<string, SharedWatch>>();

/**
 * As `watch`, but all who watch the same kind in the same scope of a cluster share one list and one watch, however many units
 * declare objects of it. Who joins a watch that stands has it listed once more, for all.
 */
export function watchTogether(
  cluster: Cluster,
  kind: Kind,
  namespace: string | undefined,
  listener: WatchListener,
): Watch {
  const watches = shared.get(cluster) ?? new Map<string, SharedWatch>();
  shared.set(cluster, watches);
  const key = JSON.stringify([resourceName(kind), kind.version, namespace ?? null]);
  const begin = (told: WatchListener) => watch(cluster, kind, namespace, told);
  const known =
    watches.get(key) ??
    new SharedWatch(begin, () => {
      if (watches.get(key) === known) watches.delete(key);
    });
  watches.set(key, known);
  return known.join(listener);
}
