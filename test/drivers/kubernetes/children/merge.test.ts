import { describe, expect, it } from 'vitest';
import { withChildren } from '../../../../src/drivers/kubernetes/children/merge.ts';
import type { Subject } from '../../../../src/drivers/kubernetes/compare/subject.ts';
import type { FieldChange, Finding } from '../../../../src/findings/finding.ts';

const resource = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' };
const subject = { unit: 'shop', ref: resource, source: { file: 'web.yaml', line: 3 } } as Subject;
const edited: FieldChange = { path: '/children/Pod/web-1/spec/containers/name=web/image', op: 'changed' };
const debugged: FieldChange = { path: '/children/Pod/web-1/spec/ephemeralContainers/name=x', op: 'added' };
const label: FieldChange = { path: '/metadata/labels/a', op: 'added' };

function merged(finding: Partial<Finding> | undefined, changes: FieldChange[]) {
  const whole = finding && { unit: 'shop', type: 'changed' as const, resource, ...finding };
  return withChildren({ ...(whole && { finding: whole }), exempt: [] }, subject, {
    changes,
    message: 'Pod web-1',
  }).finding;
}

describe('what children run', () => {
  it('is a finding on the workload that is else as declared', () => {
    expect(merged(undefined, [edited])).toEqual({
      unit: 'shop',
      type: 'changed',
      resource,
      source: { file: 'web.yaml', line: 3 },
      changes: [edited],
      message: 'Pod web-1',
    });
  });

  it.each<[string, Partial<Finding> | undefined, FieldChange[], Finding['type']]>([
    ['is undeclared where only something was added', undefined, [debugged], 'undeclared'],
    ['makes an undeclared finding changed', { type: 'undeclared', changes: [label] }, [edited], 'changed'],
    ['leaves an undeclared finding so', { type: 'undeclared', changes: [label] }, [debugged], 'undeclared'],
    [
      'leaves a changed finding so',
      { type: 'changed', message: 'it is being deleted' },
      [debugged],
      'changed',
    ],
  ])('%s', (_what, finding, changes, type) => {
    expect(merged(finding, changes)?.type).toBe(type);
  });

  it('is told after what else is said', () => {
    const finding = merged({ changes: [label], message: 'first' }, [edited]);

    expect(finding?.message).toBe('first; Pod web-1');
    expect(finding?.changes).toEqual([edited, label]);
  });

  it.each(['missing', 'invalid', 'unknown'] as const)('is passed over where the workload is %s', type => {
    expect(merged({ type, message: 'HF1306 no' }, [edited])).toMatchObject({ type, message: 'HF1306 no' });
  });
});
