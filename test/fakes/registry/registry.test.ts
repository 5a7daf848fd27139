import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chartTypes, FakeRegistry } from './registry.ts';
import { digestOf } from './store.ts';

let registry: FakeRegistry;
beforeEach(async () => {
  registry = await FakeRegistry.start();
});
afterEach(() => registry.close());

const chart = Buffer.from('a packaged chart');
const call = (method: string, path: string, init: RequestInit = {}) =>
  fetch(path.startsWith('/') ? `http://${registry.address}${path}` : path, { method, ...init });
const codeOf = async (response: Response) => {
  const { errors } = (await response.json()) as { errors: { code: string }[] };
  return `${response.status} ${errors[0]?.code}`;
};

it('says that it speaks version 2', async () => {
  expect((await call('GET', '/v2/')).status).toBe(200);
});

it('gives a chart by tag and by digest, and names the digest', async () => {
  const digest = registry.put('charts/web', '1.2.3', chart);
  const byTag = await call('GET', '/v2/charts/web/manifests/1.2.3');
  expect(byTag.headers.get('content-type')).toBe(chartTypes.manifest);
  const own = byTag.headers.get('docker-content-digest') ?? '';
  const text = await byTag.text();
  expect(own).toBe(digestOf(Buffer.from(text)));
  expect(await (await call('GET', `/v2/charts/web/manifests/${own}`)).text()).toBe(text);
  expect((JSON.parse(text) as { layers: unknown[] }).layers).toEqual([
    { mediaType: chartTypes.chart, digest, size: chart.length },
  ]);
  expect(await (await call('GET', `/v2/charts/web/blobs/${digest}`)).text()).toBe(chart.toString());
  const head = await call('HEAD', `/v2/charts/web/blobs/${digest}`);
  expect(head.headers.get('content-length')).toBe(String(chart.length));
  expect(await (await call('GET', '/v2/charts/web/tags/list')).json()).toEqual({
    name: 'charts/web',
    tags: ['1.2.3'],
  });
});

describe('pushing', () => {
  const location = async () =>
    (await call('POST', '/v2/charts/web/blobs/uploads/')).headers.get('location') ?? '';

  it('takes a blob whole or in parts, and keeps it under its digest', async () => {
    const digest = digestOf(chart);
    const whole = await call('PUT', `${await location()}?digest=${digest}`, { body: chart });
    expect(whole.status).toBe(201);
    const second = await location();
    await call('PATCH', second, { body: chart.subarray(0, 5) });
    const rest = await call('PUT', `${second}?digest=${digest}`, { body: chart.subarray(5) });
    expect(rest.status).toBe(201);
    expect(registry.store.blob('charts/web', digest)).toEqual(chart);
  });

  const manifest = (digest: string) =>
    JSON.stringify({
      schemaVersion: 2,
      mediaType: chartTypes.manifest,
      config: { digest },
      layers: [{ digest }],
    });
  const put = (reference: string, body: string) =>
    call('PUT', `/v2/charts/web/manifests/${reference}`, {
      body,
      headers: { 'content-type': chartTypes.manifest },
    });

  it('moves a tag', async () => {
    const first = registry.put('charts/web', '1.0.0', chart);
    registry.put('charts/web', '1.0.0', Buffer.from('another'));
    expect(registry.store.manifest('charts/web', '1.0.0').bytes.toString()).not.toContain(first);
  });

  it.each<[string, () => Promise<Response>, string]>([
    [
      'a blob with another digest',
      async () => call('PUT', `${await location()}?digest=sha256:${'0'.repeat(64)}`, { body: chart }),
      '400 DIGEST_INVALID',
    ],
    [
      'an upload that was not begun',
      () => call('PUT', '/v2/charts/web/blobs/uploads/x?digest=y', { body: chart }),
      '404 BLOB_UPLOAD_UNKNOWN',
    ],
    [
      'a manifest before its blobs',
      () => put('1.0.0', manifest(digestOf(chart))),
      '404 MANIFEST_BLOB_UNKNOWN',
    ],
    ['a manifest that is none', () => put('1.0.0', '{}'), '400 MANIFEST_INVALID'],
    ['a tag that is none', () => put('-', manifest(digestOf(chart))), '400 MANIFEST_INVALID'],
  ])('refuses %s', async (_, ask, code) => {
    expect(await codeOf(await ask())).toBe(code);
  });
});

it.each([
  ['GET', '/v2/charts/web/manifests/9.9.9', '404 MANIFEST_UNKNOWN'],
  ['GET', `/v2/charts/web/blobs/sha256:${'0'.repeat(64)}`, '404 BLOB_UNKNOWN'],
  ['GET', '/v2/charts/none/manifests/1.0.0', '404 NAME_UNKNOWN'],
  ['GET', '/v2/Charts/manifests/1.0.0', '400 NAME_INVALID'],
  ['DELETE', '/v2/charts/web/manifests/1.0.0', '405 UNSUPPORTED'],
])('%s %s is answered with %s', async (method, path, code) => {
  registry.put('charts/web', '1.0.0', chart);
  expect(await codeOf(await call(method, path))).toBe(code);
});

describe('with credentials', () => {
  const basic = { authorization: `Basic ${Buffer.from('ann:hush').toString('base64')}` };

  it('basic: refuses who has none', async () => {
    await registry.close();
    registry = await FakeRegistry.start({ user: 'ann', password: 'hush', scheme: 'basic' });
    registry.put('web', '1.0.0', chart);
    const refused = await call('GET', '/v2/web/manifests/1.0.0');
    expect(refused.headers.get('www-authenticate')).toBe('Basic realm="fake"');
    expect(await codeOf(refused)).toBe('401 UNAUTHORIZED');
    expect((await call('GET', '/v2/web/manifests/1.0.0', { headers: basic })).status).toBe(200);
  });

  it('bearer: sends to where a token is had, and takes only that', async () => {
    await registry.close();
    registry = await FakeRegistry.start({ user: 'ann', password: 'hush', scheme: 'bearer' });
    registry.put('web', '1.0.0', chart);
    const refused = await call('GET', '/v2/web/manifests/1.0.0', { headers: basic });
    expect(refused.headers.get('www-authenticate')).toMatch(
      /^Bearer realm="http:\/\/127\.0\.0\.1:\d+\/token",service="fake",scope="repository:web:pull,push"$/,
    );
    expect((await call('GET', '/token')).status).toBe(401);
    const { token } = (await (await call('GET', '/token', { headers: basic })).json()) as { token: string };
    const headers = { authorization: `Bearer ${token}` };
    expect((await call('GET', '/v2/web/manifests/1.0.0', { headers })).status).toBe(200);
  });
});

it('in trouble it answers everything so', async () => {
  registry.trouble = { status: 503, body: 'busy' };
  const answer = await call('GET', '/v2/');
  expect([answer.status, await answer.text()]).toEqual([503, 'busy']);
});

it('what was spoiled no longer has its digest', () => {
  const digest = registry.put('web', '1.0.0', chart);
  registry.store.spoil('web', digest);
  expect(digestOf(registry.store.blob('web', digest))).not.toBe(digest);
});
