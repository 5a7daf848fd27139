import { describe, expect, it } from 'vitest';
import type { ApiRequest, ApiResponse } from '../../src/cluster/connection.ts';
import { reportName, type StoredReport, type UnitState } from '../../src/incidents/drift-report.ts';
import { fittingStatus } from '../../src/incidents/fitting.ts';
import type { Incident } from '../../src/incidents/incident.ts';
import { defaultRules } from '../../src/incidents/life.ts';
import { DriftReportStore } from '../../src/incidents/store.ts';
import { toldHash } from '../../src/incidents/story.ts';
import { compared, drift, Life } from './sample.ts';

function incidentsOf(names: string[]): Incident[] {
  const life = new Life({ ...defaultRules, forgetAfterMs: 1e9, digestAbove: 1e9 });
  life.at(0, compared(names.map(name => drift(name))));
  return [...life.incidents.values()];
}

function stored(partial: Partial<StoredReport> = {}, state: Partial<UnitState> = {}): StoredReport {
  return {
    name: 'shop',
    unit: 'shop',
    incidents: incidentsOf(['cart']),
    state: {
      driver: 'kubernetes',
      verdict: 'drifted',
      revision: 'a'.repeat(40),
      comparedAt: '2026-08-03T14:00:00.000Z',
      declared: 10,
      inSync: 9,
      findingCount: 1,
      findings: [drift('cart')],
      ...state,
    },
    ...partial,
  };
}

/** Answers like an API server that has one report, or as it is told. */
function setUp(answer: (request: ApiRequest) => Partial<ApiResponse> = () => ({})) {
  const requests: ApiRequest[] = [];
  const unreadable: string[] = [];
  const request = async (one: ApiRequest): Promise<ApiResponse> => {
    requests.push(one);
    return { status: 200, headers: {}, body: {}, ...answer(one) };
  };
  const store = new DriftReportStore(
    { request },
    { namespace: 'ops', onUnreadable: what => unreadable.push(what) },
  );
  return { store, requests, unreadable };
}

const list = (...items: unknown[]) => ({ body: { metadata: {}, items } });

