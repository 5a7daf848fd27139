import { locate, overlaps, type Pointer, pointerText, valueAt } from '../../../compare/locate.ts';
import type { FieldChange, Finding } from '../../../findings/finding.ts';
import type { Json, JsonObject } from '../../../json/json.ts';
import { pathOf } from '../../../json/value.ts';
import { objectAt, sameJson } from './json.ts';

/** One operation of a JSON patch (RFC 6902). */
export interface PatchOperation {
  op: 'remove' | 'replace';
  path: string;
  value?: Json;
}

/**
 * The changes of a finding that server-side apply alone leaves as they are, because the declaration says nothing of the
 * field: what live has added, and a default that somebody changed. Not what a workload's children run: that is not in it. Removing the field puts both right. `body` is the
 * declaration as it is sent.
 */
export function extrasOf(finding: Finding, body: JsonObject): FieldChange[] {
  return (finding.changes ?? []).filter(
    change =>
      !change.path.startsWith('/children/') &&
      (change.op === 'added' || (change.op === 'changed' && locate(body, change.path) === undefined)),
  );
}

/**
 * The JSON patch that removes extras from live, and nothing else; empty when none of them is there. It carries live's
 * resourceVersion, so that the server refuses it (409) when the object has moved. An item addressed by its index is
 * removed only if it still has the value that was found there.
 */
export function removal(live: JsonObject, extras: readonly FieldChange[]): PatchOperation[] {
  const found = extras.flatMap(extra => {
    const pointer = locate(live, extra.path);
    return pointer === undefined || !isStill(live, pointer, extra) ? [] : [pointer];
  });
  const outermost = found.filter(
    (pointer, index) =>
      !found.some(
        (other, at) =>
          at !== index &&
          overlaps(other, pointer) &&
          (other.length < pointer.length || (other.length === pointer.length && at < index)),
      ),
  );
  if (outermost.length === 0) return [];
  const version = objectAt(live, 'metadata')['resourceVersion'] ?? '';
  return [
    { op: 'replace', path: '/metadata/resourceVersion', value: version },
    ...outermost.sort(lastFirst).map(pointer => ({ op: 'remove' as const, path: pointerText(pointer) })),
  ];
}

function isStill(live: JsonObject, pointer: Pointer, extra: FieldChange): boolean {
  const byIndex = pathOf(extra.path).some(
    (part, at) => typeof pointer[at] === 'number' && /^\d+$/.test(part),
  );
  if (!byIndex) return true;
  return extra.redacted !== true && sameJson(valueAt(live, pointer), extra.live as Json | undefined);
}

/** Items of one list from the end, so that no removal moves what another one means. */
function lastFirst(one: Pointer, other: Pointer): number {
  for (let index = 0; index < Math.min(one.length, other.length); index += 1) {
    const [a, b] = [one[index], other[index]];
    if (a === b) continue;
    if (typeof a === 'number' && typeof b === 'number') return b - a;
    return String(a) < String(b) ? -1 : 1;
  }
  return other.length - one.length;
}
