import { createHash } from 'node:crypto';
import { isBuiltInGroup, splitApiVersion } from '../../../cluster/kind.ts';
import type { Json, JsonObject } from '../../../json/json.ts';
import { isMap, type Leaf, leavesOf, valueAt } from '../../../json/value.ts';
import { generalised } from './known-defaults.ts';

/** Where a declaration belongs: defaults are learned apart for each kind, schema and namespace (a LimitRange, a webhook). */
export interface LearningScope {
  apiVersion: string;
  kind: string;
  schemaHash: string;
  namespace: string | undefined;
}

/**
 * Values that the server was seen to add to a declaration, so that the next one like it needs no dry run. A value counts
 * only at the same path and where all that it may depend on is declared alike: the scalars beside it and around it, apart
 * from free text such as names. Text that the declaration itself contains is never learned: it may be a copy.
 */
export class LearnedDefaults {
  readonly #known = new Set<string>();
  readonly #most: number;

  constructor(most = 50_000) {
    this.#most = most;
  }

  /** Learns from what the server made of a declaration alone: a dry run as if fresh, under its own name. */
  learn(scope: LearningScope, declared: JsonObject, fresh: JsonObject, extras: readonly Leaf[]): void {
    const texts = new Set(leavesOf(declared).map(leaf => leaf.value));
    for (const { path, value } of extras) {
      if (this.#known.size >= this.#most) return;
      if (typeof value === 'string' && texts.has(value)) continue;
      this.#known.add(keyOf(scope, declared, fresh, path, value));
    }
  }

  has(scope: LearningScope, declared: JsonObject, live: JsonObject, { path, value }: Leaf): boolean {
    return this.#known.size > 0 && this.#known.has(keyOf(scope, declared, live, path, value));
  }
}

function keyOf(
  scope: LearningScope,
  declared: JsonObject,
  whole: JsonObject,
  path: readonly string[],
  value: Json,
): string {
  const around = path.map((_, depth) => surroundings(valueAt(declared, path.slice(0, depth))));
  const { apiVersion, kind, schemaHash, namespace } = scope;
  // what a built-in kind gets depends on what is around it; a webhook of a custom kind may look at anything
  const elsewhere = isBuiltInGroup(splitApiVersion(apiVersion).group) ? null : skeletonOf(declared);
  const facts = [apiVersion, kind, schemaHash, namespace, generalised(path, whole), value, around, elsewhere];
  return createHash('sha256').update(JSON.stringify(facts)).digest('base64').slice(0, 22);
}

const skeletons = new WeakMap<JsonObject, string>();

/** All that a default could depend on in the whole declaration; labels and annotations do not count. */
function skeletonOf(declared: JsonObject): string {
  let skeleton = skeletons.get(declared);
  if (skeleton === undefined) {
    const { metadata: _metadata, ...rest } = declared;
    const facts = leavesOf(rest).map(({ path, value }) => [
      path,
      typeof value === 'string' ? word(value) : value,
    ]);
    skeleton = createHash('sha256').update(JSON.stringify(facts)).digest('base64').slice(0, 22);
    skeletons.set(declared, skeleton);
  }
  return skeleton;
}

/** The keys of a declared map, with those values that a default could depend on. */
function surroundings(value: Json | undefined): Json {
  if (!isMap(value)) return null;
  return Object.keys(value)
    .sort()
    .map(key => {
      const child = value[key];
      if (typeof child === 'object' && child !== null) return [key, Array.isArray(child) ? 'list' : 'map'];
      return [key, typeof child === 'string' ? word(child) : (child ?? null)];
    });
}

/** Words of an API (`RollingUpdate`, `25%`) count; free text does not, but for what the tag of an image decides. */
function word(text: string): string {
  if (/^([A-Z][A-Za-z]{1,40}|\d+%?)$/.test(text)) return text;
  // the tag may be followed by a digest; a colon before a slash is that of a port
  const tag = /:([^/@:]+)(?:@|$)/.exec(text)?.[1];
  if (tag === undefined) return '~';
  return tag === 'latest' ? ':latest' : ':';
}
