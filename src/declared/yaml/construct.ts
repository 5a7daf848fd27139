import {
  type DocumentDirective,
  EVENT_ID,
  type Event,
  getScalarValue,
  SCALAR_STYLE,
  type ScalarEvent,
} from 'js-yaml';
import type { Json, JsonObject } from '../../json/json.ts';
import { floatKey } from './number.ts';
import { quoted, YamlError } from './problem.ts';
import { type Resolved, resolvableTags, resolveImplicit, resolveTagged } from './scalar.ts';
import { tagName } from './tags.ts';

/** How many nodes aliases may add to a document, and how deep it may be: more is an attack or a mistake. */
const largestExpansion = 100_000;
const deepest = 400;

/** A document as JSON, with the offset at which each mapping and sequence starts. */
export interface Constructed {
  value: Json;
  starts: Map<object, number>;
}

/** What another reader of YAML than kubectl makes of a document, where they differ; the last of two equal keys counts. */
export interface Dialect {
  /** The value of a node with a tag of its own (`!Ref`); a scalar is given as its text. */
  tagged(tag: string, value: Json, offset: number): Json;
  /** Plain scalars that are texts to it, and something else to kubectl. */
  strings: ReadonlySet<string>;
  /** Told of a key that is there twice in one mapping. */
  repeated(key: string, offset: number): void;
}

/** What becomes of a key that is there twice: an error, or the last of them counts, as Helm has it. */
export type Duplicates = 'refused' | 'last';

/**
 * Builds the first document of a parsed text as kubectl would: keys become strings, merge keys are applied in the order
 * of the text, an alias is a copy. Throws a YamlError for what has no JSON form and for a key that is there twice.
 */
export function construct(
  source: string,
  events: readonly Event[],
  reading: Duplicates | Dialect = 'refused',
): Constructed {
  const builder = new Builder(source, events, reading);
  return { value: builder.build(), starts: builder.starts };
}

type TaggedEvent = Extract<Event, { tagStart: number }>;

class Builder {
  readonly starts = new Map<object, number>();
  readonly #source: string;
  readonly #events: readonly Event[];
  readonly #targets: ReadonlyMap<number, number>;
  readonly #directives: readonly DocumentDirective[];
  readonly #open = new Set<number>();
  readonly #duplicates: Duplicates;
  readonly #dialect: Dialect | undefined;
  #at = 1;
  #expanded = 0;
  #depth = 0;

  constructor(source: string, events: readonly Event[], reading: Duplicates | Dialect) {
    this.#duplicates = typeof reading === 'string' ? reading : 'last';
    this.#dialect = typeof reading === 'string' ? undefined : reading;
    this.#source = source;
    this.#events = events;
    this.#targets = aliasTargets(source, events);
    const first = events[0];
    this.#directives = first?.type === EVENT_ID.DOCUMENT ? first.directives : [];
  }

  build(): Json {
    return this.#events.length === 0 ? null : this.#node();
  }

