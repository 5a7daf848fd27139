import type { Source } from '../../findings/finding.ts';
import type { Json } from '../../json/json.ts';
import { pathOf, valueAt } from '../../json/value.ts';
import type { ChartTexts } from './layout.ts';
import type { PrintedObject } from './output.ts';
import { placeOfValue, type ValuesLayer } from './values.ts';

/** Finds the lines of the repository that declare what helm rendered. Nothing is guessed: where nothing fits, the template is named. */
export class FieldPlaces {
  readonly #texts: ChartTexts;
  readonly #layers: readonly ValuesLayer[];
  readonly #fallback: Source;
  readonly #lines = new Map<string, readonly string[]>();
  readonly #kinds = new Map<string, readonly number[]>();

  /** `layers`: the values of the chart itself first; they are those of the topmost chart. */
  constructor(texts: ChartTexts, layers: readonly ValuesLayer[], fallback: Source) {
    this.#texts = texts;
    this.#layers = layers;
    this.#fallback = fallback;
  }

  /** The template of an object, with the line where it begins if that can be told. */
  ofObject({ template, identity }: Pick<PrintedObject, 'template' | 'identity'>): Source {
    const text = this.#texts.texts.get(template);
    if (text === undefined) return this.#fallback;
    if (!text.plain) return text.source;
    return { ...text.source, line: this.#lineOfKind(template, identity) + 1 };
  }

  /** The line that sets a field: of the values where the template takes exactly this value from there, else of the template. */
  ofField(object: PrintedObject, path: string, value: unknown): Source {
    const text = this.#texts.texts.get(object.template);
    if (text === undefined) return this.#fallback;
    const lines = this.#linesOf(object.template);
    const keys = pathOf(path).filter(key => !/^\d+$/.test(key) && !/^[A-Za-z0-9]+=/.test(key));
    const { line, rest } = follow(lines, keys, this.#lineOfKind(object.template, object.identity));
    for (const reference of referencesAt(lines, line)) {
      const wanted = [...scopeOf(object.template), ...reference, ...rest];
      for (const names of [wanted, [...scopeOf(object.template), ...reference]]) {
        if (names !== wanted && rest.length === 0) continue;
        if (!this.#says(names, value)) continue;
        const place = placeOfValue(this.#layers, names);
        if (place !== undefined) return place;
      }
    }
    if (!text.plain) return text.source;
    return { ...text.source, line: line + 1 };
  }

  /** A template may make thousands of objects: it is taken apart once. */
  #linesOf(template: string): readonly string[] {
    const known = this.#lines.get(template) ?? this.#texts.texts.get(template)?.text.split('\n') ?? [];
    this.#lines.set(template, known);
    return known;
  }

  #lineOfKind(template: string, { kind, name }: PrintedObject['identity']): number {
    const lines = this.#linesOf(template);
    const key = `${kind} ${template}`;
    const known = this.#kinds.get(key) ?? lines.flatMap((line, at) => (matchesKind(line, kind) ? [at] : []));
    this.#kinds.set(key, known);
    return bestFit(lines, known.slice(0, mostScored), name);
  }

  #says(path: readonly string[], value: unknown): boolean {
    const layer = this.#layers.findLast(({ values }) => valueAt(values as Json, path) !== undefined);
    const said = layer === undefined ? undefined : valueAt(layer.values as Json, path);
    if (said === undefined || said === null) return false;
    if (typeof said === 'object') return false;
    const text = String(said);
    // a template may put it into a longer text (`repository:tag`)
    return text === String(value) || (text.length >= 3 && typeof value === 'string' && value.includes(text));
  }
}

/** The values of a chart inside of another are under its name. */
function scopeOf(template: string): string[] {
  return [...template.matchAll(/\/charts\/([^/]+)(?=\/)/g)].map(match => match[1] ?? '');
}

/** Of more objects of a kind in one template the one that is meant is not looked for. */
const mostScored = 500;

/** Of lines, from 0, the one below which stands the name that fits best. */
function bestFit(lines: readonly string[], found: readonly number[], name: string): number {
  if (found.length <= 1) return found[0] ?? 0;
  const score = (start: number): number => {
    const head = lines.slice(start, start + 8).find(line => /^\s*name:/.test(line)) ?? '';
    const fixed = head.replace(/\{\{.*?\}\}/g, ' ').replace(/^\s*name:/, '');
    return fixed
      .split(/\s+/)
      .map(part => part.replace(/^["']|["']$/g, ''))
      .filter(part => part !== '' && name.includes(part))
      .join('').length;
  };
  return found.reduce((best, next) => (score(next) > score(best) ? next : best));
}

function matchesKind(line: string, kind: string): boolean {
  const match = /^(?:- )?kind:\s*["']?([A-Za-z0-9]+)/.exec(line.trim());
  return match?.[1] === kind;
}

/** Follows keys downwards through a template: the line of the deepest that is found, and the keys below it that are not. */
function follow(
  lines: readonly string[],
  keys: readonly string[],
  start: number,
): { line: number; rest: string[] } {
  let line = start;
  let from = Math.max(start - 3, 0);
  for (const [depth, key] of keys.entries()) {
    const next = lines.findIndex((text, index) => index >= from && keyOf(text) === key);
    if (next === -1 || lines.slice(line + 1, next).some(text => /^---/.test(text)))
      return { line, rest: keys.slice(depth) };
    line = next;
    from = next + 1;
  }
  return { line, rest: [] };
}

function keyOf(line: string): string | undefined {
  return /^\s*(?:- +)?["']?([^\s"':{#]+)["']?:(?:\s|$)/.exec(line)?.[1];
}

/** The values that a line takes, or those right below it where it takes none: `.Values.image.tag` as its keys. */
function referencesAt(lines: readonly string[], line: number): string[][] {
  for (const text of lines.slice(line, line + 4)) {
    const found = [...text.matchAll(/\.Values((?:\.[A-Za-z_]\w*)+)/g)].map(match =>
      (match[1] ?? '').slice(1).split('.'),
    );
    if (found.length > 0) return found;
    if (text !== lines[line] && keyOf(text) !== undefined) return [];
  }
  return [];
}
