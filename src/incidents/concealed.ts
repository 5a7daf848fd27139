import type { FieldChange, Finding } from '../findings/finding.ts';

/** Names of variables that hold what nobody should read in a channel. One too many is only told as “secret value differs”. */
const secretName =
  /password|passwd|passphrase|secret|token|credential|(api|access|private|signing|encryption)[-_.]?key|connection[-_.]?string|(database|redis|mongo|amqp|broker)[-_.]?ur[il]|(^|[-_.])(pass|pwd|dsn|auth|key)($|[-_.])/i;

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
const hidden = '(secret value)';

/**
 * A finding as it may be stored and told: without the values of environment variables that are named like secrets, and without
 * copies of objects in last-applied annotations, also where they are a part of a larger value. That they differ is still told.
 */
export function concealed(finding: Finding): Finding {
  if (finding.changes === undefined) return finding;
  const changes = finding.changes.map(concealedChange);
  return changes.every((change, index) => change === finding.changes?.[index])
    ? finding
    : { ...finding, changes };
}

function concealedChange(change: FieldChange): FieldChange {
  if (change.redacted === true) return change;
  if (isSecretPath(change.path)) {
    const { declared: _, live: __, ...rest } = change;
    return { ...rest, redacted: true };
  }
  const declared = concealedValue(change.declared);
  const live = concealedValue(change.live);
  if (declared === change.declared && live === change.live) return change;
  return {
    ...change,
    ...(change.declared === undefined ? {} : { declared }),
    ...(change.live === undefined ? {} : { live }),
  };
}

/** `…/env/name=DB_PASSWORD`, and what is below it. */
function isSecretPath(path: string): boolean {
  const name = /\/env\/name=([^/]+)/.exec(path)?.[1];
  return (
    (name !== undefined && secretName.test(name)) || path.endsWith(`/${lastApplied.replaceAll('/', '~1')}`)
  );
}

/** The same value where there is nothing to hide. */
function concealedValue(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(concealedValue);
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  const { name } = value as { name?: unknown };
  const isSecret = typeof name === 'string' && secretName.test(name);
  const entries = Object.entries(value).map(([key, item]) => {
    const hide = key === lastApplied || (key === 'value' && isSecret);
    return [key, hide ? hidden : concealedValue(item)] as const;
  });
  const same = entries.every(([key, item]) => item === (value as Record<string, unknown>)[key]);
  return same ? value : Object.fromEntries(entries);
}
