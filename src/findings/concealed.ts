import { type FieldChange, type Finding, isObjectRef } from './finding.ts';

/** Names of variables and keys that hold what nobody should read in a channel. One too many is only told as “secret value differs”. */
const secretName =
  /password|passwd|passphrase|secret|token|credential|(api|access|private|signing|encryption)[-_.]?key|connection[-_.]?string|(database|redis|mongo|amqp|broker)[-_.]?ur[il]|(^|[-_.])(pass|pwd|dsn|auth|key)($|[-_.])/i;

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
const hidden = '(secret value)';

/**
 * A finding as it may be stored and told: without the values of environment variables and of keys of a ConfigMap that are named like
 * secrets, and without copies of objects in last-applied annotations, also where they are a part of a larger value. That they
 * differ is still told. The same finding where there is nothing to hide.
 */
export function concealed(finding: Finding): Finding {
  if (finding.changes === undefined) return finding;
  const { resource } = finding;
  const inConfigMap = isObjectRef(resource) && resource.kind === 'ConfigMap';
  const changes = finding.changes.map(change => concealedChange(change, inConfigMap));
  return changes.every((change, index) => change === finding.changes?.[index])
    ? finding
    : { ...finding, changes };
}

function concealedChange(change: FieldChange, inConfigMap: boolean): FieldChange {
  if (change.redacted === true) return change;
  if (isSecretPath(change.path) || (inConfigMap && isSecretKey(change.path))) {
    const { declared: _, live: __, ...rest } = change;
    return { ...rest, redacted: true };
  }
  const whole = inConfigMap && /^\/(data|binaryData)$/.test(change.path);
  const declared = whole ? concealedKeys(change.declared) : concealedValue(change.declared);
  const live = whole ? concealedKeys(change.live) : concealedValue(change.live);
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

/** `/data/DB_PASSWORD`. */
function isSecretKey(path: string): boolean {
  const key = /^\/(?:data|binaryData)\/([^/]+)/.exec(path)?.[1];
  return key !== undefined && secretName.test(key);
}

/** The data of a ConfigMap that is declared, or live, as a whole. The same value where there is nothing to hide. */
function concealedKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const hides = Object.keys(value).some(key => secretName.test(key));
  if (!hides) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, secretName.test(key) ? hidden : item]),
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
