import type { JsonObject } from '../json/json.ts';
import { isMap } from '../json/value.ts';
import type { Findings } from './problem.ts';

const value = /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;
const name = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const prefix = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;

/** The labels of an object: the server refuses others for every kind (apimachinery, ValidateObjectMeta). */
export function checkLabels(object: JsonObject, found: Findings): void {
  const { metadata } = object;
  const labels = isMap(metadata) ? metadata['labels'] : undefined;
  if (!isMap(labels)) return;
  for (const [key, text] of Object.entries(labels)) {
    found.spend(1);
    if (!isLabelKey(key)) found.add('it is no key for a label', 'metadata', 'labels', key);
    else if (typeof text === 'string' && !value.test(text)) {
      const words =
        'it must have at most 63 letters, digits, -, _ and ., and begin and end with a letter or digit';
      found.add(`${words}${found.valueWords(text)}`, 'metadata', 'labels', key);
    }
  }
}

function isLabelKey(key: string): boolean {
  const slash = key.indexOf('/');
  if (slash === -1) return name.test(key);
  const domain = key.slice(0, slash);
  return domain.length <= 253 && prefix.test(domain) && name.test(key.slice(slash + 1));
}
