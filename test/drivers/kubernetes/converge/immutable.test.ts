import { describe, expect, it } from 'vitest';
import { apiFailure } from '../../../../src/cluster/failures.ts';
import { isImmutable, mayBeRecreated } from '../../../../src/drivers/kubernetes/converge/immutable.ts';

const refusal = (status: number, causes: { reason: string; message: string }[]) =>
  apiFailure(
    {
      status,
      headers: {},
      body: {
        kind: 'Status',
        message: 'invalid',
        reason: status === 409 ? 'Conflict' : 'Invalid',
        details: { name: 'x', causes: causes.map(cause => ({ ...cause, field: 'spec' })) },
      },
    },
    { verb: 'patch', resource: 'things', subject: 'x' },
  );
const invalid = (message: string) => ({ reason: 'FieldValueInvalid', message });
const forbidden = (message: string) => ({ reason: 'FieldValueForbidden', message });

describe('a field that cannot be changed is told', () => {
  it.each([
    ['by a Deployment', invalid('Invalid value: {"a":"b"}: field is immutable')],
    ['by a Service', invalid('Invalid value: "10.0.0.1": may not change once set')],
    ['by a RoleBinding', invalid('Invalid value: {}: cannot change roleRef')],
    ['by a PriorityClass', forbidden('Forbidden: may not be changed in an update.')],
    ['by a StorageClass', forbidden('Forbidden: updates to provisioner are forbidden.')],
    [
      'by a StatefulSet',
      forbidden("Forbidden: updates to statefulset spec for fields other than 'replicas' are forbidden"),
    ],
    [
      'by a Pod',
      forbidden('Forbidden: pod updates may not change fields other than `spec.containers[*].image`'),
    ],
    ['by a claim', forbidden('Forbidden: spec is immutable after creation except resources.requests')],
    ['by a ConfigMap', forbidden('Forbidden: field is immutable when `immutable` is set')],
  ])('%s', (_who, cause) => {
    expect(isImmutable(refusal(422, [cause]))).toBe(true);
  });

  it.each([
    ['a value that is merely wrong', 422, [invalid('Invalid value: 99999: must be between 1 and 65535')]],
    [
      'a wrong value beside one that cannot be changed',
      422,
      [invalid('field is immutable'), invalid('is wrong')],
    ],
    ['a duplicate', 422, [{ reason: 'FieldValueDuplicate', message: 'Duplicate value: "immutable"' }]],
    [
      'a field that is required',
      422,
      [{ reason: 'FieldValueRequired', message: 'Required value: immutable' }],
    ],
    ['a conflict', 409, [{ reason: 'FieldManagerConflict', message: 'field is immutable' }]],
    ['Invalid without a cause', 422, []],
  ])('and not by %s', (_what, status, causes) => {
    expect(isImmutable(refusal(status, causes))).toBe(false);
  });
});

describe('what may be made anew', () => {
  const object = (said?: string) =>
    said === undefined ? {} : { metadata: { annotations: { 'holdfast.dev/recreate': said } } };

  it.each([
    ['batch/v1', 'Job', undefined, true],
    ['apps/v1', 'Deployment', undefined, true],
    ['apps/v1', 'Deployment', 'never', false],
    ['apps/v1', 'StatefulSet', undefined, false],
    ['apps/v1', 'StatefulSet', 'allowed', true],
    ['v1', 'PersistentVolumeClaim', undefined, false],
    ['v1', 'Namespace', undefined, false],
    ['apiextensions.k8s.io/v1', 'CustomResourceDefinition', undefined, false],
    ['example.com/v1', 'Widget', undefined, false],
    ['example.com/v1', 'Widget', 'allowed', true],
    ['v1', 'ConfigMap', 'maybe', false],
  ])('%s %s, which says %s: %s', (apiVersion, kind, said, may) => {
    expect(mayBeRecreated({ apiVersion, kind, name: 'x' }, object(said))).toBe(may);
  });
});
