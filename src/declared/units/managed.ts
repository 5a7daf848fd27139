import type { Finding } from '../../findings/finding.ts';
import type { DeclaredUnit } from '../declaration.ts';
import { declarationFinding } from './findings.ts';

/**
 * Sets which namespaces each unit manages. A namespace belongs to one unit, so that what lives in it is told once: to the
 * first by name; another unit that claims it, and one that manages without having a namespace, get a finding.
 */
export function assignNamespaces(units: readonly DeclaredUnit[]): void {
  const owners = new Map<string, string>();
  for (const unit of units) {
    if (unit.definition.manages === undefined) continue;
    const claimed = claimedBy(unit);
    const mine = claimed.filter(namespace => !owners.has(namespace));
    for (const namespace of mine) owners.set(namespace, unit.definition.name);
    unit.manages = mine;
    // what cannot be rendered now may declare its namespaces
    if (claimed.length === 0 && unit.unrendered === undefined)
      unit.findings.push(
        problem(unit, 'it is to manage its own namespaces, but declares none and names none'),
      );
    for (const namespace of claimed) {
      const owner = owners.get(namespace);
      if (owner !== unit.definition.name)
        unit.findings.push(problem(unit, `the unit ${owner} manages the namespace ${namespace} already`));
    }
  }
}

function claimedBy({ definition, objects }: DeclaredUnit): string[] {
  const { manages, namespace } = definition;
  if (manages !== true) return [...new Set(manages)].sort();
  const declared = objects.flatMap(({ ref }) =>
    ref.kind === 'Namespace' && ref.apiVersion === 'v1' ? [ref.name] : [],
  );
  return [...new Set([...declared, ...(namespace === undefined ? [] : [namespace])])].sort();
}

function problem({ definition }: DeclaredUnit, what: string): Finding {
  const source = definition.source ?? { file: 'holdfast.yaml' };
  const resource = { type: 'Unit', name: definition.name };
  return declarationFinding(definition.name, 'invalid', 'HF1109', what, source, resource);
}
