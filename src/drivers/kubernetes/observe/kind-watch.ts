import type { Cluster } from '../../../cluster/cluster.ts';
import type { Kind } from '../../../cluster/kind.ts';
import type { Failure } from '../../../failure/failure.ts';
import type { JsonObject } from '../../../json/json.ts';
import { type Placed, perNamespace, type Scope } from '../live/scopes.ts';
import { watchTogether } from '../live/shared-watch.ts';
import type { Watch } from '../live/watch.ts';

export interface KindListener {
  /** An object (`namespace/name`) as it is now; undefined where it is gone. */
  onObject(name: string, object: JsonObject | undefined): void;
  /** All there are in a namespace, or everywhere: what is not among them is gone. */
  onListed(namespace: string | undefined, names: ReadonlySet<string>): void;
  /** It was listed, came up or went down. */
  onState(): void;
}

interface Part {
  watch: Watch;
  listed: boolean;
  failure: Failure | undefined;
}

/**
 * The watch of all objects of a kind in a scope, whatever is declared of them. Where the account may not list the whole cluster,
 * it watches the namespaces of the scope one by one.
 */
export class KindWatch {
  readonly #cluster: Cluster;
  readonly #kind: Kind;
  readonly #listener: KindListener;
  readonly #parts = new Map<string | undefined, Part>();

  constructor(cluster: Cluster, scope: Scope<Placed>, listener: KindListener) {
    this.#cluster = cluster;
    this.#kind = scope.kind;
    this.#listener = listener;
    this.#begin(scope.namespace, scope);
  }

  close(): void {
    for (const part of this.#parts.values()) part.watch.close();
    this.#parts.clear();
  }

  /** Whether every part was listed or cannot be. */
  get settled(): boolean {
    return [...this.#parts.values()].every(({ listed, failure }) => listed || failure !== undefined);
  }

  /** Why a namespace cannot be seen; undefined where it can. */
  failureFor(namespace: string): Failure | undefined {
    return (this.#parts.get(namespace) ?? this.#parts.get(undefined))?.failure;
  }

  #begin(namespace: string | undefined, scope: Scope<Placed>): void {
    const begun = watchTogether(this.#cluster, this.#kind, namespace, {
      onObject: (name, object) => this.#listener.onObject(name, object),
      onDeleted: name => this.#listener.onObject(name, undefined),
      onListed: names => {
        part.listed = true;
        this.#listener.onListed(namespace, names);
        this.#listener.onState();
      },
      onUp: () => {
        part.failure = undefined;
        this.#listener.onState();
      },
      onDown: failure => {
        part.failure = failure;
        const divides = failure.code === 'HF1303' && namespace === undefined && this.#kind.namespaced;
        if (divides && !part.listed) this.#divide(part, scope);
        this.#listener.onState();
      },
    });
    const part: Part = { watch: begun, listed: false, failure: undefined };
    this.#parts.set(namespace, part);
  }

  #divide(whole: Part, scope: Scope<Placed>): void {
    whole.watch.close();
    this.#parts.delete(undefined);
    for (const part of perNamespace(scope)) this.#begin(part.namespace, scope);
  }
}
