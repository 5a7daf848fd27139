import type { DeclaredObject } from '../../../declared/declaration.ts';
import { hashJson } from '../../../declared/hash.ts';
import type { FieldChange, ObjectRef } from '../../../findings/finding.ts';
import type { Plan } from '../../driver.ts';
import type { HookWork } from './hooks/hook.ts';
import type { Prune } from './prune/plan-prunes.ts';

/** One planned object with all that carrying it out needs. Holds declared values: never shown, never recorded. */
export interface Work {
  ref: ObjectRef;
  declared: DeclaredObject;
  action: 'create' | 'change' | 'recreate';
  /** The wave that the declaration asks for. */
  wave: number;
  /**
   * `replace` where server-side apply is refused because of an item whose merge key was edited; `migrate` where it is refused
   * because our own managedFields speak of a version of the API that has other fields; `forget` where it is refused because a
   * definition loses a version in which objects may be stored, and there are none.
   */
  method: 'apply' | 'replace' | 'migrate' | 'forget';
  /** Fields to remove after applying. */
  extras: FieldChange[];
  /** Paths of declared fields that a rule leaves to a controller: applied with the value that live has. */
  exempt: string[];
  /** Hash of the live object before and as it would be after; null for one that is created. */
  state: string | null;
  /** The object that is deleted first, for one that is made anew. */
  uid?: string;
  /** Why it is made anew: what the server says of the field that cannot be changed. */
  why?: string;
}

/** A plan as `planUnit` makes it. Only the part that is `Plan` is recorded. */
export interface KubernetesPlan extends Plan {
  work: Work[];
  prunes: Prune[];
  hookWork: HookWork[];
}

export function isKubernetesPlan(plan: Plan): plan is KubernetesPlan {
  return Array.isArray((plan as Partial<KubernetesPlan>).work);
}

/**
 * `sha256:` and 64 hex digits over the unit, the revision, of each object the action, the declaration and what would become of
 * live, of what is deleted the very object, and of what is run the declaration.
 */
export function digestOf(
  unit: string,
  revision: string,
  {
    work,
    prunes = [],
    hookWork = [],
  }: Pick<KubernetesPlan, 'work'> & Partial<Pick<KubernetesPlan, 'prunes' | 'hookWork'>>,
): string {
  const objects = work.map(({ ref, declared, action, state }) => ({
    action,
    resource: { ...ref },
    declared: declared.hash,
    state,
  }));
  const deleted = prunes.map(({ ref, uid }) => ({ resource: { ...ref }, uid }));
  const run = hookWork.map(({ when, declared }) => ({ when, declared: declared.hash }));
  const more = { ...(deleted.length > 0 && { deleted }), ...(run.length > 0 && { run }) };
  return `sha256:${hashJson({ unit, revision, objects, ...more })}`;
}