  #node(): Json {
    const event = this.#take();
    if (event.type === EVENT_ID.SCALAR) return this.#tagged(event, () => this.#scalar(event));
    if (event.type === EVENT_ID.ALIAS) return this.#alias(event.anchorStart, () => this.#node());
    if (event.type === EVENT_ID.SEQUENCE)
      return this.#tagged(event, () => this.#nested(event.start, () => this.#sequence(event.start)));
    if (event.type === EVENT_ID.MAPPING) {
      const object: JsonObject = {};
      this.starts.set(object, event.start);
      return this.#tagged(event, () => this.#nested(event.start, () => this.#mapping(object)));
    }
    throw new YamlError(0, 'the document ends too early');
  }

  #tagged(event: TaggedEvent, read: () => Json): Json {
    const value = read();
    if (this.#dialect === undefined) return value;
    const tag = this.#tagOf(event);
    if (tag === undefined || tag === '' || !tag.startsWith('!')) return value;
    return this.#dialect.tagged(tag, value, event.tagStart);
  }

  #take(): Event {
    if (this.#open.size > 0 && ++this.#expanded > largestExpansion) {
      throw new YamlError(0, `aliases expand to more than ${largestExpansion} nodes`);
    }
    const event = this.#events[this.#at++];
    if (event === undefined) throw new YamlError(this.#source.length, 'the document ends too early');
    return event;
  }

  #nested<T>(offset: number, read: () => T): T {
    if (++this.#depth > deepest) throw new YamlError(offset, `nested deeper than ${deepest} levels`);
    const result = read();
    this.#depth--;
    return result;
  }

  /** Reads the node that an alias stands for, once more from the events. */
  #alias<T>(offset: number, read: () => T): T {
    const target = this.#targets.get(this.#at - 1);
    if (target === undefined)
      throw new YamlError(offset, `no anchor ${quoted(this.#wordAt(offset))} before this alias`);
    if (this.#open.has(target)) throw new YamlError(offset, 'an anchor contains itself');
    const back = this.#at;
    this.#open.add(target);
    this.#at = target;
    const result = this.#nested(offset, read);
    this.#open.delete(target);
    this.#at = back;
    return result;
  }

  #wordAt(offset: number): string {
    return /^[^\s,\]}[{]*/.exec(this.#source.slice(offset, offset + 80))?.[0] ?? '';
  }

  #sequence(start: number): Json[] {
    const items: Json[] = [];
    this.starts.set(items, start);
    while (!this.#popped()) items.push(this.#node());
    return items;
  }

  #popped(): boolean {
    if (this.#events[this.#at]?.type !== EVENT_ID.POP) return false;
    this.#at++;
    return true;
  }

  #mapping(object: JsonObject): JsonObject {
    const seen = new Set<string>();
    while (!this.#popped()) {
      const offset = this.#offsetHere();
      if (this.#mergeKey()) {
        this.#merge(object);
        continue;
      }
      const key = this.#key(offset);
      if (seen.has(key) && this.#duplicates === 'refused')
        throw new YamlError(offset, `the key ${quoted(key)} is there twice`, 'value');
      if (seen.has(key)) this.#dialect?.repeated(key, offset);
      seen.add(key);
      set(object, key, this.#node());
    }
    return object;
  }

  #offsetHere(): number {
    const event = this.#events[this.#at];
    if (event === undefined) return this.#source.length;
    if (event.type === EVENT_ID.SCALAR) return Math.max(event.valueStart, 0);
    if (event.type === EVENT_ID.ALIAS) return event.anchorStart;
    return 'start' in event ? event.start : 0;
  }

  #mergeKey(): boolean {
    const event = this.#events[this.#at];
    if (event?.type !== EVENT_ID.SCALAR || getScalarValue(this.#source, event) !== '<<') return false;
    const tag = this.#tagOf(event) ?? (event.style === SCALAR_STYLE.PLAIN ? 'merge' : 'str');
    if (tag !== 'merge') return false;
    this.#at++;
    return true;
  }

  /** What is merged overwrites what stands before it and is overwritten by what comes after, as in go-yaml v2. */
  #merge(object: JsonObject): void {
    const offset = this.#offsetHere();
    const event = this.#events[this.#at];
    if (event?.type !== EVENT_ID.SEQUENCE) {
      this.#mergeOne(object);
      return;
    }
    this.#at++;
    const items: number[] = [];
    while (!this.#popped()) {
      items.push(this.#at);
      this.#skip();
    }
    const back = this.#at;
    for (const item of items.reverse()) {
      this.#at = item;
      this.#nested(offset, () => this.#mergeOne(object));
    }
    this.#at = back;
  }

  #mergeOne(object: JsonObject): void {
    const offset = this.#offsetHere();
    const event = this.#take();
    if (event.type === EVENT_ID.MAPPING) {
      this.#mapping(object);
      return;
    }
    const target =
      event.type === EVENT_ID.ALIAS ? this.#events[this.#targets.get(this.#at - 1) ?? -1] : undefined;
    if (event.type !== EVENT_ID.ALIAS || (target !== undefined && target.type !== EVENT_ID.MAPPING)) {
      throw new YamlError(offset, '‘<<’ takes a mapping or a list of mappings');
    }
    this.#alias(offset, () => {
      this.#at++;
      return this.#mapping(object);
    });
  }

  #skip(): void {
    let depth = 0;
    do {
      const type = this.#events[this.#at++]?.type;
      if (type === EVENT_ID.SEQUENCE || type === EVENT_ID.MAPPING) depth++;
      else if (type === EVENT_ID.POP) depth--;
    } while (depth > 0);
  }

  #key(offset: number): string {
    const event = this.#take();
    if (event.type === EVENT_ID.ALIAS) return this.#alias(offset, () => this.#key(offset));
    if (event.type !== EVENT_ID.SCALAR) throw new YamlError(offset, 'a mapping key must be a scalar');
    if (this.#dialect !== undefined && this.#tagOf(event)?.startsWith('!'))
      throw new YamlError(offset, 'a mapping key must not be a function');
    const key = this.#resolve(event);
    if (key.tag === 'null') throw new YamlError(offset, 'a mapping key must not be null');
    if (key.tag === 'float') return floatKey(key.value);
    if (key.tag === 'int' && key.value >= 2n ** 63n)
      throw new YamlError(offset, 'a mapping key beyond 64 bits');
    return String(key.value);
  }

  #scalar(event: ScalarEvent): Json {
    const resolved = this.#resolve(event);
    if (resolved.tag === 'int') {
      const value = Number(resolved.value);
      if (Number.isSafeInteger(value)) return value;
      if (this.#dialect !== undefined) return String(resolved.value);
      throw new YamlError(
        event.valueStart,
        `the integer ${resolved.value} would be rounded: quote it or make it smaller`,
      );
    }
    if (resolved.tag !== 'float') return resolved.value;
    if (!Number.isFinite(resolved.value))
      throw new YamlError(event.valueStart, 'JSON has no such number (.inf, .nan)');
    return resolved.value + 0;
  }

  #resolve(event: ScalarEvent): Resolved {
    const text = event.valueStart < 0 ? '' : getScalarValue(this.#source, event);
    const tag = this.#tagOf(event);
    if (tag === undefined && event.style !== SCALAR_STYLE.PLAIN) return { tag: 'str', value: text };
    if (tag === undefined && this.#dialect?.strings.has(text)) return { tag: 'str', value: text };
    if (tag === undefined) return resolveImplicit(text);
    if (tag === '') return { tag: 'str', value: text };
    if (tag === 'binary') return { tag: 'str', value: decoded(text, event.valueStart) };
    if (!resolvableTags.has(tag)) return { tag: 'str', value: text };
    const resolved = resolveTagged(tag, text);
    if (resolved === undefined) throw new YamlError(event.tagStart, `${quoted(text)} is not a !!${tag}`);
    return resolved;
  }

  #tagOf(event: TaggedEvent): string | undefined {
    if (event.tagStart < 0) return undefined;
    return tagName(this.#source.slice(event.tagStart, event.tagEnd), this.#directives);
  }
}

/** `__proto__` is a key like any other. */
function set(object: JsonObject, key: string, value: Json): void {
  if (key !== '__proto__') object[key] = value;
  else Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}

function decoded(text: string, offset: number): string {
  const compact = text.replace(/[\r\n]/g, '');
  if (compact.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(compact)) {
    throw new YamlError(offset, 'a !!binary value that is not base64');
  }
  return Buffer.from(compact, 'base64').toString('utf8');
}

/** For each alias, by its index, the index of the node with that anchor which precedes it most closely. */
function aliasTargets(source: string, events: readonly Event[]): Map<number, number> {
  const anchors = new Map<string, number>();
  const targets = new Map<number, number>();
  if (!source.includes('*')) return targets;
  for (const [index, event] of events.entries()) {
    if (index > 0 && event.type === EVENT_ID.DOCUMENT) break;
    if (!('anchorStart' in event) || event.anchorStart < 0) continue;
    const name = source.slice(event.anchorStart, event.anchorEnd);
    if (event.type !== EVENT_ID.ALIAS) anchors.set(name, index);
    else if (anchors.has(name)) targets.set(index, anchors.get(name) ?? 0);
  }
  return targets;
}
