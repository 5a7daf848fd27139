import { isUnsupported } from '../../../aws/failures.ts';
import type { Stacks } from '../../../aws/stacks.ts';
import type { Json, JsonObject } from '../../../json/json.ts';
import { isMap } from '../../../json/value.ts';
import { shapeOfSchema, type TypeShape, unknownShape } from './shape.ts';

/** A resource type as its registry schema describes it. */
export interface ResourceType {
  shape: TypeShape;
  /** Names of the properties that identify a resource, in order. */
  identifiers: string[];
  /** Whether Cloud Control can read it. */
  readable: boolean;
  taggable: boolean;
}

/** The types that are asked for, each fetched once: a schema changes a few times a year, a process lives for less. */
export class ResourceTypes {
  readonly #stacks: Pick<Stacks, 'typeSchema'>;
  readonly #known = new Map<string, Promise<ResourceType>>();

  constructor(stacks: Pick<Stacks, 'typeSchema'>) {
    this.#stacks = stacks;
  }

  /** Throws AwsFailures; a type without a schema is one that cannot be read. */
  of(type: string): Promise<ResourceType> {
    const known = this.#known.get(type) ?? this.#fetch(type);
    this.#known.set(type, known);
    known.catch(() => this.#known.delete(type));
    return known;
  }

  async #fetch(type: string): Promise<ResourceType> {
    if (!/^[A-Z][A-Za-z0-9]*::[A-Za-z0-9]+::[A-Za-z0-9:]+$/.test(type) || type.startsWith('Custom::'))
      return unread(type);
    try {
      return typeOf(type, JSON.parse(await this.#stacks.typeSchema(type)) as Json);
    } catch (error) {
      if (error instanceof SyntaxError || isUnsupported(error) || /TypeNotFound/.test(String(error)))
        return unread(type);
      throw error;
    }
  }
}

function unread(type: string): ResourceType {
  return { shape: unknownShape(type), identifiers: [], readable: false, taggable: false };
}

function typeOf(type: string, schema: Json): ResourceType {
  if (!isMap(schema)) return unread(type);
  const handlers = schema['handlers'];
  const tagging = schema['tagging'];
  const identifiers = schema['primaryIdentifier'];
  return {
    shape: shapeOfSchema(type, schema),
    identifiers: Array.isArray(identifiers)
      ? identifiers.map(pointer => String(pointer).replace('/properties/', '').replaceAll('/', '.'))
      : [],
    readable: isMap(handlers) && handlers['read'] !== undefined,
    taggable: isMap(tagging) ? tagging['taggable'] !== false : schema['taggable'] !== false,
  };
}

/**
 * What Cloud Control calls a resource: the physical id, or for a type with several identifying properties their values, joined.
 * Undefined when one of them is not known.
 */
export function identifierOf(
  { identifiers }: ResourceType,
  physicalId: string,
  properties: JsonObject,
  isKnown: (value: Json) => boolean,
): string | undefined {
  if (identifiers.length < 2 || physicalId.includes('|')) return physicalId;
  const values = identifiers.map(name => {
    const value = properties[name];
    return typeof value === 'string' && isKnown(value) ? value : value === undefined ? physicalId : undefined;
  });
  return values.includes(undefined) ? undefined : values.join('|');
}
