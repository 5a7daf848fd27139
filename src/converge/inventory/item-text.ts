import type { InventoryItem } from '../../drivers/driver.ts';
import { isObjectRef } from '../../findings/finding.ts';

/** Parts of names and API versions hold no blank, so that it separates them; an empty part is a dash. */
const none = '-';

/** An item as one short text, since a unit may have very many: `apps/v1 Deployment shop cart UID REVISION`. */
export function itemText({ resource, uid, revision }: InventoryItem): string {
  const parts = isObjectRef(resource)
    ? [resource.apiVersion, resource.kind, resource.namespace ?? none, resource.name]
    : [none, resource.type, none, resource.name];
  return [...parts, uid ?? none, revision].map(part => (part === '' ? none : part)).join(' ');
}

/** The item of a text; undefined for what is none. */
export function itemOf(text: string): InventoryItem | undefined {
  const parts = text.split(' ');
  const [apiVersion, kind, namespace, name, uid, revision] = parts;
  if (parts.length !== 6 || apiVersion === undefined || kind === undefined || name === undefined)
    return undefined;
  const resource =
    apiVersion === none
      ? { type: kind, name }
      : { apiVersion, kind, name, ...(namespace === none || namespace === undefined ? {} : { namespace }) };
  return { resource, revision: revision ?? '', ...(uid === none || uid === undefined ? {} : { uid }) };
}
