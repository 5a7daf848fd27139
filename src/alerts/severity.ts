import picomatch from 'picomatch';
import { type FindingType, isObjectRef, type ResourceRef } from '../findings/finding.ts';
import { type Incident, type Severity, type Subject, severities } from '../incidents/incident.ts';

/** A rule of holdfast.yaml; what it leaves out matches all. `kind` and `unit` are globs. */
export interface SeverityRule {
  severity: Severity;
  type?: FindingType | 'refused' | 'blind' | undefined;
  kind?: string | undefined;
  unit?: string | undefined;
}

/** Kinds through which a change reaches everything else, or secrets. */
const critical: ReadonlySet<string> = new Set([
  'ClusterRole',
  'ClusterRoleBinding',
  'Role',
  'RoleBinding',
  'Secret',
  'ServiceAccount',
  'NetworkPolicy',
  'CustomResourceDefinition',
  'MutatingWebhookConfiguration',
  'ValidatingWebhookConfiguration',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'MutatingAdmissionPolicy',
  'APIService',
]);

/**
 * How urgent an incident is: the first rule that matches, else by what it is. A push past the gate and changes of access,
 * admission and secrets are critical; what only exists beside the declaration is info; all else is a warning.
 */
export function severityOf(
  { subject }: Pick<Incident, 'subject'>,
  rules: readonly SeverityRule[] = [],
): Severity {
  const each = partsOf(subject).map(part => rules.find(rule => matches(rule, part))?.severity ?? usual(part));
  return severities.find(severity => each.includes(severity)) ?? 'warning';
}

/** Whether one is at least as grave as the other. */
export function atLeast(severity: Severity, limit: Severity): boolean {
  return severities.indexOf(severity) <= severities.indexOf(limit);
}

interface Part {
  type: FindingType | 'refused' | 'blind';
  unit?: string;
  resource?: ResourceRef;
}

/** What an incident is about; a digest is about the gravest that it names. */
function partsOf(subject: Subject): Part[] {
  switch (subject.kind) {
    case 'drift':
      return [{ type: subject.finding.type, unit: subject.unit, resource: subject.finding.resource }];
    case 'digest':
      return subject.worst.map(({ type, resource }) => ({ type, unit: subject.unit, resource }));
    case 'refused':
    case 'blind':
      return [{ type: subject.kind }];
  }
}

function kindOf(resource: ResourceRef | undefined): string {
  if (resource === undefined) return '';
  return isObjectRef(resource) ? resource.kind : resource.type;
}

function matches({ type, kind, unit }: SeverityRule, part: Part): boolean {
  if (type !== undefined && type !== part.type) return false;
  if (kind !== undefined && !picomatch.isMatch(kindOf(part.resource), kind)) return false;
  return unit === undefined || (part.unit !== undefined && picomatch.isMatch(part.unit, unit));
}

function usual({ type, resource }: Part): Severity {
  if (type === 'refused') return 'critical';
  const beside = type === 'undeclared' || type === 'unmanaged' || type === 'orphaned';
  if (critical.has(kindOf(resource)) && type !== 'invalid') return 'critical';
  return beside ? 'info' : 'warning';
}
