import type { Declaration, DeclaredUnit, JsonObject } from '../declared/declaration.ts';
import type { DriverName, Finding, ResourceRef, Source } from '../findings/finding.ts';

/** One resource as its unit declares it, known without asking anything live. Nothing in it is masked. */
export interface DeclaredResource {
  resource: ResourceRef;
  source?: Source;
  value: JsonObject;
  /** JSON pointers of values in `value` that must never be shown, beside those of Kubernetes Secrets. */
  secret?: readonly string[];
}

export interface DeclaredResources {
  resources: DeclaredResource[];
  /** What is wrong with the declarations, or cannot be told of them. */
  findings: Finding[];
  /** For people: what a preview of such a unit cannot show without asking live. */
  notes?: string[];
}

type Reader = (
  unit: DeclaredUnit,
  declaration: Declaration,
  signal?: AbortSignal,
) => Promise<DeclaredResources>;

/** Per driver, how the resources of its units are known offline: no cluster, no AWS, no code of the repository is run. */
const readers: Partial<Record<DriverName, Reader>> = {
  kubernetes: async unit => ({
    resources: unit.objects.map(({ ref, source, object }) => ({ resource: ref, source, value: object })),
    findings: unit.findings,
  }),
  helm: async (unit, declaration, signal) =>
    (await import('./helm/declared.ts')).declaredObjects(unit, declaration, signal),
};

/** What a unit declares, resource by resource. Undefined for a driver whose units can only be told by asking live. */
export function declaredResources(
  unit: DeclaredUnit,
  declaration: Declaration,
  signal?: AbortSignal,
): Promise<DeclaredResources> | undefined {
  return readers[unit.definition.driver]?.(unit, declaration, signal);
}

/** Whether units of a driver can be read without asking live. */
export function isReadOffline(driver: DriverName): boolean {
  return readers[driver] !== undefined;
}
