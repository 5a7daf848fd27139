import type { Target } from '../../../cluster/cluster.ts';
import type { Kinds } from '../../../cluster/discovery.ts';
import { refOf, targetOf } from '../../../cluster/target.ts';
import type { DeclaredObject, DeclaredUnit } from '../../../declared/declaration.ts';
import type { ObjectRef } from '../../../findings/finding.ts';

/** Where the object of a reference lives; undefined while the server does not serve its kind. */
export function targetOfRef(kinds: Kinds, ref: ObjectRef): Target | undefined {
  const kind = kinds.find(ref.apiVersion, ref.kind);
  if (kind === undefined) return undefined;
  return kind.namespaced
    ? { kind, namespace: ref.namespace ?? 'default', name: ref.name }
    : { kind, name: ref.name };
}

/** How a declared object is named in plans and results: as it lives, or as it is declared while its kind is not served. */
export function nameOf(kinds: Kinds, unit: DeclaredUnit, declared: DeclaredObject): ObjectRef {
  const target = targetOf(kinds, unit, declared);
  return target === undefined ? declared.ref : refOf(target);
}
