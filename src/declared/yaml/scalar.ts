import { type YamlNumber, yamlNumber } from './number.ts';

/** A scalar with the tag that it resolved to. Integers stay exact until it is known what they are for. */
export type Resolved =
  | { tag: 'str' | 'timestamp' | 'merge'; value: string }
  | { tag: 'bool'; value: boolean }
  | { tag: 'null'; value: null }
  | YamlNumber;

const words = new Map<string, Resolved>();
for (const word of ['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON']) {
  words.set(word, { tag: 'bool', value: true });
}
for (const word of ['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF']) {
  words.set(word, { tag: 'bool', value: false });
}
for (const word of ['', '~', 'null', 'Null', 'NULL']) words.set(word, { tag: 'null', value: null });
for (const word of ['.nan', '.NaN', '.NAN']) words.set(word, { tag: 'float', value: Number.NaN });
for (const word of ['inf', 'Inf', 'INF']) {
  words.set(`.${word}`, { tag: 'float', value: Number.POSITIVE_INFINITY });
  words.set(`+.${word}`, { tag: 'float', value: Number.POSITIVE_INFINITY });
  words.set(`-.${word}`, { tag: 'float', value: Number.NEGATIVE_INFINITY });
}
/** Most texts are told from all words by their first character. */
const firstOfWords: ReadonlySet<number> = new Set([...words.keys()].map(word => word.charCodeAt(0)));
const timestamp = /^\d{4}-\d{1,2}-\d{1,2}(?:[Tt ]\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?)?$/;

/** What an untagged plain scalar means to kubectl: YAML 1.1, so `yes` is true and `0644` is 420, but `=` and dates are strings. */
export function resolveImplicit(text: string): Resolved {
  const first = text.charCodeAt(0);
  const word = text === '' || firstOfWords.has(first) ? words.get(text) : undefined;
  if (word !== undefined) return word;
  const numeric = (first >= 48 && first <= 57) || first === 43 || first === 45 || first === 46;
  return (numeric ? yamlNumber(text) : undefined) ?? { tag: 'str', value: text };
}

/** What a scalar with an explicit core tag means; undefined when the text does not fit the tag (an error for kubectl). */
export function resolveTagged(tag: string, text: string): Resolved | undefined {
  if (tag === 'str') return { tag: 'str', value: text };
  if (tag === 'timestamp') return timestamp.test(text) ? { tag, value: text } : undefined;
  const resolved = resolveImplicit(text);
  if (resolved.tag === tag) return resolved;
  if (tag === 'float' && resolved.tag === 'int') return { tag: 'float', value: Number(resolved.value) };
  return undefined;
}

/** Tags whose text kubectl resolves; any other tag leaves the text as it is. */
export const resolvableTags: ReadonlySet<string> = new Set([
  'str',
  'bool',
  'int',
  'float',
  'null',
  'timestamp',
]);
