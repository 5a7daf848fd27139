import type { Incident } from './incident.ts';
import type { LifeRules } from './life.ts';

/** An incident that was opened again, as one that comes and goes where that was once too often. */
export function flapped(incident: Incident, now: string, rules: LifeRules): Incident {
  if (incident.flapping !== undefined || incident.flaps < rules.flapsFrom) return incident;
  return { ...incident, flapping: window(incident, now, now, rules) };
}

/**
 * What becomes of an incident whose window is over: it goes on with another window where it came or went in this one, and
 * is as any other where it did not. Undefined while the window lasts.
 */
export function flapEnded(
  incident: Incident,
  now: string,
  rules: LifeRules,
): { what: 'goes on' | 'settled'; incident: Incident } | undefined {
  const { flapping, ...rest } = incident;
  if (flapping === undefined || flapping.until > now) return undefined;
  if (markOf(incident) === flapping.mark) return { what: 'settled', incident: rest };
  return { what: 'goes on', incident: { ...rest, flapping: window(incident, flapping.since, now, rules) } };
}

function window(
  incident: Incident,
  since: string,
  now: string,
  rules: LifeRules,
): NonNullable<Incident['flapping']> {
  const until = new Date(Date.parse(now) + rules.flapWindowMs).toISOString();
  // The note that tells of the window is the next one.
  return { since, until, window: until, mark: markOf(incident), seq: incident.seq + 1 };
}

/** Differs as soon as it was opened or resolved. */
function markOf({ flaps, state }: Incident): string {
  return `${flaps} ${state === 'resolved' ? 'resolved' : 'live'}`;
}
