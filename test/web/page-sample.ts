import type { Sync } from '../../src/converge/sync.ts';
import type { StoredReport } from '../../src/incidents/drift-report.ts';
import type { Incident } from '../../src/incidents/incident.ts';
import { PageReader, type PageSource } from '../../src/web/page/state.ts';
import { finding } from '../report/sample.ts';

export const now = '2026-08-03T15:00:00.000Z';
export const sha = 'c'.repeat(40);

export function incident(partial: Partial<Incident> = {}): Incident {
  return {
    key: 'drift/shop/apps~1v1/Deployment/shop/cart',
    id: 'i1',
    state: 'open',
    subject: { kind: 'drift', unit: 'shop', finding: finding() },
    openedAt: '2026-08-03T14:02:11.000Z',
    updatedAt: '2026-08-03T14:02:11.000Z',
    flaps: 0,
    notes: [],
    seq: 0,
    told: { 'slack/C0SECRETPLACE': { hash: 'h', state: 'open', flaps: 0, seq: 0, place: { ts: '1.2' } } },
    ...partial,
  };
}

export function sync(partial: Partial<Sync> = {}): Sync {
  return {
    metadata: {
      name: 'shop-cccccccc-x1',
      namespace: 'holdfast',
      uid: 'u',
      resourceVersion: '1',
      creationTimestamp: '2026-08-03T14:30:00Z',
    },
    spec: { unit: 'shop', revision: sha, reason: 'merge' },
    status: {
      phase: 'Succeeded',
      message: '1 applied, all as declared',
      authorization: {
        verdict: 'authorized',
        pulls: [
          {
            number: 7,
            url: 'https://git.example.com/7',
            title: 'Raise the limit',
            author: 'alice',
            approvers: ['bob'],
            mergeCommit: sha,
          },
        ],
        digest: 'sha256:abc',
      },
      plan: {
        digest: 'sha256:def',
        creates: 0,
        changes: 1,
        recreates: 0,
        prunes: 0,
        actions: [
          {
            action: 'change',
            resource: { kind: 'Deployment', namespace: 'shop', name: 'cart' },
            paths: ['/spec/replicas'],
          },
        ],
      },
      results: [
        {
          resource: { kind: 'Deployment', namespace: 'shop', name: 'cart' },
          action: 'change',
          result: 'applied',
        },
      ],
    },
    ...partial,
  };
}

export function report(partial: Partial<StoredReport> = {}): StoredReport {
  return {
    name: 'shop',
    unit: 'shop',
    state: {
      driver: 'kubernetes',
      verdict: 'drifted',
      revision: sha,
      comparedAt: '2026-08-03T14:59:50.000Z',
      declared: 10,
      inSync: 9,
      findingCount: 1,
      findings: [],
    },
    incidents: [incident()],
    ...partial,
  };
}

/** A reader over what a test holds, which may change. */
export function readerOf(
  held: { reports: StoredReport[]; syncs: Sync[] },
  partial: Partial<PageSource> = {},
) {
  return new PageReader(
    {
      branch: 'main',
      environment: 'prod',
      reports: async () => held.reports,
      syncs: async () => held.syncs,
      holds: async () => [],
      windows: () => [],
      now: () => new Date(now),
      ...partial,
    },
    0,
  );
}
