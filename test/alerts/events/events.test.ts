import { describe, expect, it } from 'vitest';
import { type EventsOptions, EventsOutlet } from '../../../src/alerts/events/events.ts';
import { table } from '../../../src/cluster/discovery.ts';
import { ApiFailure } from '../../../src/cluster/failures.ts';
import type { Subject, Transition } from '../../../src/incidents/incident.ts';
import type { JsonObject } from '../../../src/json/json.ts';
import { finding } from '../../report/sample.ts';
import { blindSubject, digestSubject, driftSubject, incident, tell, transition } from '../sample.ts';

const kinds = table([
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    group: 'apps',
    version: 'v1',
    plural: 'deployments',
    namespaced: true,
    verbs: [],
  },
]);

function refusal(status: number): ApiFailure {
  return new ApiFailure('HF1303', `answered ${status}`, { status, reason: '', causes: [] });
}

function setUp(refused: { get?: number; create?: number } = {}) {
  const created: JsonObject[] = [];
  const cluster: EventsOptions['cluster'] = {
    kinds: async () => kinds,
    get: async () => {
      if (refused.get !== undefined) throw refusal(refused.get);
      return { metadata: { name: 'cart', uid: 'the-uid' } };
    },
    create: async (_target, object) => {
      if (refused.create !== undefined) throw refusal(refused.create);
      created.push(object);
      return object;
    },
  };
  const outlet = new EventsOutlet({ cluster, holder: 'holdfast-0' });
  const told = (subject: Subject, what?: Transition['what']) => outlet.tell(tell(transition(subject, what)));
  return { outlet, created, told };
}

describe('an Event', () => {
  it('is left on the object that drifted, for kubectl describe', async () => {
    const { created, told } = setUp();
    await told(driftSubject);

    expect(created).toMatchObject([
      {
        apiVersion: 'events.k8s.io/v1',
        kind: 'Event',
        metadata: { namespace: 'shop' },
        eventTime: '2026-08-03T14:02:11.500000Z',
        type: 'Warning',
        reason: 'Drifted',
        note: expect.stringContaining('is not as declared'),
        regarding: { kind: 'Deployment', namespace: 'shop', name: 'cart', uid: 'the-uid' },
      },
    ]);
  });

  it('says when it is over', async () => {
    const { created, told } = setUp();
    await told(driftSubject, 'resolved');

    expect(created).toMatchObject([{ type: 'Normal', reason: 'AsDeclared' }]);
  });

  it('has the same name for each try, and another for what comes after', async () => {
    const { created, told } = setUp();
    await told(driftSubject);
    await told(driftSubject);
    await told(driftSubject, 'resolved');

    const names = created.map(({ metadata }) => (metadata as { name: string }).name);
    expect(new Set(names).size).toBe(2);
  });

  it.each<[string, Subject]>([
    ['a digest', digestSubject],
    ['a source', blindSubject],
    [
      'a file',
      { kind: 'drift', unit: 'shop', finding: finding({ resource: { type: 'File', name: 'a.yaml' } }) },
    ],
  ])('is not for %s', (_, subject) => {
    expect(setUp().outlet.lanes(incident(subject))).toEqual([]);
  });

  it.each([
    ['the object is gone', { get: 404 }],
    ['the object may not be read', { get: 403 }],
    ['events may not be made', { create: 403 }],
    ['it was made before', { create: 409 }],
  ])('is nobody’s trouble where %s', async (_, refused) => {
    await expect(setUp(refused).told(driftSubject)).resolves.toEqual({});
  });

  it('is tried again where the server fails', async () => {
    await expect(setUp({ create: 500 }).told(driftSubject)).rejects.toMatchObject({
      code: 'HF1704',
      scope: 'message',
    });
  });

  it('is short enough for the server, whatever the names', async () => {
    const { created, told } = setUp();
    const resource = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      namespace: 'shop',
      name: '魚'.repeat(9_000),
    };
    await told({ kind: 'drift', unit: 'shop', finding: finding({ resource }) });

    expect(Buffer.byteLength(String(created[0]?.['note']))).toBeLessThanOrEqual(1_024);
  });
});
