import type { Incident, Subject, Transition } from '../../src/incidents/incident.ts';
import type { Tell, Telling } from '../../src/incidents/outlet.ts';
import { finding, revision } from '../report/sample.ts';

export const telling: Telling = {
  environment: 'prod',
  repository: 'shop/infra',
  branch: 'main',
  revision,
  link: (at, file, line) => `https://git.example.com/shop/infra/src/commit/${at}/${file}#L${line}`,
  next: 'nothing until a sync is asked for',
  severity: 'warning',
};

/** How an outlet is asked to tell something for the first time. */
export function tell(one: Transition, partial: Partial<Tell> = {}): Tell {
  return { transition: one, telling, lane: 'test', place: {}, doubtful: false, ...partial };
}

export const driftSubject: Subject = { kind: 'drift', unit: 'shop', finding: finding() };
export const digestSubject: Subject = {
  kind: 'digest',
  unit: 'shop',
  total: 5_000,
  counts: { changed: 4_990, missing: 10 },
  worst: [finding()],
  members: [],
};
export const refusedSubject: Subject = {
  kind: 'refused',
  branch: 'main',
  revision: 'd'.repeat(40),
  authorized: revision,
  reasons: ['no merged pull request explains ddddddd'],
  changes: ['deletes manifests/shop/cart.yaml'],
};
export const blindSubject: Subject = {
  kind: 'blind',
  origin: 'cluster',
  code: 'HF1301',
  message: 'HF1301 cannot reach the API server',
  units: ['base', 'shop'],
};

export function incident(subject: Subject, partial: Partial<Incident> = {}): Incident {
  return {
    key: `${subject.kind}/x`,
    id: 'f00d',
    state: 'open',
    subject,
    openedAt: '2026-08-03T14:02:11.500Z',
    updatedAt: '2026-08-03T14:02:11.500Z',
    flaps: 0,
    notes: [],
    seq: 0,
    told: {},
    ...partial,
  };
}

export function transition(
  subject: Subject,
  what: Transition['what'] = 'opened',
  partial: Partial<Incident> = {},
): Transition {
  const over: Partial<Incident> =
    what === 'resolved'
      ? { state: 'resolved', resolvedAt: '2026-08-03T14:05:16.500Z', updatedAt: '2026-08-03T14:05:16.500Z' }
      : {};
  return { what, incident: incident(subject, { ...over, ...partial }) };
}
