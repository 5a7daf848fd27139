import { createHash } from 'node:crypto';
import type { Subject } from './incident.ts';

/** What a snooze given now covers: the fields that differ by then, or the story as such where there are none. */
export function covered(subject: Subject): string[] {
  return fieldsOf(subject).map(field => createHash('sha256').update(field).digest('hex').slice(0, 8));
}

/** Whether a snooze still holds: no field differs that did not when it was given. Another value of the same field may. */
export function coversAll(covers: readonly string[], subject: Subject): boolean {
  const known = new Set(covers);
  return covered(subject).every(field => known.has(field));
}

function fieldsOf(subject: Subject): string[] {
  switch (subject.kind) {
    case 'drift': {
      const { type, changes = [] } = subject.finding;
      return [type, ...changes.map(({ path, op }) => `${op} ${path}`)];
    }
    case 'digest':
      return Object.keys(subject.counts);
    case 'refused':
      return [subject.revision];
    case 'blind':
      return [subject.code];
  }
}
