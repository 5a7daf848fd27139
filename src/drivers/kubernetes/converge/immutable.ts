import { ApiFailure } from '../../../cluster/failures.ts';
import { isBuiltInGroup, splitApiVersion } from '../../../cluster/kind.ts';
import type { ObjectRef } from '../../../findings/finding.ts';
import type { JsonObject } from '../../../json/json.ts';
import { annotation } from './annotations.ts';

/**
 * The words in which the API server says of a field that it cannot be changed (apimachinery's ValidateImmutableField and the
 * validations of single kinds). Invalid and Conflict alone say nothing: an object that is merely wrong must never be deleted.
 */
const words =
  /\bimmutable\b|may not (be )?changed?\b|cannot (be )?changed?\b|updates to \S+.* (are )?forbidden|updates to \S+ spec for fields other than|may not change fields other than/i;

/** Whether a refusal is about nothing but fields that cannot be changed once the object exists. */
export function isImmutable(thrown: unknown): thrown is ApiFailure {
  return (
    thrown instanceof ApiFailure &&
    thrown.status === 422 &&
    thrown.causes.length > 0 &&
    thrown.causes.every(
      ({ reason, message }) =>
        (reason === 'FieldValueInvalid' || reason === 'FieldValueForbidden') && words.test(message ?? ''),
    )
  );
}

/** Kinds that hold data or many other objects: deleting one is never a matter of course. */
const precious = new Set([
  'Namespace',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'StatefulSet.apps',
  'CustomResourceDefinition.apiextensions.k8s.io',
]);

/**
 * Whether an object may be deleted and created again because a field of it cannot be changed: as its declaration says
 * (`holdfast.dev/recreate`), else all but what holds data, what holds other objects, and custom resources, whose controllers may
 * do anything when they go.
 */
export function mayBeRecreated(ref: ObjectRef, declared: JsonObject): boolean {
  const said = annotation(declared, 'recreate');
  if (said !== undefined) return said === 'allowed';
  const { group } = splitApiVersion(ref.apiVersion);
  return isBuiltInGroup(group) && !precious.has(group === '' ? ref.kind : `${ref.kind}.${group}`);
}
