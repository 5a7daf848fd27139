import type { FieldChange } from '../findings/finding.ts';

const lastApplied = '/metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration';

/** The kind that served the object, as the server knows it: never what the declaration calls itself. */
export interface ServedKind {
  group: string;
  kind: string;
}

/**
 * What of a Secret may be shown. Any other field may hold a value: `stringdata`, or `data` that slipped below `metadata`, is none
 * that a server knows, and holds one all the same.
 */
const harmless =
  /^\/(apiVersion|kind|type|immutable|metadata\/(name|namespace|generateName|uid|generation|resourceVersion|creationTimestamp|deletionTimestamp|(labels|finalizers|ownerReferences)(\/.*)?))$/;

/** Whether what stands at a path (a JSON pointer) of a Secret is, or holds, a value that nobody may see. */
export function isSecretField(path: string): boolean {
  return !harmless.test(path);
}

/**
 * Takes secret values out of the changes of one object: all of a Secret but what names and types it, and the last-applied
 * annotation of anything, which holds a copy of the object. Says that they changed, never what. The last step before a finding
 * leaves the comparison; values are compared unmasked, and masked ones are never applied.
 */
export function redact(kind: ServedKind, changes: readonly FieldChange[]): FieldChange[] {
  const secret = kind.group === '' && kind.kind === 'Secret';
  return changes.map(change => (isSecret(change.path, secret) ? masked(change) : change));
}

function isSecret(path: string, secret: boolean): boolean {
  if (path === lastApplied) return true;
  return secret && isSecretField(path);
}

function masked(change: FieldChange): FieldChange {
  const { declared: _declared, live: _live, ...rest } = change;
  return { ...rest, redacted: true };
}
