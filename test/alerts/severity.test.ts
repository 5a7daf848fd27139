import { expect, it } from 'vitest';
import { type SeverityRule, severityOf } from '../../src/alerts/severity.ts';
import type { FindingType } from '../../src/findings/finding.ts';
import type { Severity, Subject } from '../../src/incidents/incident.ts';
import { finding } from '../report/sample.ts';
import { blindSubject, refusedSubject } from './sample.ts';

const of = (type: FindingType, kind: string, unit = 'shop'): Subject => ({
  kind: 'drift',
  unit,
  finding: finding({ type, resource: { apiVersion: 'v1', kind, name: 'x' } }),
});

it.each<[string, Subject, Severity]>([
  ['a changed Deployment', of('changed', 'Deployment'), 'warning'],
  ['a missing ConfigMap', of('missing', 'ConfigMap'), 'warning'],
  ['an unmanaged ConfigMap', of('unmanaged', 'ConfigMap'), 'info'],
  ['a changed Secret', of('changed', 'Secret'), 'critical'],
  ['an unmanaged ClusterRoleBinding', of('unmanaged', 'ClusterRoleBinding'), 'critical'],
  ['a missing NetworkPolicy', of('missing', 'NetworkPolicy'), 'critical'],
  ['an invalid Secret', of('invalid', 'Secret'), 'warning'],
  ['a push past the gate', refusedSubject, 'critical'],
  ['a source that cannot be asked', blindSubject, 'warning'],
])('%s is as grave as it is', (_, subject, severity) => {
  expect(severityOf({ subject })).toBe(severity);
});

it('of a digest is that of the gravest that it names', () => {
  const worst = [finding(), finding({ resource: { apiVersion: 'v1', kind: 'Secret', name: 'x' } })];
  const subject: Subject = { kind: 'digest', unit: 'shop', total: 2, counts: {}, worst, members: [] };
  expect(severityOf({ subject })).toBe('critical');
});

it.each<[SeverityRule[], Severity]>([
  [[{ severity: 'info', kind: 'Deployment' }], 'info'],
  [[{ severity: 'critical', kind: 'Deploy*', type: 'changed', unit: 'sh*' }], 'critical'],
  [[{ severity: 'info', unit: 'base' }], 'warning'],
  [[{ severity: 'info', type: 'missing' }], 'warning'],
  [[{ severity: 'critical' }, { severity: 'info' }], 'critical'],
])('follows the first rule that matches: %j', (rules, severity) => {
  expect(severityOf({ subject: of('changed', 'Deployment') }, rules)).toBe(severity);
});
