import type { Json, JsonObject } from '../../json/json.ts';
import { isMap } from '../../json/value.ts';

/** One place of the schema of a custom resource, read from `openAPIV3Schema`. */
export interface CustomNode {
  /** Empty where anything goes. */
  types: readonly string[];
  nullable: boolean;
  format: string | undefined;
  pattern: string | undefined;
  enum: readonly Json[] | undefined;
  minimum: number | undefined;
  maximum: number | undefined;
  exclusiveMinimum: boolean;
  exclusiveMaximum: boolean;
  multipleOf: number | undefined;
  minLength: number | undefined;
  maxLength: number | undefined;
  minItems: number | undefined;
  maxItems: number | undefined;
  minProperties: number | undefined;
  maxProperties: number | undefined;
  required: readonly string[];
  properties: ReadonlyMap<string, CustomNode>;
  /** `additionalProperties`; `any` where it is only allowed. */
  values: CustomNode | 'any' | undefined;
  items: CustomNode | undefined;
  allOf: readonly CustomNode[];
  anyOf: readonly CustomNode[];
  oneOf: readonly CustomNode[];
  not: CustomNode | undefined;
  default: Json | undefined;
  /** How much filling in the default costs, in characters. */
  defaultSize: number;
  /** `x-kubernetes-preserve-unknown-fields`. */
  open: boolean;
  /** `x-kubernetes-embedded-resource`. */
  embedded: boolean;
  listType: string | undefined;
  listKeys: readonly string[];
}

/** Reads a schema. What has not the form of a schema says nothing: the definition itself is checked elsewhere. */
export function customNode(schema: Json | undefined): CustomNode {
  const own = isMap(schema) ? schema : {};
  return {
    ...scalarPart(own),
    ...structurePart(own),
    nullable: own['nullable'] === true,
    format: text(own['format']),
    enum: Array.isArray(own['enum']) && own['enum'].length > 0 ? own['enum'] : undefined,
    allOf: nodes(own['allOf']),
    anyOf: nodes(own['anyOf']),
    oneOf: nodes(own['oneOf']),
    not: own['not'] === undefined ? undefined : customNode(own['not']),
    default: own['default'] === null ? undefined : own['default'],
    defaultSize: own['default'] === undefined ? 0 : JSON.stringify(own['default']).length,
    open: own['x-kubernetes-preserve-unknown-fields'] === true,
    embedded: own['x-kubernetes-embedded-resource'] === true,
    listType: text(own['x-kubernetes-list-type']),
    listKeys: strings(own['x-kubernetes-list-map-keys']),
  };
}

function scalarPart(own: JsonObject) {
  const type = text(own['type']);
  const either = own['x-kubernetes-int-or-string'] === true;
  return {
    types: either ? ['integer', 'string'] : type === undefined ? [] : [type],
    pattern: text(own['pattern']),
    minimum: number(own['minimum']),
    maximum: number(own['maximum']),
    exclusiveMinimum: own['exclusiveMinimum'] === true,
    exclusiveMaximum: own['exclusiveMaximum'] === true,
    multipleOf: number(own['multipleOf']),
    minLength: number(own['minLength']),
    maxLength: number(own['maxLength']),
  };
}

function structurePart(own: JsonObject) {
  const { properties, additionalProperties, items } = own;
  const fields = isMap(properties) ? Object.entries(properties) : [];
  return {
    required: strings(own['required']),
    properties: new Map(fields.map(([key, child]) => [key, customNode(child)])),
    values: isMap(additionalProperties)
      ? customNode(additionalProperties)
      : typeof additionalProperties === 'boolean'
        ? ('any' as const)
        : undefined,
    items: isMap(items) ? customNode(items) : undefined,
    minItems: number(own['minItems']),
    maxItems: number(own['maxItems']),
    minProperties: number(own['minProperties']),
    maxProperties: number(own['maxProperties']),
  };
}

/** What a node says of a field of an object; undefined where it says nothing. */
export function fieldNode(node: CustomNode | undefined, key: string): CustomNode | undefined {
  const known = node?.properties.get(key);
  if (known !== undefined) return known;
  return node?.values === 'any' ? undefined : node?.values;
}

function nodes(value: Json | undefined): CustomNode[] {
  return Array.isArray(value) ? value.map(customNode) : [];
}

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function number(value: Json | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function strings(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter(item => typeof item === 'string') : [];
}
