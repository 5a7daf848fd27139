import { describe, expect, it } from 'vitest';
import {
  inVersion,
  isApplied,
  otherAppliers,
  withoutEarlier,
  writtenAtMs,
} from '../../../../src/drivers/kubernetes/converge/managers.ts';

const entry = (manager: string, operation = 'Update', more = {}) => ({
  manager,
  operation,
  apiVersion: 'v1',
  ...more,
});
const live = (...managedFields: ReturnType<typeof entry>[]) => ({ metadata: { managedFields } });

describe('managedFields', () => {
  it('tell whether Holdfast applied the object itself', () => {
    expect(isApplied(live(entry('holdfast', 'Apply')))).toBe(true);
    expect(isApplied(live(entry('holdfast')))).toBe(false);
    expect(isApplied({ metadata: {} })).toBe(false);
  });

  it('tell of other tools that apply it, not of people and not of who writes its status', () => {
    const others = live(
      entry('argocd-controller', 'Apply'),
      entry('kubectl', 'Apply'),
      entry('helm', 'Apply'),
      entry('holdfast', 'Apply'),
      entry('kube-controller-manager'),
      entry('operator', 'Apply', { subresource: 'status' }),
    );

    expect(otherAppliers(others)).toEqual(['argocd-controller']);
  });

  it('tell when Holdfast wrote the object last, by the clock of the server', () => {
    const object = live(
      entry('holdfast', 'Apply', { time: '2026-11-21T12:00:00Z' }),
      entry('holdfast', 'Update', { time: '2026-11-21T12:00:01Z' }),
      entry('kubectl-edit', 'Update', { time: '2026-11-21T13:00:00Z' }),
    );

    expect(writtenAtMs(object)).toBe(Date.parse('2026-11-21T12:00:01Z'));
    expect(writtenAtMs(live(entry('holdfast')))).toBeUndefined();
  });

  it('lose who held the object before, and nobody else', () => {
    const object = live(
      entry('kubectl-client-side-apply'),
      entry('kubectl-client-side-apply', 'Update', { subresource: 'status' }),
      entry('helm'),
      entry('kubectl-edit'),
      entry('holdfast', 'Apply'),
    );

    expect(withoutEarlier(object)).toMatchObject([
      { manager: 'kubectl-client-side-apply', subresource: 'status' },
      { manager: 'kubectl-edit' },
      { manager: 'holdfast' },
    ]);
  });

  it('are never emptied, which would give up all ownership', () => {
    expect(withoutEarlier(live(entry('helm')))).toBeUndefined();
    expect(withoutEarlier(live(entry('holdfast', 'Apply')))).toBeUndefined();
  });

  it('move with Holdfast to another version of the same group', () => {
    const object = live(entry('holdfast', 'Apply', { apiVersion: 'x.io/v1beta1' }), entry('other', 'Apply'));

    expect(inVersion(object, 'x.io/v1')).toMatchObject([{ apiVersion: 'x.io/v1' }, { apiVersion: 'v1' }]);
    expect(inVersion(object, 'x.io/v1beta1')).toBeUndefined();
    expect(inVersion(object, 'y.io/v1')).toBeUndefined();
  });

  it('that cannot be read are nobody’s', () => {
    expect(otherAppliers({ metadata: { managedFields: ['x', null, { manager: 3 }] } })).toEqual([]);
  });
});
