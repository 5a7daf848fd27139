import type { Signal } from './advance.ts';

/**
 * Signals that wait until the earlier incidents are loaded, with one more: in their order, and of each unit, source and branch
 * only the newest, so that a long wait keeps no more than there is.
 */
export function kept(early: readonly Signal[], signal: Signal): Signal[] {
  const about = aboutOf(signal);
  return [...early.filter(one => aboutOf(one) !== about), signal];
}

/** Signals about the same take each other's place. */
function aboutOf(signal: Signal): string {
  switch (signal.kind) {
    case 'compared':
      return `unit ${signal.comparison.unit}`;
    case 'blinded':
      return `source ${signal.blindness.origin}`;
    case 'sees':
      return `source ${signal.origin}`;
    case 'refused':
      return `branch ${signal.refusal.branch}`;
    case 'healed':
      return `branch ${signal.branch}`;
    case 'acted':
      return `act on ${signal.key}`;
    case 'noted':
      return `note ${signal.note.id ?? ''} of ${signal.key}`;
    case 'units':
    case 'passed':
      return signal.kind;
  }
}
