import type { DeclaredObject } from '../../../declared/declaration.ts';
import { hashJson } from '../../../declared/hash.ts';
import type { FieldChange, ObjectRef } from '../../../findings/finding.ts';
import type { Plan } from '../../driver.ts';

/** One planned object with all that carrying it out needs. Holds declared values: never shown, never recorded. */
export interface Work {
  ref: ObjectRef;
  declared: DeclaredObject;
  action: 'create' | 'change';
  /** `replace` where server-side apply is refused because of an item whose merge key was edited. */
  method: 'apply' | 'replace';
  /** Fields to remove after applying. */
  extras: FieldChange[];
  /** Paths of declared fields that a rule leaves to a controller: applied with the value that live has. */
  exempt: string[];
  /** Hash of the live object before and as it would be after; null for one that is created. */
  state: string | null;
}

/** A plan as `planUnit` makes it. Only the part that is `Plan` is recorded. */
export interface KubernetesPlan extends Plan {
  work: Work[];
}

export function isKubernetesPlan(plan: Plan): plan is KubernetesPlan {
  return Array.isArray((plan as Partial<KubernetesPlan>).work);
}

/** `sha256:` and 64 hex digits over the unit, the revision, and of each object the action, the declaration and what would become of live. */
export function digestOf(unit: string, revision: string, work: readonly Work[]): string {
  const objects = work.map(({ ref, declared, action, state }) => ({
    action,
    resource: { ...ref },
    declared: declared.hash,
    state,
  }));
  return `sha256:${hashJson({ unit, revision, objects })}`;
}
