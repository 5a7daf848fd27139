import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/failure/failure.ts';
import { resourceKey } from '../../src/findings/finding.ts';
import type { Access } from '../../src/web/access/access.ts';
import { pageApp } from '../../src/web/page/app.ts';
import { apiDescription } from '../../src/web/page/openapi.ts';
import { openOverTime } from '../../src/web/page/plot.ts';
import { PageReader } from '../../src/web/page/state.ts';
import { finding } from '../report/sample.ts';
import { incident, now, readerOf, report, sync } from './page-sample.ts';

const all: Access = { admit: async () => ({ who: 'a test' }) };
const none: Access = { admit: async () => new Response('no\n', { status: 403 }) };
const held = () => ({ reports: [report()], syncs: [sync()] });
const app = (access = all) => pageApp({ reader: readerOf(held()), access, lookEveryMs: 5 });
const get = async (path: string, from = app()) => {
  const response = await from.request(path);
  return { status: response.status, headers: response.headers, text: await response.text() };
};

describe('the page of the daemon', () => {
  it('says the verdict first and shows units, what is open and syncs', async () => {
    const { status, text } = await get('/');
    expect(status).toBe(200);
    expect(text).toMatch(/<h1>prod: 1 drifted<\/h1>/);
    expect(text).toContain('9 of 10');
    expect(text).toContain('Deployment shop/cart is not as declared');
    expect(text).toContain('open for 57 min 49 s');
    expect(text).toContain('shop to cccccccccccc: Succeeded');
  });

  it.each([
    ['/units/shop', 'shop: drifted'],
    ['/syncs/shop-cccccccc-x1', '#7 Raise the limit by alice, approved by bob'],
    ['/syncs/shop-cccccccc-x1', 'Plan: 0 created, 1 changed'],
  ])('%s shows %s', async (path, words) => {
    const { status, text } = await get(path);
    expect(status).toBe(200);
    expect(text).toContain(words);
  });

  it.each(['/units/nobody', '/syncs/none', '/api/v1/syncs/none'])('%s is not found', async path => {
    expect((await get(path)).status).toBe(404);
  });

  it('does not say where people were told', async () => {
    for (const path of ['/', '/units/shop', '/api/v1/incidents']) {
      expect((await get(path)).text).not.toContain('C0SECRETPLACE');
    }
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('answers no %s', async method => {
    for (const path of ['/', '/units/shop', '/syncs/shop-cccccccc-x1', '/api/v1/units']) {
      expect((await app().request(path, { method })).status).toBe(404);
    }
  });

  it.each(['/', '/units/shop', '/syncs/x', '/events', '/api/v1/units', '/api/v1/openapi.json'])(
    'refuses %s to whom it is not for',
    async path => {
      const { status, text } = await get(path, app(none));
      expect({ status, text }).toEqual({ status: 403, text: 'no\n' });
    },
  );

  it('is cached nowhere, framed nowhere and loads nothing but itself', async () => {
    const { headers } = await get('/');
    expect(Object.fromEntries(headers)).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'content-security-policy': expect.stringMatching(/^default-src 'none'; .*connect-src 'self'/),
    });
  });

  it('shows hostile text and nothing else of it', async () => {
    const hostile = incident({
      subject: {
        kind: 'drift',
        unit: 'shop',
        finding: finding({ message: '<script>alert(1)</script>\u202e\u001b[2J' }),
      },
    });
    const from = pageApp({
      reader: readerOf({ reports: [report({ incidents: [hostile] })], syncs: [] }),
      access: all,
    });

    const { text } = await get('/', from);

    expect(text).not.toContain('<script>alert');
    expect(text).toContain('&#60;script&#62;alert(1)&#60;/script&#62;\\u202e\\e[2J');
  });

  it('says by a code that the cluster does not tell', async () => {
    const reader = readerOf(held(), {
      reports: async () => {
        throw new Failure('HF1301', 'secret details');
      },
    });
    const { status, text } = await get('/', pageApp({ reader, access: all }));
    expect(status).toBe(503);
    expect(text).toContain('HF1301');
    expect(text).not.toContain('secret details');
  });

  it('tells who follows when something changed, and only then', async () => {
    const mine = held();
    const from = pageApp({ reader: readerOf(mine), access: all, lookEveryMs: 5 });
    const response = await from.request('/events');
    const reader = response.body?.getReader();
    const next = async () => new TextDecoder().decode((await reader?.read())?.value);

    expect(await next()).toContain('event: alive');
    mine.syncs = [];
    let told = '';
    while (!told.includes('changed')) told = await next();
    await reader?.cancel();

    expect(told).toContain('event: changed');
  });

  it('lets no more follow than it can serve', async () => {
    const from = pageApp({ reader: readerOf(held()), access: all, mostFollowers: 0 });
    expect((await get('/events', from)).status).toBe(503);
  });
});

