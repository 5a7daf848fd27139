import type { Declaration, DeclaredUnit } from '../../declared/declaration.ts';
import { holdsSecret } from '../../declared/helm/secret-values.ts';
import { leavesOf, pointerOf } from '../../json/value.ts';
import type { DeclaredResources } from '../declared-resources.ts';

/** The objects of a release as its chart renders them offline, with the fields that hold secret values, or are not the same each time. */
export async function declaredObjects(
  { objects, findings, release }: DeclaredUnit,
  _declaration: Declaration,
  _signal?: AbortSignal,
): Promise<DeclaredResources> {
  const { secrets = [], objects: rendered = [] } = release?.rendering ?? {};
  const unsteady = new Map(rendered.map(({ identity, unsteady: places }) => [keyOf(identity), places]));
  const resources = objects.map(({ ref, source, object }) => {
    const holding = leavesOf(object).filter(({ value }) => holdsSecret(value, secrets));
    const random = unsteady.get(keyOf(ref)) ?? [];
    const secret = [...holding.map(({ path }) => path), ...random].map(pointerOf);
    return { resource: ref, source, value: object, ...(secret.length > 0 && { secret }) };
  });
  return { resources, findings, notes: (release?.notes ?? []).map(({ message }) => message) };
}

function keyOf({ kind, name }: { kind: string; name: string }): string {
  return JSON.stringify([kind, name]);
}
