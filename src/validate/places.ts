import { itemName } from '../compare/keyed.ts';
import type { Json, JsonObject } from '../json/json.ts';
import { pointerOf, valueAt } from '../json/value.ts';
import { fieldNode } from './custom/node.ts';
import type { Known } from './kinds.ts';
import type { SchemaPack } from './pack/pack.ts';

/** What the schema says of the items below a place: the merge keys of the list there, and how to go on. */
interface At {
  keys: readonly string[] | undefined;
  defaultOf: (key: string) => Json | undefined;
  into: (step: string, isItem: boolean) => At | undefined;
}

/** A path of map keys and list positions as the reports write it: `/spec/containers/name=web/image`. */
export function reportPath(
  path: readonly string[],
  object: JsonObject,
  known: Known,
  pack: SchemaPack,
): string {
  let at = rootOf(known, pack);
  const steps: string[] = [];
  for (const [index, step] of path.entries()) {
    const parent = valueAt(object, path.slice(0, index));
    const isItem = Array.isArray(parent);
    const name = isItem && at?.keys !== undefined ? nameIn(parent, Number(step), at) : undefined;
    steps.push(name ?? step);
    at = at?.into(step, isItem);
  }
  return pointerOf(steps);
}

/** The name of an item, unless another before it has the same: then its position. */
function nameIn(items: readonly Json[], index: number, { keys = [], defaultOf }: At): string | undefined {
  const nameOf = (item: Json | undefined) =>
    item === undefined ? undefined : itemName(item, [...keys].sort(), defaultOf);
  const name = nameOf(items[index]);
  return name === undefined || items.slice(0, index).some(item => nameOf(item) === name) ? undefined : name;
}

function rootOf(known: Known, pack: SchemaPack): At | undefined {
  if (known.by === 'pack') return packed(pack, { ref: known.schema });
  const [schema] = known.schemas;
  return schema === undefined ? undefined : custom(schema.root);
}

function packed(pack: SchemaPack, node: SchemaPack['schemas'][string] | undefined): At | undefined {
  const own = node?.ref === undefined ? node : pack.schemas[node.ref];
  if (own === undefined) return undefined;
  const item = own.items?.ref === undefined ? own.items : pack.schemas[own.items.ref];
  return {
    keys: own.keys,
    defaultOf: key => item?.properties?.[key]?.default,
    into: (step, isItem) =>
      packed(
        pack,
        isItem ? own.items : Object.hasOwn(own.properties ?? {}, step) ? own.properties?.[step] : own.values,
      ),
  };
}

function custom(node: ReturnType<typeof fieldNode>): At | undefined {
  if (node === undefined) return undefined;
  return {
    keys: node.listType === 'map' ? node.listKeys : undefined,
    defaultOf: key => node.items?.properties.get(key)?.default,
    into: (step, isItem) => custom(isItem ? node.items : fieldNode(node, step)),
  };
}
