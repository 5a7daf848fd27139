import { EVENT_ID, type Event, getScalarValue, parseEvents } from 'js-yaml';

/** Finds the offset of the key or item at a path, or of the nearest place above it that exists. */
export type Locator = (path: readonly PropertyKey[]) => number;

/**
 * A locator for a text, which must be readable; what stands behind an alias is found at the alias. The text is read at the first
 * call, so that many lookups in one text cost little more than one.
 */
export function locator(text: string, maxDepth: number): Locator {
  let read: { events: readonly Event[]; ends: Int32Array } | undefined;
  return path => {
    if (read === undefined) {
      const events = parseEvents(text, { maxDepth });
      read = { events, ends: nodeEnds(events) };
    }
    let at = 1;
    let offset = offsetOf(read.events[at]);
    for (const step of path) {
      const found = child(text, read.events, read.ends, at, step);
      if (found === undefined) return offset;
      at = found.value;
      offset = found.offset;
    }
    return offset;
  };
}

function child(
  text: string,
  events: readonly Event[],
  ends: Int32Array,
  parent: number,
  step: PropertyKey,
): { value: number; offset: number } | undefined {
  const type = events[parent]?.type;
  const mapping = type === EVENT_ID.MAPPING;
  if (!mapping && type !== EVENT_ID.SEQUENCE) return undefined;
  let at = parent + 1;
  for (let index = 0; at < events.length && events[at]?.type !== EVENT_ID.POP; index++) {
    const offset = offsetOf(events[at]);
    const value = mapping ? (ends[at] ?? at) : at;
    if (mapping ? keyAt(text, events[at]) === String(step) : String(index) === String(step))
      return { value, offset };
    at = ends[value] ?? events.length;
  }
  return undefined;
}

function keyAt(text: string, event: Event | undefined): string | undefined {
  return event?.type === EVENT_ID.SCALAR && event.valueStart >= 0 ? getScalarValue(text, event) : undefined;
}

/** For each event that begins a node, the index of the event that follows the whole node. */
function nodeEnds(events: readonly Event[]): Int32Array {
  const ends = new Int32Array(events.length);
  const open: number[] = [];
  for (const [index, { type }] of events.entries()) {
    if (type === EVENT_ID.SEQUENCE || type === EVENT_ID.MAPPING || type === EVENT_ID.DOCUMENT)
      open.push(index);
    else if (type === EVENT_ID.POP) ends[open.pop() ?? index] = index + 1;
    else ends[index] = index + 1;
  }
  return ends;
}

function offsetOf(event: Event | undefined): number {
  if (event === undefined) return 0;
  if (event.type === EVENT_ID.SCALAR) return Math.max(event.valueStart, 0);
  if (event.type === EVENT_ID.ALIAS) return event.anchorStart;
  return 'start' in event ? event.start : 0;
}
