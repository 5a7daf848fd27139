import type { Cluster, Target } from '../../../cluster/cluster.ts';
import type { Schemas } from '../../../cluster/openapi.ts';
import type { JsonObject } from '../../../json/json.ts';
import { childKindsOf, Family } from '../children/family.ts';
import { childKind, childScopes, workloadKey } from '../children/look.ts';
import { unseenChildren, withChildren } from '../children/merge.ts';
import { type ChildTelling, tellStrays } from '../children/tell.ts';
import type { Judgement } from '../compare/judgement.ts';
import type { Subject } from '../compare/subject.ts';
import type { Placed, Scope } from '../live/scopes.ts';
import { KindWatch } from './kind-watch.ts';

/** What is told of one workload's children, and for which strays that holds. */
interface Told {
  strays: string;
  telling: ChildTelling | undefined;
}

/** Children change together; so long they are let come, in milliseconds. */
const gathering = 50;
/** After an outage it is tried again, in milliseconds. */
const again = 1_000;

/**
 * The children of a unit's workloads, under watch: what really runs. They are kept as small facts, and read again only where one
 * has strayed.
 */
export class ChildrenWatch {
  readonly #cluster: Cluster;
  readonly #schemas: Schemas;
  readonly #onChange: () => void;
  readonly #signal: AbortSignal;
  readonly #family = new Family();
  readonly #watches = new Map<string, KindWatch>();
  readonly #told = new Map<string, Told>();
  readonly #targets = new Map<string, Target>();
  /** Workloads that are there, so that the children of a new one are looked at before anything is told of it. */
  readonly #met = new Set<string>();
  #namespaces = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #running = 0;
  #ready = false;

  /** `onChange` is called when something is to be told otherwise, or for the first time. */
  constructor(cluster: Cluster, schemas: Schemas, onChange: () => void, signal: AbortSignal) {
    this.#cluster = cluster;
    this.#schemas = schemas;
    this.#onChange = onChange;
    this.#signal = signal;
  }

  /** Whether all that was there at first has been looked at. */
  get ready(): boolean {
    return this.#ready;
  }

  /** Looks at the children of these objects from now on. */
  async cover(subjects: readonly Subject[]): Promise<void> {
    const workloads = subjects
      .map(({ target }) => target)
      .filter(({ kind }) => childKindsOf(kind).length > 0);
    const scopes = await childScopes(this.#cluster, workloads);
    this.#namespaces = new Set(workloads.flatMap(({ namespace }) => namespace ?? []));
    const keys = new Map(scopes.map(scope => [keyOf(scope), scope]));
    this.#cover(keys);
    this.#targets.clear();
    for (const target of workloads) this.#targets.set(workloadKey(target), target);
    this.#soon(0);
  }

  /** A declared object as it is now. */
  live(target: Target, live: JsonObject | undefined): void {
    if (childKindsOf(target.kind).length === 0) return;
    const key = workloadKey(target);
    this.#family.workload(key, target.kind.kind, live);
    if (live === undefined) this.#met.delete(key);
    else if (!this.#met.has(key)) {
      this.#met.add(key);
      this.#ready = false;
    }
    this.#soon();
  }

  /** The judgement on an object with what is told of its children. */
  include(subject: Subject, judgement: Judgement): Judgement {
    const namespace = subject.ref.namespace ?? '';
    const key = workloadKey(subject.target);
    const whole = withChildren(judgement, subject, this.#told.get(key)?.telling);
    const failure = this.#targets.has(key) ? this.#failureFor(namespace) : undefined;
    if (failure === undefined) return whole;
    return { ...whole, exempt: [...whole.exempt, unseenChildren(subject, failure)] };
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const watch of this.#watches.values()) watch.close();
  }

  #cover(scopes: ReadonlyMap<string, Scope<Placed>>): void {
    for (const [key, watch] of this.#watches) {
      if (scopes.has(key)) continue;
      watch.close();
      this.#watches.delete(key);
    }
    for (const [key, scope] of scopes) {
      if (this.#watches.has(key)) continue;
      this.#ready = false;
      this.#watches.set(key, this.#watch(scope));
    }
  }

  #watch(scope: Scope<Placed>): KindWatch {
    const kind = childKind(scope.kind);
    return new KindWatch(this.#cluster, scope, {
      onObject: (name, object) => this.#child(kind, name, object),
      onListed: (namespace, names) => {
        for (const name of this.#family.names(kind)) {
          const here = namespace === undefined || name.startsWith(`${namespace}/`);
          if (here && !names.has(name)) this.#child(kind, name, undefined);
        }
      },
      onState: () => this.#soon(0),
    });
  }

  #child(kind: string, name: string, object: JsonObject | undefined): void {
    if (!this.#namespaces.has(name.slice(0, name.indexOf('/')))) return;
    this.#family.child(kind, name, object);
    this.#soon();
  }

  #failureFor(namespace: string) {
    for (const watch of this.#watches.values()) {
      const failure = watch.failureFor(namespace);
      if (failure !== undefined) return failure;
    }
    return undefined;
  }

  #soon(ms = gathering): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#look();
    }, ms);
  }

  /** Looks again at the workloads that something has happened to. */
  #look(): void {
    if (this.#signal.aborted || ![...this.#watches.values()].every(watch => watch.settled)) return;
    for (const key of this.#family.touched()) {
      const strays = this.#family.strays(key);
      const text = JSON.stringify(strays);
      if (text === (this.#told.get(key)?.strays ?? '[]')) continue;
      const target = this.#targets.get(key);
      if (strays.length > 0 && target !== undefined) void this.#tell(key, target, text);
      else if (this.#told.delete(key)) this.#onChange();
    }
    this.#settle();
  }

  async #tell(key: string, target: Target, text: string): Promise<void> {
    const before = this.#told.get(key);
    this.#told.set(key, { strays: text, telling: before?.telling });
    this.#running += 1;
    try {
      const strays = this.#family.strays(key);
      const telling = await tellStrays(this.#cluster, this.#schemas, target, strays, this.#signal);
      if (this.#told.get(key)?.strays === text) this.#told.set(key, { strays: text, telling });
      this.#onChange();
    } catch {
      // an outage, which the watches tell of
      if (!this.#signal.aborted) setTimeout(() => this.#retry(key), again);
    } finally {
      this.#running -= 1;
      this.#settle();
    }
  }

  #retry(key: string): void {
    if (this.#signal.aborted) return;
    this.#told.delete(key);
    this.#family.touch(key);
    this.#soon();
  }

  #settle(): void {
    if (this.#ready || this.#running > 0) return;
    this.#ready = true;
    this.#onChange();
  }
}

function keyOf({ kind, namespace }: Scope<Placed>): string {
  return `${kind.apiVersion} ${kind.kind} ${namespace ?? ''}`;
}
