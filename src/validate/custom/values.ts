import type { Json, JsonObject } from '../../json/json.ts';
import { equal, isMap } from '../../json/value.ts';
import { patternMatcher } from '../pattern/match.ts';
import { type Findings, has, shown, typeWords } from '../problem.ts';
import { formatTrouble, isKnownFormat } from './format.ts';
import type { CustomNode } from './node.ts';

/** Checks a value against a schema, as the API server does for custom resources. */
export function checkValue(node: CustomNode, value: Json, found: Findings): void {
  found.spend(1);
  checkType(node, value, found);
  if (node.enum !== undefined) checkEnum(node.enum, value, found);
  if (value === null) return;
  checkCombined(node, value, found);
  if (typeof value === 'string') checkString(node, value, found);
  else if (typeof value === 'number') checkNumber(node, value, found);
  else if (Array.isArray(value)) checkList(node, value, found);
  else if (isMap(value)) checkObject(node, value, found);
}

const typeNames: Readonly<Record<string, string>> = {
  object: 'an object',
  array: 'a list',
  string: 'a string',
  integer: 'an integer',
  number: 'a number',
  boolean: 'true or false',
};

function checkType(node: CustomNode, value: Json, found: Findings): void {
  const { types, nullable, format } = node;
  if (types.length === 0 || (value === null && nullable)) return;
  if (types.some(type => hasType(type, value))) return;
  const numeric = types.includes('number') || types.includes('integer');
  // an oddity of the server: a known format lets texts and lists pass as any type but a number
  if (!numeric && isKnownFormat(format) && (typeof value === 'string' || Array.isArray(value))) return;
  const wanted = types.map(type => typeNames[type] ?? type).join(' or ');
  found.add(`it must be ${wanted}, and is ${typeWords(value)}${found.valueWords(value)}`);
}

function hasType(type: string, value: Json): boolean {
  switch (type) {
    case 'object':
      return isMap(value);
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return typeof value === 'number' && Number.isInteger(value);
    default:
      return String(typeof value) === type;
  }
}

function checkEnum(allowed: readonly Json[], value: Json, found: Findings): void {
  found.spend(allowed.length);
  if (allowed.some(each => equal(each, value))) return;
  const all = allowed.slice(0, 20).map(each => (typeof each === 'string' ? each : shown(each)));
  const more = allowed.length > all.length ? ` and ${allowed.length - all.length} more` : '';
  found.add(`it must be one of ${all.join(', ')}${more}${found.valueWords(value)}`);
}

function checkString(node: CustomNode, value: string, found: Findings): void {
  const { minLength, maxLength, pattern, format } = node;
  if (minLength !== undefined || maxLength !== undefined) {
    const length = lengthOf(value);
    if (minLength !== undefined && length < minLength)
      found.add(`it must have at least ${minLength} characters`);
    if (maxLength !== undefined && length > maxLength)
      found.add(`it must have at most ${maxLength} characters`);
  }
  if (pattern !== undefined) {
    found.spend(value.length);
    if (patternMatcher(pattern)?.(value) === false)
      found.add(`it must match ${pattern}${found.valueWords(value)}`);
  }
  const trouble = formatTrouble(format, value);
  if (trouble !== undefined) found.add(`it must be ${trouble}${found.valueWords(value)}`);
}

function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}

function checkNumber(node: CustomNode, value: number, found: Findings): void {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = node;
  const words = found.valueWords(value);
  if (minimum !== undefined && (exclusiveMinimum ? value <= minimum : value < minimum))
    found.add(`it must be ${exclusiveMinimum ? 'more than' : 'at least'} ${minimum}${words}`);
  if (maximum !== undefined && (exclusiveMaximum ? value >= maximum : value > maximum))
    found.add(`it must be ${exclusiveMaximum ? 'less than' : 'at most'} ${maximum}${words}`);
  if (multipleOf !== undefined && multipleOf > 0 && !isMultiple(value, multipleOf))
    found.add(`it must be a multiple of ${multipleOf}${words}`);
}

function isMultiple(value: number, factor: number): boolean {
  const times = factor < 1 ? (1 / factor) * value : value / factor;
  return Math.abs(times - Math.round(times)) <= 1e-9 * Math.max(1, Math.abs(times));
}

function checkList(node: CustomNode, value: readonly Json[], found: Findings): void {
  const { items, minItems, maxItems } = node;
  if (items !== undefined) {
    for (const [index, item] of value.entries()) found.at(index, () => checkValue(items, item, found));
  }
  if (minItems !== undefined && value.length < minItems) found.add(`it must have at least ${minItems} items`);
  if (maxItems !== undefined && value.length > maxItems) found.add(`it must have at most ${maxItems} items`);
}

function checkObject(node: CustomNode, value: JsonObject, found: Findings): void {
  const { properties, values, required, minProperties, maxProperties } = node;
  const keys = Object.keys(value);
  if (minProperties !== undefined && keys.length < minProperties)
    found.add(`it must have at least ${minProperties} fields`);
  if (maxProperties !== undefined && keys.length > maxProperties)
    found.add(`it must have at most ${maxProperties} fields`);
  for (const key of keys) {
    const own = properties.get(key) ?? (values === 'any' ? undefined : values);
    if (own !== undefined) found.at(key, () => checkValue(own, value[key] ?? null, found));
  }
  for (const key of required) if (!has(value, key)) found.add(`the required field ${key} is missing`);
}

function checkCombined(node: CustomNode, value: Json, found: Findings): void {
  const { allOf, anyOf, oneOf, not } = node;
  const problemsOf = (each: CustomNode) => found.apart(inner => checkValue(each, value, inner));
  for (const each of allOf) checkValue(each, value, found);
  if (anyOf.length > 0) {
    const tried = anyOf.map(problemsOf);
    if (!tried.some(problems => problems.length === 0)) found.add(`it fits none of ${ways(tried)}`);
  }
  if (oneOf.length > 0) {
    const tried = oneOf.map(problemsOf);
    const fitting = tried.filter(problems => problems.length === 0).length;
    if (fitting === 0) found.add(`it fits none of ${ways(tried)}`);
    if (fitting > 1) found.add(`it must fit one of ${tried.length} alternatives, and fits ${fitting}`);
  }
  if (not !== undefined && problemsOf(not).length === 0)
    found.add('it has a form that the schema forbids (not)');
}

/** The first problem with each alternative. */
function ways(tried: readonly (readonly { what: string }[])[]): string {
  const words = [...new Set(tried.map(([first]) => first?.what ?? ''))].slice(0, 4).join('; ');
  return `${tried.length} alternatives (${words})`;
}
