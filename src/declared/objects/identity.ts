import type { FailureCode } from '../../failure/codes.ts';
import type { JsonObject } from '../../json/json.ts';
import { quoted } from '../yaml/problem.ts';

/** What names an object, as far as the declaration says. */
export interface Identity {
  apiVersion: string;
  kind: string;
  name: string;
  namespace?: string;
}

export interface Refusal {
  code: FailureCode;
  message: string;
}

const template = /\{\{|\{%|<%|\$\{/;
const apiVersionForm = /^(?:[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?\/)?[a-z0-9][-a-z0-9]{0,62}$/i;
const kindForm = /^[a-z][-a-z0-9]{0,62}$/i;
const namespaceForm = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;

/**
 * The identity of an object, or why it has none that the API server could take. Names reach URLs, messages and labels
 * later on; what passes here holds no slash, no percent sign and no control character.
 */
export function identify(object: JsonObject): Identity | Refusal {
  const { apiVersion, kind, metadata } = object;
  if (kind === undefined || kind === null || kind === '') return refusal('it has no kind');
  if (apiVersion === undefined || apiVersion === null || apiVersion === '')
    return refusal('it has no apiVersion');
  if (typeof kind !== 'string') return refusal('its kind is not a string');
  if (typeof apiVersion !== 'string') return refusal('its apiVersion is not a string');
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) {
    return refusal(`the ${quoted(kind)} has no metadata`);
  }
  const { name, namespace, generateName } = metadata;
  if (name === undefined || name === null || name === '') {
    if (generateName === undefined) return refusal(`the ${quoted(kind)} has no metadata.name`);
    return refusal(
      `the ${quoted(kind)} has generateName instead of a name: it would be created anew each time`,
    );
  }
  if (typeof name !== 'string')
    return refusal(`the metadata.name of the ${quoted(kind)} is not a string: quote it`);
  if (namespace !== undefined && namespace !== null && typeof namespace !== 'string') {
    return refusal(`the metadata.namespace of ${quoted(name)} is not a string: quote it`);
  }
  const identity = { apiVersion, kind, name, ...(namespace ? { namespace } : {}) };
  return malformed(identity) ?? identity;
}

export function isRefusal(result: Identity | Refusal): result is Refusal {
  return 'code' in result;
}

function malformed({ apiVersion, kind, name, namespace }: Identity): Refusal | undefined {
  const rendered = [apiVersion, kind, name, namespace ?? ''].find(text => template.test(text));
  if (rendered !== undefined) {
    return {
      code: 'HF1107',
      message: `it is named by a template that has not been rendered: ${quoted(rendered)}`,
    };
  }
  if (!apiVersionForm.test(apiVersion)) return refusal(`${quoted(apiVersion)} is no apiVersion`);
  if (!kindForm.test(kind)) return refusal(`${quoted(kind)} is no kind`);
  if (name === '.' || name === '..' || name.length > 253 || /[/%\s\p{Cc}\p{Cf}]/u.test(name)) {
    return refusal(`${quoted(name)} is no name for a ${kind}`);
  }
  if (namespace !== undefined && !namespaceForm.test(namespace))
    return refusal(`${quoted(namespace)} is no namespace`);
  return undefined;
}

function refusal(message: string): Refusal {
  return { code: 'HF1102', message };
}