describe('the store', () => {
  it('writes the status of a report, and nothing when nothing changed', async () => {
    const { store, requests } = setUp();

    await store.save(stored());
    await store.save(stored({}, { comparedAt: '2026-08-03T14:01:00.000Z' }));

    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({
      method: 'PATCH',
      path: '/apis/holdfast.dev/v1alpha1/namespaces/ops/driftreports/shop/status',
      contentType: 'application/merge-patch+json',
    });
  });

  it.each([
    ['the verdict', stored({}, { verdict: 'unknown' })],
    [
      'what was told',
      stored({
        incidents: incidentsOf(['cart']).map(one => ({
          ...one,
          told: { slack: { hash: 'x', state: 'open', flaps: 0, seq: 0, place: {} } },
        })),
      }),
    ],
    [
      'the time of comparison, by more than five minutes',
      stored({}, { comparedAt: '2026-08-03T14:06:00.000Z' }),
    ],
  ])('writes again when %s changed', async (_, changed) => {
    const { store, requests } = setUp();
    await store.save(stored());

    await store.save(changed);

    expect(requests).toHaveLength(2);
  });

  it('makes the report when there is none', async () => {
    const statuses = [404, 201, 200];
    const { store, requests } = setUp(() => ({ status: statuses.shift() ?? 200 }));

    await store.save(stored());

    expect(requests.map(request => request.method)).toEqual(['PATCH', 'POST', 'PATCH']);
    expect(requests[1]?.body).toMatchObject({
      kind: 'DriftReport',
      metadata: { name: 'shop' },
      spec: { unit: 'shop' },
    });
  });

  it.each([
    ['without CRD', { status: 404, body: '404 page not found' }, 'HF1309'],
    [
      'without namespace',
      { status: 404, body: { message: 'namespaces "ops" not found', details: { kind: 'namespaces' } } },
      'HF1001',
    ],
    ['without the right', { status: 403, body: { message: 'forbidden' } }, 'HF1303'],
    ['with an overloaded server', { status: 429 }, 'HF1308'],
    ['with a failing server', { status: 500 }, 'HF1308'],
    ['with a status that is refused', { status: 422 }, 'HF1306'],
  ])('fails with its code %s', async (_, answer, code) => {
    await expect(setUp(() => answer).store.save(stored())).rejects.toMatchObject({ code });
  });

  it('writes again what failed', async () => {
    let status = 500;
    const { store, requests } = setUp(() => ({ status }));
    await store.save(stored()).catch(() => undefined);
    status = 200;

    await store.save(stored());

    expect(requests).toHaveLength(2);
  });

  it('loads what was saved, page by page', async () => {
    const pages = [
      { metadata: { continue: 'more' }, items: [item(stored())] },
      { metadata: {}, items: [item(stored({ name: 'base', unit: 'base', incidents: [] }))] },
    ];
    const { store, requests } = setUp(() => ({ body: pages.shift() }));

    const loaded = await store.load();

    expect(loaded.map(report => report.name)).toEqual(['shop', 'base']);
    expect(loaded[0]?.incidents.map(toldHash)).toEqual(stored().incidents.map(toldHash));
    expect(loaded[0]?.state).toEqual(stored().state);
    expect(requests[1]?.query).toMatchObject({ continue: 'more' });
  });

  it('leaves out an entry that cannot be read, says so, and keeps the others', async () => {
    const good = item(stored());
    const [incident] = good.status['incidents'] as Incident[];
    const bad = {
      ...good,
      status: { ...good.status, incidents: [{ ...incident, state: 'gone' }, incident, 7] },
    };
    const { store, unreadable } = setUp(() => list(bad, { metadata: {} }));

    const loaded = await store.load();

    expect(loaded[0]?.incidents).toHaveLength(1);
    expect(unreadable).toHaveLength(3);
  });

  it('takes a report that is gone already as removed', async () => {
    await expect(setUp(() => ({ status: 404 })).store.remove('shop')).resolves.toBeUndefined();
  });
});

describe('what is stored', () => {
  it('is bounded, with exact counts, and what goes on comes before what is over', () => {
    const findings = [...Array(5_000).keys()].map(index => drift(`d${index}`, 'x'.repeat(100_000)));
    const open = incidentsOf([...Array(200).keys()].map(index => `o${index}`));
    const over = incidentsOf([...Array(5_000).keys()].map(index => `r${index}`)).map(
      (one): Incident => ({ ...one, state: 'resolved', resolvedAt: one.updatedAt }),
    );

    const status = fittingStatus(
      stored({ incidents: [...over, ...open] }, { findings, findingCount: 5_000 }),
    );

    expect(Buffer.byteLength(JSON.stringify(status))).toBeLessThan(920_000);
    expect(status['findingCount']).toBe(5_000);
    expect(status['findings']).toHaveLength(200);
    const kept = status['incidents'] as Incident[];
    expect(kept.filter(one => one.state === 'open')).toHaveLength(200);
    expect(kept.length).toBeGreaterThan(200);
  });
});

describe('the name of a report', () => {
  it.each(['shop', 'a', 'shop-2'])('is the name of the unit %s', unit => {
    expect(reportName(unit)).toBe(unit);
  });

  it.each(['Shop', 'a/b', '../x', '-', 'ünit', 'x'.repeat(300)])('is a valid name for the unit %j', unit => {
    expect(reportName(unit)).toMatch(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
    expect(reportName(unit)).not.toBe(reportName(`${unit} `));
  });
});

function item(report: StoredReport) {
  const spec = report.unit === undefined ? {} : { unit: report.unit };
  // A merge patch takes null as "there is none".
  const status = Object.entries(fittingStatus(report)).filter(([, value]) => value !== null);
  return { metadata: { name: report.name }, spec, status: Object.fromEntries(status) };
}
