import { splitApiVersion } from '../cluster/kind.ts';
import { isSecretField, redact } from '../compare/redaction.ts';
import { type FieldChange, isObjectRef, type ResourceRef } from '../findings/finding.ts';
import type { Json, JsonObject } from '../json/json.ts';
import { isMap, pathOf } from '../json/value.ts';

export const mask = '(secret)';

/**
 * Whether values of an object are secret by its kind. No server has parsed it, so that the name alone counts, in any group and
 * spelling: a Secret that the server would refuse still holds its values.
 */
export function isSecretKind(resource: ResourceRef): boolean {
  return isObjectRef(resource) && /^secrets?$/i.test(resource.kind);
}

/** Takes secret values out of field changes: by kind, by the pointers of the driver, and copies in annotations. */
export function maskedChanges(
  resource: ResourceRef,
  secret: readonly string[],
  changes: readonly FieldChange[],
): FieldChange[] {
  const group = isObjectRef(resource) ? splitApiVersion(resource.apiVersion).group : resource.type;
  const kind = isSecretKind(resource) ? 'Secret' : isObjectRef(resource) ? resource.kind : '';
  const known = redact({ group: kind === 'Secret' ? '' : group, kind }, changes);
  return known.map(change =>
    change.redacted !== true && secret.some(pointer => isWithin(change.path, pointer))
      ? bare(change)
      : change,
  );
}

function bare({ path, op, by }: FieldChange): FieldChange {
  return { path, op, ...(by === undefined ? {} : { by }), redacted: true };
}

/** Also where the change is of a whole that holds the secret. */
function isWithin(path: string, pointer: string): boolean {
  return path === pointer || path.startsWith(`${pointer}/`) || pointer.startsWith(`${path}/`);
}

/** The object to be shown whole: every secret value stands as `(secret)`. The object given is not changed. */
export function maskedObject(
  resource: ResourceRef,
  secret: readonly string[],
  object: JsonObject,
): JsonObject {
  const copy = structuredClone(object);
  const metadata = copy['metadata'];
  const secretKind = isSecretKind(resource);
  if (isMap(metadata) && isMap(metadata['annotations'])) maskAnnotations(metadata['annotations'], secretKind);
  if (secretKind) maskFields(copy, '');
  for (const pointer of secret) maskAt(copy, pathOf(pointer));
  return copy;
}

function maskAnnotations(annotations: JsonObject, all: boolean): void {
  for (const key of Object.keys(annotations))
    if (all || key === 'kubectl.kubernetes.io/last-applied-configuration') annotations[key] = mask;
}

/** Each field of a Secret but those that hold no value; of a map the names stay. */
function maskFields(object: JsonObject, parent: string): void {
  for (const [key, value] of Object.entries(object)) {
    const path = `${parent}/${key}`;
    const shown = !isSecretField(path) && (parent !== '' || typeof value !== 'object');
    if (value === null || shown) continue;
    if (!isMap(value)) object[key] = mask;
    else if (path === '/metadata') maskFields(value, path);
    else object[key] = Object.fromEntries(Object.keys(value).map(name => [name, mask]));
  }
}

function maskAt(object: JsonObject, path: readonly string[]): void {
  let at: Json | undefined = object;
  for (const key of path.slice(0, -1)) {
    at = Array.isArray(at) ? at[Number(key)] : isMap(at) && Object.hasOwn(at, key) ? at[key] : undefined;
  }
  const last = path.at(-1);
  if (last === undefined) return;
  if (isMap(at) && Object.hasOwn(at, last)) at[last] = mask;
  else if (Array.isArray(at) && at[Number(last)] !== undefined) at[Number(last)] = mask;
}
