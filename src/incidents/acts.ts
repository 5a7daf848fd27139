import type { Incident, Transition, Who } from './incident.ts';
import { covered } from './snooze.ts';

/** What a person does with an incident that goes on. `until` is RFC 3339. */
export type Act =
  | { what: 'acknowledge'; who: Who }
  | { what: 'snooze'; who: Who; until: string }
  | { what: 'unsnooze'; who: Who };

/** The incident after an act and what is told of it; undefined where the act changes nothing. */
export function act(
  incident: Incident,
  done: Act,
  now: string,
):
  | { what: Extract<Transition['what'], 'acknowledged' | 'snoozed' | 'woken'>; incident: Incident }
  | undefined {
  const { snoozed, ...rest } = heard(incident);
  switch (done.what) {
    case 'acknowledge': {
      if (incident.state === 'acknowledged') return undefined;
      const acknowledged = { by: done.who, at: now };
      return {
        what: 'acknowledged',
        incident: { ...rest, state: 'acknowledged', acknowledged, updatedAt: now },
      };
    }
    case 'snooze': {
      if (done.until <= now) return undefined;
      const { until, who } = done;
      if (incident.state === 'snoozed' && incident.snoozed?.until === until) return undefined;
      const next = { by: who, at: now, until, covers: covered(incident.subject) };
      return { what: 'snoozed', incident: { ...rest, state: 'snoozed', snoozed: next, updatedAt: now } };
    }
    case 'unsnooze':
      if (incident.state !== 'snoozed') return undefined;
      return { what: 'woken', incident: awake(rest, now) };
  }
}

/** The incident when a snooze ends: nobody looks after it any more, whoever did before. */
export function awake(incident: Incident, now: string): Incident {
  const { snoozed: _, acknowledged: __, ...rest } = incident;
  return { ...rest, state: 'open', updatedAt: now };
}

/** What a person did is told at once, also where the incident comes and goes. */
function heard(incident: Incident): Incident {
  const { flapping } = incident;
  if (flapping === undefined) return incident;
  return { ...incident, flapping: { ...flapping, window: `${flapping.window}+`, seq: incident.seq + 1 } };
}
