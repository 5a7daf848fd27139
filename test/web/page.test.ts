import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/failure/failure.ts';
import type { Access } from '../../src/web/access/access.ts';
import { pageApp } from '../../src/web/page/app.ts';
import { apiDescription } from '../../src/web/page/openapi.ts';
import { openOverTime } from '../../src/web/page/plot.ts';
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
