import type { Json, JsonObject } from '../../../json/json.ts';
import { isMap } from '../../../json/value.ts';
import { loopKey } from './macros.ts';

/** What a collection is, as far as it is known: the items that a loop goes through. */
export type Collection = (declared: Json) => string[] | undefined;

/** Loops within loops multiply: beyond so many copies and characters a template is over the quotas (500 resources, 1 MB), or an attack. */
const mostCopies = 5_000;
const mostGrowth = 4_000_000;

/**
 * A template with the loops of `AWS::LanguageExtensions` written out, and the loops that cannot be told from the template and its
 * parameters alone, which stay as they are. Source: CloudFormation Template Reference, “Fn::ForEach”.
 */
export function expandLoops(body: JsonObject, collection: Collection): { body: JsonObject; left: string[] } {
  const expansion = new Expansion(collection);
  const expanded = expansion.map(body);
  return { body: expanded, left: [...expansion.left] };
}

class Expansion {
  readonly left = new Set<string>();
  readonly #collection: Collection;
  #copies = 0;
  #grown = 0;

  constructor(collection: Collection) {
    this.#collection = collection;
  }

  map(value: JsonObject): JsonObject {
    const entries = Object.entries(value).flatMap(([key, child]): [string, Json][] =>
      key.startsWith(loopKey) ? this.#loop(key, child) : [[key, this.#value(child)]],
    );
    return Object.fromEntries(entries);
  }

  #value(value: Json): Json {
    if (Array.isArray(value)) return value.map(each => this.#value(each));
    return isMap(value) ? this.map(value) : value;
  }

  #loop(key: string, declared: Json): [string, Json][] {
    const [name, items, made] = Array.isArray(declared) ? declared : [];
    const through = items === undefined ? undefined : this.#collection(items);
    if (typeof name !== 'string' || through === undefined || !isMap(made)) return this.#leave(key, declared);
    this.#copies += through.length * Object.keys(made).length;
    if (this.#copies > mostCopies) return this.#leave(key, declared);
    this.#grown += through.length * JSON.stringify(made).length;
    if (this.#grown > mostGrowth) return this.#leave(key, declared);
    return through.flatMap(item => Object.entries(this.map(replaced(made, name, item) as JsonObject)));
  }

  #leave(key: string, declared: Json): [string, Json][] {
    this.left.add(key);
    return [[key, declared]];
  }
}

/** `${Name}` and `Ref: Name` are the item; `&{Name}` is it with letters and digits alone, for names of resources. */
function replaced(value: Json, name: string, item: string): Json {
  if (typeof value === 'string') return inText(value, name, item);
  if (Array.isArray(value)) return value.map(each => replaced(each, name, item));
  if (!isMap(value)) return value;
  const keys = Object.keys(value);
  if (keys.length === 1 && value['Ref'] === name) return item;
  return Object.fromEntries(
    keys.map(key => [inText(key, name, item), replaced(value[key] ?? null, name, item)]),
  );
}

function inText(text: string, name: string, item: string): string {
  return text
    .replaceAll(`\${${name}}`, () => item)
    .replaceAll(`&{${name}}`, () => item.replace(/[^A-Za-z0-9]/g, ''));
}
