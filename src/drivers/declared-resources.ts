import type { Declaration, DeclaredUnit } from '../declared/declaration.ts';
import type { DriverName, Finding, ResourceRef, Source } from '../findings/finding.ts';
import type { Json, JsonObject } from '../json/json.ts';
import { pathOf, valueAt } from '../json/value.ts';

/** One resource as its unit declares it, known without asking anything live. Nothing in it is masked. */
export interface DeclaredResource {
  resource: ResourceRef;
  source?: Source;
  value: JsonObject;
  /** JSON pointers of values in `value` that must never be shown, beside those of Kubernetes Secrets. */
  secret?: readonly string[];
  /** JSON pointers, in which `*` is any one step, of what cannot be changed in place: where it differs, the resource is made anew. */
  replacedBy?: readonly string[];
  /** What becomes of it when it is declared no longer, in words, where the driver knows. */
  whenRemoved?: string;
}

export interface DeclaredResources {
  resources: DeclaredResource[];
  /** What is wrong with the declarations, or cannot be told of them. */
  findings: Finding[];
  /** For people: what a preview of such a unit cannot show without asking live. */
  notes?: string[];
  /** Nothing could be read, as `findings` say: that there are no resources means nothing. */
  unreadable?: true;
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
  cloudformation: async unit =>
    (await import('./cloudformation/declared/resources.ts')).declaredStackResources(unit),
  terraform: async unit => (await import('./terraform/declared/resources.ts')).declaredBlocks(unit),
  ansible: async unit => (await import('./ansible/declared.ts')).declaredTasks(unit),
};

/** Of these the files tell all that converging would make; of the others a plan tells more, where one can be had. */
const whole: readonly DriverName[] = ['kubernetes', 'helm'];

/** What a unit declares, resource by resource. Undefined for a driver whose units can only be told by asking live. */
export function declaredResources(
  unit: DeclaredUnit,
  declaration: Declaration,
  signal?: AbortSignal,
): Promise<DeclaredResources> | undefined {
  return readers[unit.definition.driver]?.(unit, declaration, signal);
}

/** Whether what is read of a unit of this driver is all that it declares, so that asking live tells no more of that. */
export function isReadOffline(driver: DriverName): boolean {
  return whole.includes(driver);
}

/** Whether a value that cannot be changed in place differs between two declarations of one resource. */
export function isReplaced(before: JsonObject, after: DeclaredResource): boolean {
  return (after.replacedBy ?? []).some(pointer => {
    const [one, other] = [before, after.value].map(value => JSON.stringify(placesAt(value, pathOf(pointer))));
    return one !== other;
  });
}

function placesAt(value: Json | undefined, path: readonly string[]): Json[] {
  const [step, ...rest] = path;
  if (value === undefined) return [];
  if (step === undefined) return [value];
  if (typeof value !== 'object' || value === null) return [];
  if (step === '*') return Object.values(value).flatMap(inner => placesAt(inner, rest));
  return placesAt(valueAt(value, [step]), rest);
}
