import type { Cluster } from '../../../cluster/cluster.ts';
import type { Kind } from '../../../cluster/kind.ts';
import type { Failure } from '../../../failure/failure.ts';
import type { JsonObject } from '../../../json/json.ts';
import type { Knowledge } from '../compare/local.ts';
import { type Placed, perNamespace, type Scope } from '../live/scopes.ts';
import { watchTogether } from '../live/shared-watch.ts';
import type { Watch } from '../live/watch.ts';

export interface ScopeListener {
  /** A declared object as it is now; undefined where it is not there. */
  onLive(name: string, live: JsonObject | undefined, knowledge: Knowledge): void;
  /** It came up, went down, or was listed. */
  onState(): void;
}

interface Part {
  watch: Watch;
  listed: boolean;
  failure: Failure | undefined;
}

/**
 * The watch of one kind over one scope. Where the account may not list the whole cluster, it watches the declared
 * namespaces one by one, and only the objects in those that it may not read stay unknown.
 */
export class ScopeWatch {
  readonly kind: Kind;
  readonly #cluster: Cluster;
  readonly #listener: ScopeListener;
  #scope: Scope<Placed>;
  #knowledge: Knowledge;
  /** By namespace; undefined for the whole scope. */
  #parts = new Map<string | undefined, Part>();

  constructor(cluster: Cluster, scope: Scope<Placed>, knowledge: Knowledge, listener: ScopeListener) {
    this.#cluster = cluster;
    this.kind = scope.kind;
    this.#scope = scope;
    this.#knowledge = knowledge;
    this.#listener = listener;
    this.#begin(scope.namespace);
  }

  get knowledge(): Knowledge {
    return this.#knowledge;
  }

  /** Covers other objects of the same kind and scope from now on. */
  cover(scope: Scope<Placed>, knowledge: Knowledge): void {
    this.#scope = scope;
    this.#knowledge = knowledge;
    if (this.#divided) this.#divide();
  }

  /** Reads all of them again. */
  relist(): void {
    for (const part of this.#parts.values()) part.watch.relist();
  }

  close(): void {
    for (const part of this.#parts.values()) part.watch.close();
    this.#parts.clear();
  }

  /** Why the cluster as a whole cannot be seen, if it cannot. */
  get outage(): Failure | undefined {
    for (const { failure } of this.#parts.values()) {
      if (failure?.code === 'HF1301' || failure?.code === 'HF1302') return failure;
    }
    return undefined;
  }

  /** Whether every part was listed or cannot be. */
  get settled(): boolean {
    return [...this.#parts.values()].every(part => part.listed || part.failure !== undefined);
  }

  /** Why this object (`namespace/name`) cannot be seen; undefined where it can. */
  failureFor(name: string): Failure | undefined {
    const part = this.#divided
      ? this.#parts.get(name.slice(0, name.indexOf('/')))
      : [...this.#parts.values()][0];
    return part?.failure;
  }

  get #divided(): boolean {
    return this.#scope.namespace === undefined && this.kind.namespaced && !this.#parts.has(undefined);
  }

  #divide(): void {
    const namespaces = new Set(perNamespace(this.#scope).map(({ namespace }) => namespace));
    for (const [namespace, part] of this.#parts) {
      if (namespaces.has(namespace)) continue;
      part.watch.close();
      this.#parts.delete(namespace);
    }
    for (const namespace of namespaces) if (!this.#parts.has(namespace)) this.#begin(namespace);
  }

  #begin(namespace: string | undefined): void {
    const begun = watchTogether(this.#cluster, this.kind, namespace, {
      onObject: (name, object) => this.#live(name, object),
      onDeleted: name => this.#live(name, undefined),
      onListed: names => {
        part.listed = true;
        for (const [name, member] of this.#scope.wanted) {
          const here = namespace === undefined || member.target.namespace === namespace;
          if (here && !names.has(name)) this.#live(name, undefined);
        }
        this.#listener.onState();
      },
      onUp: () => {
        part.failure = undefined;
        this.#listener.onState();
      },
      onDown: failure => this.#down(namespace, part, failure),
    });
    const part: Part = { watch: begun, listed: false, failure: undefined };
    this.#parts.set(namespace, part);
  }

  #down(namespace: string | undefined, part: Part, failure: Failure): void {
    const whole = namespace === undefined && this.kind.namespaced;
    if (failure.code === 'HF1303' && whole && !part.listed) {
      part.watch.close();
      this.#parts.delete(undefined);
      this.#divide();
    } else part.failure = failure;
    this.#listener.onState();
  }

  #live(name: string, live: JsonObject | undefined): void {
    if (this.#scope.wanted.has(name)) this.#listener.onLive(name, live, this.#knowledge);
  }
}