describe('what is there at the extremes', () => {
  const from = (reports: Parameters<typeof report>[0][], more: Parameters<typeof readerOf>[1] = {}) =>
    pageApp({
      reader: readerOf({ reports: reports.map(each => report(each)), syncs: [] }, more),
      access: all,
    });

  it('says that no unit was compared yet', async () => {
    const { text } = await get('/', from([]));
    expect(text).toContain('<h1>prod: no unit was compared yet</h1>');
    expect(text).toContain('The daemon has not compared a unit yet.');
  });

  it('says of a unit that could not be compared that it is unknown, and why', async () => {
    const blind = incident({
      key: 'blind/cluster',
      subject: {
        ...{ kind: 'blind', origin: 'cluster', code: 'HF1301', units: ['shop'] },
        message: 'HF1301 the API server does not answer',
      },
    });
    const state = report().state;
    if (state === undefined) throw new Error('no state');
    const { text } = await get('/', from([{ state: { ...state, verdict: 'unknown' }, incidents: [blind] }]));
    expect(text).toContain('<h1>prod: 1 unknown</h1>');
    expect(text).toContain('HF1301 the API server does not answer');
    expect(text).toContain('This says nothing about drift.');
  });

  it('holds a thousand incidents in groups, below a megabyte', async () => {
    const incidents = [...Array(1_000).keys()].map(index =>
      incident({ id: `i${index}`, key: `drift/shop/c${index}` }),
    );
    const { text } = await get('/', from([{ incidents }]));
    expect(text.match(/<article /g)).toHaveLength(1_000);
    expect(text.match(/<div class="group">/g)).toHaveLength(20);
    expect(text.length).toBeLessThan(1_000_000);
  });

  it('tells what is frozen, until when and by whom, and what is not known of it', async () => {
    const freeze = {
      metadata: { name: 'f1', namespace: 'h', resourceVersion: '1', creationTimestamp: now },
      spec: { reason: 'audit', by: 'bob', until: '2026-08-03T18:00:00.000Z', units: ['shop'] },
    };
    const { text } = await get('/', from([{}], { holds: async () => [freeze] }));
    expect(text).toContain('<b>Frozen until 2026-08-03T18:00:00.000Z</b> (shop): audit, by bob');
    expect(text).toContain('frozen until 2026-08-03T18:00:00.000Z</span>');
    const blind = await get('/', from([{}], { holds: async () => ({ unknown: 'HF1303 forbidden' }) }));
    expect(blind.text).toContain('is not known: HF1303 forbidden');
  });

  it('puts right in the last day only what was', async () => {
    const past = (resolvedAt: string) => incident({ state: 'resolved', resolvedAt });
    const { text } = await get(
      '/',
      from([{ incidents: [past('2026-08-03T14:10:00Z'), past('2026-08-01T14:10:00Z')] }]),
    );
    expect(text).toContain('Put right in the last day (1)');
  });
});

describe('the history of a resource', () => {
  const key = encodeURIComponent(resourceKey(finding().resource));

  it('tells when it differed, by whom, and which sync touched it, newest first', async () => {
    const { text } = await get(`/units/shop/resource?key=${key}`);
    expect(text).toContain('<h1>Deployment shop/cart</h1>');
    const [first, second] = [text.indexOf('change: applied'), text.indexOf('is not as declared')];
    expect(first).toBeGreaterThan(0);
    expect(second).toBeGreaterThan(first);
    expect(text).toContain('by kubectl-set');
    expect((await get('/')).text).toContain(`/units/shop/resource?key=${key}`);
  });

  it.each(['', 'v1/ConfigMap/shop/other'])('is not found of %j', async other => {
    expect((await get(`/units/shop/resource?key=${encodeURIComponent(other)}`)).status).toBe(404);
  });

  it('is shown to nobody who may not look', async () => {
    expect((await get(`/units/shop/resource?key=${key}`, app(none))).status).toBe(403);
  });
});

describe('who follows', () => {
  it('makes the hash of what is kept once, however many they are', async () => {
    let reads = 0;
    const reader = new PageReader(
      {
        branch: 'main',
        reports: async () => {
          reads += 1;
          return [report()];
        },
        syncs: async () => [],
        holds: async () => [],
        windows: () => [],
        now: () => new Date(now),
      },
      60_000,
    );
    const [one, other] = [reader.version(), reader.version()];
    expect(other).toBe(one);
    expect(await one).toMatch(/^[\w-]{22}$/);
    expect(reads).toBe(1);
  });
});

describe('/api/v1', () => {
  const ajv = addFormats.default(new Ajv2020({ strict: false }));
  const schemaOf = (path: keyof typeof apiDescription.paths) => ({
    ...apiDescription.paths[path].get.responses['200'].content['application/json'].schema,
    components: apiDescription.components,
  });

  it.each([
    ['/api/v1/units', '/api/v1/units'],
    ['/api/v1/incidents', '/api/v1/incidents'],
    ['/api/v1/incidents?state=all', '/api/v1/incidents'],
    ['/api/v1/syncs', '/api/v1/syncs'],
    ['/api/v1/syncs?unit=shop', '/api/v1/syncs'],
    ['/api/v1/syncs/shop-cccccccc-x1', '/api/v1/syncs/{name}'],
  ] as const)('%s answers as its description says', async (path, described) => {
    const { status, text } = await get(path);
    expect(status).toBe(200);
    const valid = ajv.compile(schemaOf(described));
    expect({ valid: valid(JSON.parse(text)), errors: valid.errors }).toEqual({ valid: true, errors: null });
  });

  it('describes every field: an answer with another one is not valid', () => {
    const valid = ajv.compile(schemaOf('/api/v1/units'));
    const unit = { name: 'shop', ...report().state };
    expect([valid({ units: [unit] }), valid({ units: [{ ...unit, secret: 1 }] })]).toEqual([true, false]);
  });

  it('gives the syncs of another unit to nobody who asks for one', async () => {
    expect(JSON.parse((await get('/api/v1/syncs?unit=other')).text)).toEqual({ syncs: [] });
  });
});

describe('the plot', () => {
  it('counts what was open at each moment', () => {
    const past = (openedAt: string, resolvedAt?: string) =>
      incident({ openedAt, ...(resolvedAt && { state: 'resolved' as const, resolvedAt }) });
    const points = openOverTime(
      [past('2026-08-03T05:00:00Z', '2026-08-03T07:00:00Z'), past('2026-08-03T14:00:00Z')],
      now,
      24,
    );
    expect(points.map(({ open }) => open).join('')).toBe('0000000000000011000000011');
  });
});
