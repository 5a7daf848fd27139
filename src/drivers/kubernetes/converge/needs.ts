import { splitApiVersion } from '../../../cluster/kind.ts';
import type { Declaration, DeclaredObject, DeclaredUnit } from '../../../declared/declaration.ts';
import type { ObjectRef } from '../../../findings/finding.ts';
import { isMap } from '../../../json/value.ts';
import { listAt, objectAt, textAt } from './json.ts';

/** The unit of a declaration that declares the CustomResourceDefinition of a kind; undefined if none does. */
export function unitWithKind(declaration: Declaration, ref: ObjectRef): DeclaredUnit | undefined {
  return declaration.units.find(unit => unit.objects.some(object => defines(object, ref)));
}

/** The unit of a declaration that declares a Namespace; undefined if none does. */
export function unitWithNamespace(declaration: Declaration, name: string): DeclaredUnit | undefined {
  return declaration.units.find(unit => declaresNamespace(unit, name));
}

export function declaresNamespace(unit: DeclaredUnit, name: string): boolean {
  return unit.objects.some(
    ({ ref }) => ref.apiVersion === 'v1' && ref.kind === 'Namespace' && ref.name === name,
  );
}

/** Whether a declared object is the CustomResourceDefinition that serves this kind in this version. */
export function defines({ ref, object }: DeclaredObject, wanted: ObjectRef): boolean {
  if (ref.kind !== 'CustomResourceDefinition') return false;
  if (splitApiVersion(ref.apiVersion).group !== 'apiextensions.k8s.io') return false;
  const { group, version } = splitApiVersion(wanted.apiVersion);
  const spec = objectAt(object, 'spec');
  return (
    textAt(spec, 'group') === group &&
    textAt(objectAt(spec, 'names'), 'kind') === wanted.kind &&
    listAt(spec, 'versions').some(
      served => isMap(served) && served['name'] === version && served['served'] !== false,
    )
  );
}
