import type { FieldChange } from '../findings/finding.ts';

const lastApplied = '/metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration';

/** The kind that served the object, as the server knows it: never what the declaration calls itself. */
export interface ServedKind {
  group: string;
  kind: string;
}

/**
 * Takes secret values out of the changes of one object: data, stringData and annotations of a Secret, and the last-applied
 * annotation of anything, which holds a copy of the object. Says that they changed, never what. The last step before a finding
 * leaves the comparison; values are compared unmasked, and masked ones are never applied.
 */
export function redact(kind: ServedKind, changes: readonly FieldChange[]): FieldChange[] {
  const secret = kind.group === '' && kind.kind === 'Secret';
  return changes.map(change => (isSecret(change.path, secret) ? masked(change) : change));
}

function isSecret(path: string, secret: boolean): boolean {
  if (path === lastApplied) return true;
  return secret && /^\/(data|stringData|metadata\/annotations)(\/|$)/.test(path);
}

function masked(change: FieldChange): FieldChange {
  const { declared: _declared, live: _live, ...rest } = change;
  return { ...rest, redacted: true };
}
