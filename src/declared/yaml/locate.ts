import { EVENT_ID, type Event, getScalarValue, parseEvents } from 'js-yaml';

/**
 * The offset in a text of the key or item at `path`, or of the nearest place above it that exists. The text must be
 * readable; what stands behind an alias is found at the alias.
 */
export function locate(text: string, path: readonly PropertyKey[], maxDepth: number): number {
  const events = parseEvents(text, { maxDepth });
  let at = 1;
  let offset = offsetOf(events[at]);
  for (const step of path) {
    const found = child(text, events, at, step);
    if (found === undefined) return offset;
    at = found.value;
    offset = found.offset;
  }
  return offset;
}

function child(
  text: string,
  events: readonly Event[],
  parent: number,
  step: PropertyKey,
): { value: number; offset: number } | undefined {
  const type = events[parent]?.type;
  const mapping = type === EVENT_ID.MAPPING;
  if (!mapping && type !== EVENT_ID.SEQUENCE) return undefined;
  let at = parent + 1;
  for (let index = 0; at < events.length && events[at]?.type !== EVENT_ID.POP; index++) {
    const offset = offsetOf(events[at]);
    const value = mapping ? after(events, at) : at;
    if (mapping ? keyAt(text, events[at]) === String(step) : index === step) return { value, offset };
    at = after(events, value);
  }
  return undefined;
}

function keyAt(text: string, event: Event | undefined): string | undefined {
  return event?.type === EVENT_ID.SCALAR && event.valueStart >= 0 ? getScalarValue(text, event) : undefined;
}

/** The index of the event that follows the whole node at `at`. */
function after(events: readonly Event[], at: number): number {
  let depth = 0;
  let index = at;
  do {
    const type = events[index++]?.type;
    if (type === EVENT_ID.SEQUENCE || type === EVENT_ID.MAPPING) depth++;
    else if (type === EVENT_ID.POP) depth--;
  } while (depth > 0 && index < events.length);
  return index;
}

function offsetOf(event: Event | undefined): number {
  if (event === undefined) return 0;
  if (event.type === EVENT_ID.SCALAR) return Math.max(event.valueStart, 0);
  if (event.type === EVENT_ID.ALIAS) return event.anchorStart;
  return 'start' in event ? event.start : 0;
}
