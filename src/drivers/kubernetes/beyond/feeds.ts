import { isDeepStrictEqual } from 'node:util';
import type { Cluster } from '../../../cluster/cluster.ts';
import type { Failure } from '../../../failure/failure.ts';
import type { JsonObject } from '../../../json/json.ts';
import { type Watch, watch } from '../live/watch.ts';
import { type Facts, factsOf } from './facts.ts';
import { type Place, placeName } from './places.ts';

/** The facts of all objects in a place, kept true by a watch of their metadata. */
export interface Feed {
  rows(): Iterable<Facts>;
  /** Whether it was listed, or cannot be. */
  readonly settled: boolean;
  /** Why it cannot be seen; what an outage hides is as it was seen last. */
  readonly failure: Failure | undefined;
  /** Whether the object was there when the place was listed, or came longer ago than `ms`. */
  isOlder(row: Facts, ms: number, now: number): boolean;
  close(): void;
}

/** One watch for each place, whoever asks for it and however many do. */
export class Feeds {
  readonly #cluster: Cluster;
  readonly #now: () => number;
  readonly #open = new Map<string, Source>();

  constructor(cluster: Cluster, now: () => number) {
    this.#cluster = cluster;
    this.#now = now;
  }

  /** `onChange` is called after each change of what the feed tells. */
  open(place: Place, onChange: () => void): Feed {
    const key = placeName(place);
    const source = this.#open.get(key) ?? new Source(this.#cluster, place, this.#now);
    this.#open.set(key, source);
    source.listeners.add(onChange);
    const close = () => {
      source.listeners.delete(onChange);
      if (source.listeners.size > 0 || this.#open.get(key) !== source) return;
      this.#open.delete(key);
      source.close();
    };
    return {
      rows: () => source.rows.values(),
      get settled() {
        return source.listed || source.failure !== undefined;
      },
      get failure() {
        return source.failure;
      },
      isOlder: (row, ms, now) => now - (source.came.get(row.uid) ?? Number.NEGATIVE_INFINITY) >= ms,
      close,
    };
  }
}

class Source {
  readonly rows = new Map<string, Facts>();
  /** When objects came after the first list, by uid. */
  readonly came = new Map<string, number>();
  readonly listeners = new Set<() => void>();
  listed = false;
  failure: Failure | undefined;
  readonly #watch: Watch;

  constructor(cluster: Cluster, { kind, namespace }: Place, now: () => number) {
    const gone = (name: string) => {
      this.came.delete(this.rows.get(name)?.uid ?? '');
      return this.rows.delete(name);
    };
    const see = (name: string, object: JsonObject) => {
      const facts = factsOf(kind, object);
      const before = this.rows.get(name);
      if (facts === undefined || isDeepStrictEqual(before, facts)) return;
      if (this.listed && before?.uid !== facts.uid) this.came.set(facts.uid, now());
      this.rows.set(name, facts);
      if (this.listed) this.#tell();
    };
    this.#watch = watch(
      cluster,
      kind,
      namespace,
      {
        onObject: see,
        onDeleted: name => void (gone(name) && this.#tell()),
        onListed: names => {
          for (const name of this.rows.keys()) if (!names.has(name)) gone(name);
          this.listed = true;
          this.#fail(undefined);
        },
        onUp: () => this.#fail(undefined),
        onDown: failure => {
          // an outage is told by what is declared; what a gone kind held is gone
          if (failure.code === 'HF1301' || failure.code === 'HF1302') return;
          if (failure.code !== 'HF1305') return this.#fail(failure);
          this.rows.clear();
          this.listed = true;
          this.#fail(undefined);
        },
      },
      'metadata',
    );
  }

  close(): void {
    this.#watch.close();
  }

  #fail(failure: Failure | undefined): void {
    this.failure = failure;
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.listeners) listener();
  }
}
