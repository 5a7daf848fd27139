import type { Json } from '../../../json/json.ts';
import { isMap } from '../../../json/value.ts';
import type { Place } from './words.ts';

/** What a resource is called in the template and in AWS, and where it lives. */
export interface Named {
  logicalId: string;
  physicalId: string;
  place: Place;
}

/** Nothing at all: null, an empty text, list or map, or maps of such. */
export function isTrivialEmpty(value: Json): boolean {
  if (value === null || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return isMap(value) && Object.values(value).every(isTrivialEmpty);
}

const nothing = new Set([
  'none',
  'disabled',
  'disable',
  'off',
  'default',
  '0',
  'false',
  '-1',
  'null',
  '{}',
  '[]',
]);

/** What a value that says nothing looks like: false, zero, empty, `NONE`. */
export function isTrivial(value: Json): boolean {
  if (isTrivialEmpty(value) || value === false || value === 0 || value === -1) return true;
  if (typeof value === 'string') return nothing.has(value.toLowerCase());
  return typeof value === 'object' && value !== null && Object.values(value).every(isTrivial);
}

const commonWords = new Set([
  'standard',
  'ipv4',
  '/',
  'open',
  'auto',
  'public',
  'private',
  'available',
  'internal',
  'suspended',
  'legacy',
  'basic',
]);

/** Words that services use for what nobody chose, and switches that are on by themselves. */
export function isCommonDefault(key: string, value: Json): boolean {
  if (typeof value === 'string' && /^(?:enabled|active)$/i.test(value))
    return /^(?:Desired)?(?:State|Status)$/.test(key);
  if (typeof value === 'string') return commonWords.has(value.toLowerCase()) || value.startsWith('default');
  return value === true && /^(?:Enabled|AutoMinorVersionUpgrade|ActionsEnabled)$/.test(key);
}

const made = [
  /^arn:[\w-]+:/,
  // ids of AWS: sg-0a1b2c3d, vpc-…, tgw-rtb-…
  /^[a-z]+(?:-[a-z]+)*-[0-9a-f]{8,17}$/,
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
  // maintenance and backup windows
  /^(?:[a-z]{3}:)?\d\d:\d\d-(?:[a-z]{3}:)?\d\d:\d\d$/,
  // zones
  /^[a-z]{2}(?:-[a-z]+)+-\d[a-z]$/,
  /^[a-z]{3,4}\d-az\d$/,
  // addresses
  /^\d{1,3}(?:\.\d{1,3}){3}(?:\/\d+)?$/,
  /^[0-9a-f]{1,4}(?::[0-9a-f]{0,4}){2,7}(?:\/\d+)?$/,
  /^https?:\/\//,
  /^\d{4}-\d\d-\d\dT\d\d:\d\d/,
  // digests
  /^[0-9a-f]{32,64}$/,
  /^[A-Za-z0-9+/]{43}=$/,
];

/** Whether AWS made or chose the value: names from the stack and logical id, ids, ARNs, addresses, times, windows, zones. */
export function isMade(value: Json, by: Named): boolean {
  if (Array.isArray(value)) return value.length > 0 && value.every(item => isMade(item, by));
  if (isMap(value)) return Object.values(value).every(child => isMade(child, by) || isTrivial(child));
  if (typeof value !== 'string') return false;
  if (value === by.place.region || value === by.place.account) return true;
  if (made.some(pattern => pattern.test(value))) return true;
  const text = value.toLowerCase();
  const [logical, physical] = [by.logicalId.toLowerCase(), by.physicalId.toLowerCase()];
  if (
    logical.length > 2 &&
    new RegExp(`(?:^|[-/])${logical.replace(/[^\w]/g, '\\$&')}(?:-[a-z0-9]{8,})?$`).test(text)
  )
    return true;
  return (
    physical.length > 5 &&
    (text === physical || text.includes(physical) || (physical.includes(text) && text.length > 5))
  );
}
