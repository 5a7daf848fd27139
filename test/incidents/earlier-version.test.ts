import { describe, expect, it } from 'vitest';
import { freezeSchema } from '../../src/converge/freeze/freeze.ts';
import { isFinal, parseSync, phaseOf } from '../../src/converge/sync.ts';
import { DriftReportStore } from '../../src/incidents/store.ts';

/**
 * What an earlier version stored, and what a later one will have stored when we are rolled back to: fields that we do not know are
 * passed over, those that came later are done without, and what cannot be read hides nothing else.
 */
const incident = {
  key: 'drift/shop/apps/v1/Deployment/shop/cart',
  id: 'i1',
  state: 'open',
  subject: {
    kind: 'drift',
    unit: 'shop',
    finding: {
      unit: 'shop',
      type: 'changed',
      resource: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'cart' },
    },
  },
  openedAt: '2026-08-03T14:00:11.000Z',
  updatedAt: '2026-08-03T14:00:11.000Z',
  flaps: 0,
  notes: [],
  seq: 0,
  told: { console: { hash: 'h', state: 'open', flaps: 0, seq: 0, place: {} } },
};

const report = (status: object, spec: object = { unit: 'shop' }) => ({
  apiVersion: 'holdfast.dev/v1alpha1',
  kind: 'DriftReport',
  metadata: { name: 'shop', namespace: 'holdfast' },
  spec,
  status,
});

async function load(...items: object[]) {
  const unreadable: string[] = [];
  const body = { metadata: {}, items };
  const store = new DriftReportStore(
    { request: async () => ({ status: 200, headers: {}, body }) },
    { namespace: 'holdfast', onUnreadable: what => unreadable.push(what) },
  );
  return { reports: await store.load(), unreadable };
}

describe('a report of another version', () => {
  it.each([
    ['without what came later', incident],
    [
      'with what is not known yet',
      { ...incident, weather: 'fair', subject: { ...incident.subject, mood: 1 } },
    ],
  ])('keeps its incidents, %s', async (_what, stored) => {
    const { reports, unreadable } = await load(
      report({ driver: 'kubernetes', verdict: 'drifted', incidents: [stored] }),
    );

    expect(unreadable).toEqual([]);
    expect(reports[0]?.incidents.map(({ key, told }) => [key, Object.keys(told)])).toEqual([
      [incident.key, ['console']],
    ]);
  });

  it('hides nothing else by an incident of a kind that is not known', async () => {
    const strange = { ...incident, key: 'omen/1', subject: { kind: 'omen' } };
    const { reports, unreadable } = await load(report({ incidents: [strange, incident] }));

    expect(reports[0]?.incidents.map(({ key }) => key)).toEqual([incident.key]);
    expect(unreadable).toHaveLength(1);
  });

  it('may have no status, no spec, or no counts at all', async () => {
    const { reports, unreadable } = await load({ ...report({}), status: undefined, spec: undefined });

    expect([reports.length, reports[0]?.incidents, unreadable]).toEqual([1, [], []]);
  });
});

describe('a Sync of another version', () => {
  const sync = (status: object) => ({
    metadata: {
      name: 's',
      namespace: 'holdfast',
      uid: 'u',
      resourceVersion: '1',
      creationTimestamp: '2026-08-03T14:00:11Z',
    },
    spec: { unit: 'shop', revision: 'a'.repeat(40), reason: 'merge' },
    status,
  });

  it.each([
    ['that ended stays ended, whatever else its record says', { phase: 'Succeeded', plan: 'in words' }, true],
    ['that did not end is taken up again', { phase: 'Applying', results: 'many' }, false],
    ['in a phase that is not known is taken up again', { phase: 'Pondering' }, false],
  ])('%s', (_what, status, final) => {
    const parsed = parseSync(sync(status));
    expect(parsed && isFinal(phaseOf(parsed))).toBe(final);
  });
});

describe('a Freeze of another version', () => {
  it('holds all the same', () => {
    const metadata = {
      name: 'f',
      namespace: 'holdfast',
      resourceVersion: '1',
      creationTimestamp: '2026-08-03T14:00:11Z',
    };
    const spec = { reason: 'a release', by: 'u', colour: 'blue' };
    expect(freezeSchema.safeParse({ metadata, spec }).success).toBe(true);
  });
});
