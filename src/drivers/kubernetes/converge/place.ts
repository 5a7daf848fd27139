import type { DeclaredObject, DeclaredUnit } from '../../../declared/declaration.ts';
import type { ObjectRef } from '../../../findings/finding.ts';
import type { Target } from '../cluster/cluster.ts';
import type { Kinds } from '../cluster/discovery.ts';
import { objectAt, textAt } from './json.ts';

/** Where a declared object lives; undefined while the server does not serve its kind. */
export function targetOf(
  kinds: Kinds,
  unit: DeclaredUnit,
  { ref, object }: DeclaredObject,
): Target | undefined {
  const kind = kinds.find(ref.apiVersion, ref.kind);
  if (kind === undefined) return undefined;
  if (!kind.namespaced) return { kind, name: ref.name };
  return { kind, namespace: namespaceOf(unit, { ref, object }), name: ref.name };
}

/** The namespace of a declared object, if its kind has one. */
export function namespaceOf(
  unit: DeclaredUnit,
  { ref, object }: Pick<DeclaredObject, 'ref' | 'object'>,
): string {
  return (
    textAt(objectAt(object, 'metadata'), 'namespace') ??
    ref.namespace ??
    unit.definition.namespace ??
    'default'
  );
}

/** Where the object of a reference lives; undefined while the server does not serve its kind. */
export function targetOfRef(kinds: Kinds, ref: ObjectRef): Target | undefined {
  const kind = kinds.find(ref.apiVersion, ref.kind);
  if (kind === undefined) return undefined;
  return kind.namespaced
    ? { kind, namespace: ref.namespace ?? 'default', name: ref.name }
    : { kind, name: ref.name };
}

/** How an object is named in plans and results. */
export function refOf({ ref }: DeclaredObject, target: Target | undefined): ObjectRef {
  if (target === undefined) return ref;
  const { apiVersion, kind, name } = ref;
  return target.namespace === undefined
    ? { apiVersion, kind, name }
    : { apiVersion, kind, namespace: target.namespace, name };
}
