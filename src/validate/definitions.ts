import { largestFile, readFile } from '../declared/objects/file.ts';
import type { SourceTree } from '../declared/tree.ts';
import { baseName, isManifest } from '../declared/units/paths.ts';
import type { JsonObject } from '../json/json.ts';
import { isDefinition } from './kinds.ts';

const mention = Buffer.from('CustomResourceDefinition');

/**
 * The CustomResourceDefinitions in all files of a tree, also where no unit declares them, such as those that a chart brings.
 * Files that cannot be read say nothing here: whoever declares them hears of it.
 */
export async function definitionsIn(tree: SourceTree): Promise<JsonObject[]> {
  const paths = tree.files.filter(({ path, size }) => isManifest(path) && size <= largestFile);
  const contents = await tree.read(paths.map(({ path }) => path)).catch(() => new Map<string, Buffer>());
  const found: JsonObject[] = [];
  for (const [path, bytes] of contents) {
    if (!bytes.includes(mention)) continue;
    const { objects } = readFile(bytes, baseName(path));
    found.push(...objects.map(({ object }) => object).filter(isDefinition));
  }
  return found;
}
