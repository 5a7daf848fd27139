import type { Kind } from '../../../cluster/kind.ts';

/** Declared objects of one kind in one scope; without `namespace` in the whole cluster. */
export interface Scope<T> {
  kind: Kind;
  namespace: string | undefined;
  /** By `namespace/name`. */
  wanted: Map<string, T>;
}

/** A member of a scope: what has a place on the server. */
export interface Placed {
  target: { kind: Kind; namespace?: string | undefined; name: string };
}

/** Up to so many namespaces are asked for one by one; more are cheaper, and one watch, for the whole cluster. */
const mostNamespaces = 2;

/** Groups declared objects into the lists or watches that cover them. */
export function scopesOf<T extends Placed>(members: Iterable<T>): Scope<T>[] {
  const kinds = new Map<string, { kind: Kind; members: T[] }>();
  for (const member of members) {
    const { kind } = member.target;
    const key = `${kind.apiVersion} ${kind.kind}`;
    const group = kinds.get(key) ?? { kind, members: [] };
    group.members.push(member);
    kinds.set(key, group);
  }
  return [...kinds.values()].flatMap(group => scopesOfKind(group.kind, group.members));
}

function scopesOfKind<T extends Placed>(kind: Kind, members: readonly T[]): Scope<T>[] {
  const whole = { kind, namespace: undefined, wanted: byName(members) };
  if (!kind.namespaced) return [whole];
  const namespaces = new Set(members.map(({ target }) => target.namespace));
  return namespaces.size > mostNamespaces ? [whole] : perNamespace(whole);
}

/** The same objects, one scope for each namespace: for accounts that may not list the whole cluster. */
export function perNamespace<T extends Placed>(scope: Scope<T>): Scope<T>[] {
  const parts = new Map<string, T[]>();
  for (const member of scope.wanted.values()) {
    const namespace = member.target.namespace ?? '';
    const part = parts.get(namespace);
    if (part === undefined) parts.set(namespace, [member]);
    else part.push(member);
  }
  return [...parts].map(([namespace, members]) => ({ kind: scope.kind, namespace, wanted: byName(members) }));
}

function byName<T extends Placed>(members: readonly T[]): Map<string, T> {
  return new Map(members.map(member => [placeOf(member.target), member]));
}

export function placeOf({ kind, namespace, name }: Placed['target']): string {
  return `${kind.namespaced ? (namespace ?? '') : ''}/${name}`;
}
