import type { Json, JsonObject } from '../../../json/json.ts';
import { isMap } from '../../../json/value.ts';
import type { WholeBlock } from './body.ts';

/** How many labels a block has, which in JSON are keys within keys. */
const labelCounts: Readonly<Record<string, number>> = {
  ...{ resource: 2, data: 2, ephemeral: 2, module: 1, output: 1, variable: 1, provider: 1, check: 1 },
  ...{ locals: 0, terraform: 0, moved: 0, removed: 0, import: 0 },
};

/** The blocks of a `.tf.json` file; a text that is no JSON has none. */
export function wholeJsonBlocks(text: string): WholeBlock[] {
  let parsed: Json;
  try {
    parsed = JSON.parse(text) as Json;
  } catch {
    return [];
  }
  return maps(parsed).flatMap(root =>
    Object.entries(root).flatMap(([type, body]) =>
      labelled(body, labelCounts[type]).map(({ labels, body: inner }) => ({
        type,
        labels,
        line: lineOf(text, [type, ...labels]),
        body: inner,
      })),
    ),
  );
}

function labelled(
  body: Json,
  count: number | undefined,
  labels: string[] = [],
): { labels: string[]; body: JsonObject }[] {
  if (count === undefined) return [];
  if (labels.length === count) return maps(body).map(map => ({ labels, body: map }));
  return maps(body).flatMap(map =>
    Object.entries(map).flatMap(([label, inner]) => labelled(inner, count, [...labels, label])),
  );
}

/** An object, or all objects of a list. */
function maps(value: Json): JsonObject[] {
  if (Array.isArray(value)) return value.flatMap(maps);
  return isMap(value) ? [value] : [];
}

/** Where the names stand one after another; JSON has no positions, and names are rarely there twice. */
function lineOf(text: string, names: readonly string[]): number {
  let at = 0;
  for (const name of names) at = Math.max(at, text.indexOf(JSON.stringify(name), at));
  return text.slice(0, at).split('\n').length;
}
