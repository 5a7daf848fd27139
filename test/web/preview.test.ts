import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Failure } from '../../src/failure/failure.ts';
import { askDaemon } from '../../src/preview/daemon/ask.ts';
import { ciTokens } from '../../src/web/access/ci-token.ts';
import { claimRules } from '../../src/web/access/claims.ts';
import { previewRoute } from '../../src/web/preview.ts';
import { type Listening, serve } from '../../src/web/server.ts';
import { type FakeIssuer, startFakeIssuer } from '../fakes/oidc/issuer.ts';
import { configMap, previewed } from '../preview/sample.ts';

const [base, head] = ['a'.repeat(40), 'b'.repeat(40)];
const claims = { repository: 'acme/infra', sub: 'repo:acme/infra:pull_request' };
let issuer: FakeIssuer;
let daemon: Listening;
let fails: Failure | undefined;
const log: { who: string; code: string | undefined }[] = [];

beforeAll(async () => {
  issuer = await startFakeIssuer({ id: 'ci', secret: 'x' });
  const found = await previewed(
    { 'manifests/shop/a.yaml': configMap('a') },
    { 'manifests/shop/a.yaml': configMap('a', 'c') },
  );
  const app = previewRoute({
    service: {
      make: async () => {
        if (fails !== undefined) throw fails;
        return { ...found, live: { from: 'daemon' } };
      },
    },
    check: ciTokens({
      issuer: issuer.url,
      audience: 'holdfast',
      claims: claimRules('repository=acme/infra', 'X'),
    }),
    onAsked: ({ who, failure }) => log.push({ who, code: failure?.code }),
  });
  daemon = await serve(app, { host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await daemon.close();
  await issuer.close();
});

const ask = (token: string) => askDaemon(daemon.url, token, { base, head });

describe('a preview for a CI job', () => {
  it('is made for a token of the issuer with the claims that are asked for', async () => {
    const found = await ask(await issuer.token(claims));
    expect(found).toMatchObject({ kind: 'Preview', live: { from: 'daemon' } });
    expect(log.at(-1)).toEqual({ who: claims.sub, code: undefined });
  });

  it.each<[string, () => Promise<string>]>([
    ['of another repository', () => issuer.token({ ...claims, repository: 'acme/infra-fork' })],
    ['without the claim', () => issuer.token({ sub: 'x' })],
    ['for another audience', () => issuer.token(claims, { audience: 'sts.amazonaws.com' })],
    ['that ran out', () => issuer.token(claims, { expiresIn: -3_600 })],
    ['of another issuer', () => issuer.token(claims, { issuer: 'https://evil.example.com' })],
    ['that nobody signed', async () => `${Buffer.from('{"alg":"none"}').toString('base64url')}.e30.`],
    ['that is none', async () => 'hello'],
  ])('is refused to a token %s', async (_what, token) => {
    await expect(ask(await token())).rejects.toMatchObject({ code: 'HF2204' });
    expect(log.at(-1)?.code).toBe('HF2204');
  });

  it('is asked for below the address that is given', async () => {
    const asked: string[] = [];
    const folder = await serve(
      new Hono().all('*', context => {
        asked.push(new URL(context.req.url).pathname);
        return context.json({ code: 'HF2207', message: 'later' }, 503);
      }),
      { host: '127.0.0.1', port: 0 },
    );
    for (const path of ['', '/', '/holdfast', '/holdfast/?x=1'])
      await expect(askDaemon(`${folder.url}${path}`, 'x', { base, head })).rejects.toThrow(/later/);
    await folder.close();
    expect(asked).toEqual(['/preview', '/preview', '/holdfast/preview', '/holdfast/preview']);
  });

  it.each([
    ['base', { base: 'd'.repeat(40), head }],
    ['head', { base, head: 'd'.repeat(40) }],
  ])('is not taken for one of another %s', async (_what, other) => {
    await expect(askDaemon(daemon.url, await issuer.token(claims), other)).rejects.toThrow(
      /answered with a preview of bbbbbbbbbbbb into aaaaaaaaaaaa instead of/,
    );
  });

  it('says why it cannot be made', async () => {
    fails = new Failure('HF2207', '2 previews are being made already');
    await expect(ask(await issuer.token(claims))).rejects.toThrow(/HF2207 2 previews are being made already/);
    fails = undefined;
  });

  it.each([
    ['no full SHA', { base: 'main', head }],
    ['an option for git', { base, head, ref: '--upload-pack=evil' }],
    ['a ref that climbs', { base, head, ref: 'refs/pull/../../x' }],
    ['another key', { base, head, command: 'x' }],
  ])('is not made for %s', async (_what, body) => {
    const response = await fetch(`${daemon.url}/preview`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await issuer.token(claims)}` },
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(422);
  });

  it('is not made for a body that is too large', async () => {
    const response = await fetch(`${daemon.url}/preview`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await issuer.token(claims)}` },
      body: 'x'.repeat(20_000),
    });
    expect(response.status).toBe(413);
  });

  it.each(['nonsense', '', 'file:///etc/passwd', 'http://'])('is not asked for at %j', async address => {
    await expect(askDaemon(address, 'token', { base, head })).rejects.toMatchObject({ code: 'HF1001' });
  });

  it('says in words that there is no daemon', async () => {
    await expect(askDaemon('http://127.0.0.1:9', 'x', { base, head }, 2_000)).rejects.toMatchObject({
      code: 'HF2203',
    });
  });
});
