import type { Declaration, DeclaredUnit } from './declaration.ts';
import { hashText } from './hash.ts';

/**
 * A declaration in which units that could not be rendered keep what they declared in an earlier one, so that they never look
 * empty; their `unknown` findings stay. Only for looking: what cannot be rendered is not applied.
 */
export function withLastGood(declaration: Declaration, earlier: Declaration | null): Declaration {
  if (earlier === null || !needsLastGood(declaration)) return declaration;
  const before = new Map(earlier.units.map(unit => [unit.definition.name, unit]));
  const units = declaration.units.map(unit => {
    const last = before.get(unit.definition.name);
    if (unit.unrendered === undefined || last?.definition.driver !== unit.definition.driver) return unit;
    return keeping(unit, last);
  });
  return { ...declaration, units };
}

/** Whether any unit could not be rendered. */
export function needsLastGood({ units }: Declaration): boolean {
  return units.some(unit => unit.unrendered !== undefined);
}

/** Whether reading the same revision again may tell more. */
export function mayPass({ units }: Declaration): boolean {
  return units.some(unit => unit.unrendered === 'passing');
}

function keeping(unit: DeclaredUnit, last: DeclaredUnit): DeclaredUnit {
  const keyOf = ({ ref }: DeclaredUnit['objects'][number]) =>
    JSON.stringify([ref.apiVersion.replace(/[^/]*$/, ''), ref.kind, ref.namespace ?? null, ref.name]);
  const known = new Set(unit.objects.map(keyOf));
  const kept = last.objects.filter(object => !known.has(keyOf(object)));
  if (kept.length === 0) return unit;
  const hash = hashText(JSON.stringify([unit.hash, kept.map(object => object.hash).sort()]));
  return { ...unit, objects: [...unit.objects, ...kept], hash };
}
