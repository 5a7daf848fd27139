import type { JsonObject } from '../../../json/json.ts';
import { type Holder, holderOf, isShelved, type PodFacts, podOf } from './facts.ts';
import { type Stray, straysOf } from './strays.ts';

/** Kinds of workloads, as `group/Kind`, with the kinds that stand between them and their Pods. */
const between: Readonly<Record<string, string | undefined>> = {
  'apps/Deployment': 'apps/v1 ReplicaSet',
  'apps/StatefulSet': 'apps/v1 ControllerRevision',
  'apps/DaemonSet': 'apps/v1 ControllerRevision',
  'batch/CronJob': 'batch/v1 Job',
  'apps/ReplicaSet': undefined,
  'batch/Job': undefined,
  '/ReplicationController': undefined,
};

/** The kinds of children of a workload, as `apiVersion Kind`; none for what is no workload. */
export function childKindsOf(kind: { group: string; kind: string }): string[] {
  const key = `${kind.group}/${kind.kind}`;
  if (!Object.hasOwn(between, key)) return [];
  const middle = between[key];
  return ['v1 Pod', ...(middle === undefined ? [] : [middle])];
}

/** A declared workload as its children know it. */
interface Parent {
  key: string;
  kind: string;
  holder: Holder;
}

/**
 * Declared workloads with what they control, by the uids in ownerReferences: small facts, never objects. Tells which
 * workloads a change concerns, so that only those are looked at again.
 */
export class Family {
  readonly #parents = new Map<string, Parent>();
  readonly #uids = new Map<string, string>();
  /** By kind and `namespace/name`. */
  readonly #names = new Map<string, string>();
  readonly #holders = new Map<string, Holder>();
  readonly #pods = new Map<string, PodFacts>();
  readonly #children = new Map<string, Set<string>>();
  readonly #touched = new Set<string>();

  /** A declared workload as it is now, under any key of the caller's; undefined where it is not there. */
  workload(key: string, kind: string, live: JsonObject | undefined): void {
    const before = this.#uids.get(key);
    const holder = live === undefined ? undefined : holderOf(live);
    if (before !== undefined && before !== holder?.uid) this.#parents.delete(before);
    if (holder === undefined) this.#uids.delete(key);
    else {
      this.#uids.set(key, holder.uid);
      this.#parents.set(holder.uid, { key, kind, holder });
    }
    this.#touched.add(key);
  }

  /** A child as it is now; undefined where it is gone. `name` is `namespace/name`. */
  child(kind: string, name: string, live: JsonObject | undefined): void {
    const place = `${kind} ${name}`;
    const known = this.#names.get(place);
    if (known !== undefined) this.#forget(place, known);
    if (live === undefined || (kind === 'apps/v1 ReplicaSet' && isShelved(live))) return;
    const pod = kind === 'v1 Pod' ? podOf(live) : undefined;
    const facts = kind === 'v1 Pod' ? pod : holderOf(live);
    if (facts?.owner === undefined) return;
    this.#names.set(place, facts.uid);
    if (pod === undefined) this.#holders.set(facts.uid, facts as Holder);
    else this.#pods.set(facts.uid, pod);
    const siblings = this.#children.get(facts.owner) ?? new Set();
    this.#children.set(facts.owner, siblings.add(facts.uid));
    this.#touch(facts.owner);
  }

  /** The names of children of a kind that are known; to find those that are gone. */
  names(kind: string): string[] {
    return [...this.#names.keys()]
      .filter(key => key.startsWith(`${kind} `))
      .map(key => key.slice(kind.length + 1));
  }

  /** The keys of workloads that something has happened to since the last call. */
  touched(): string[] {
    const keys = [...this.#touched];
    this.#touched.clear();
    return keys;
  }

  /** Has a workload looked at again. */
  touch(key: string): void {
    this.#touched.add(key);
  }

  strays(key: string): Stray[] {
    const parent = this.#parents.get(this.#uids.get(key) ?? '');
    if (parent === undefined || parent.holder.terminating) return [];
    const { holder: workload, kind } = parent;
    const own = [...(this.#children.get(workload.uid) ?? [])];
    const middle = own.flatMap(uid => this.#holders.get(uid) ?? []);
    const direct = own.flatMap(uid => this.#pods.get(uid) ?? []);
    const under = middle.map(holder => ({ holder, pods: this.#podsOf(holder, workload, direct) }));
    const revised = kind === 'StatefulSet' || kind === 'DaemonSet';
    const holders = revised ? under : [{ holder: workload, pods: direct }, ...under];
    return straysOf({ workload, kind, holders });
  }

  /** Pods that were made from a holder: those that it controls, or those of its workload that name it as their revision. */
  #podsOf(holder: Holder, workload: Holder, direct: readonly PodFacts[]): PodFacts[] {
    const own = [...(this.#children.get(holder.uid) ?? [])].flatMap(uid => this.#pods.get(uid) ?? []);
    const named = direct.filter(
      ({ revision }) => revision === holder.name || `${workload.name}-${revision}` === holder.name,
    );
    return [...own, ...named];
  }

  #forget(place: string, uid: string): void {
    const owner = (this.#pods.get(uid) ?? this.#holders.get(uid))?.owner;
    this.#names.delete(place);
    this.#pods.delete(uid);
    this.#holders.delete(uid);
    if (owner === undefined) return;
    const siblings = this.#children.get(owner);
    siblings?.delete(uid);
    if (siblings?.size === 0) this.#children.delete(owner);
    this.#touch(owner);
  }

  #touch(owner: string): void {
    const parent = this.#parents.get(owner) ?? this.#parents.get(this.#holders.get(owner)?.owner ?? '');
    if (parent !== undefined) this.#touched.add(parent.key);
  }
}
