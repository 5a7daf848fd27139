import type { Signal } from './advance.ts';

/**
 * What is so now, with one more signal: in their order, and of each unit, source and branch only the newest, so that it never
 * is more than there is. What people did is no state of the world: it is kept with the incident.
 */
export function kept(newest: readonly Signal[], signal: Signal): Signal[] {
  const about = aboutOf(signal);
  if (about === undefined) return [...newest];
  return [...newest.filter(one => aboutOf(one) !== about), signal];
}

/** Signals about the same take each other's place. */
function aboutOf(signal: Signal): string | undefined {
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
    case 'units':
      return signal.kind;
    case 'acted':
    case 'noted':
    case 'passed':
      return undefined;
  }
}
