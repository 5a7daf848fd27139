import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Access } from '../../src/web/access/access.ts';
import { claimRules, fits } from '../../src/web/access/claims.ts';
import { loopbackAccess } from '../../src/web/access/loopback.ts';
import { oidcAccess } from '../../src/web/access/oidc.ts';
import { proxyAccess } from '../../src/web/access/proxy.ts';
import { Seal } from '../../src/web/access/sealed.ts';
import { serve } from '../../src/web/server.ts';
import { type FakeIssuer, startFakeIssuer } from '../fakes/oidc/issuer.ts';

/** Serves one page behind an access, and asks for it. */
async function asked(
  access: Access,
  headers: Record<string, string>,
): Promise<{ status: number; text: string }> {
  const app = new Hono();
  app.get('/', async context => {
    const admitted = await access.admit(context);
    return admitted instanceof Response ? admitted : context.text(admitted.who);
  });
  const listening = await serve(app, { host: '127.0.0.1', port: 0 });
  try {
    // fetch sets Host by itself: node:http lets a test choose it
    const { request } = await import('node:http');
    return await new Promise((resolve, reject) => {
      const call = request(listening.url, { headers }, response => {
        let text = '';
        response.on('data', part => {
          text += part;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text: text.trim() }));
      });
      call.on('error', reject).end();
    });
  } finally {
    await listening.close();
  }
}

describe('loopback only', () => {
  it.each([
    ['localhost:8080', 200],
    ['127.0.0.1:8080', 200],
    ['holdfast.example.com', 403],
    ['localhost.evil.example.com', 403],
  ])('asked for as %s answers %i', async (host, status) => {
    expect((await asked(loopbackAccess(), { host })).status).toBe(status);
  });
});

describe('a trusted proxy', () => {
  it.each([
    ['the proxy names somebody', ['127.0.0.1'], { 'x-user': 'alice' }, 200, 'alice'],
    ['of a network', ['10.0.0.0/8', '127.0.0.0/8'], { 'x-user': 'alice' }, 200, 'alice'],
    ['the proxy names nobody', ['127.0.0.1'], {}, 401, 'HF2205'],
    ['the header comes from elsewhere', ['10.0.0.0/8'], { 'x-user': 'alice' }, 403, 'HF2205'],
  ])('%s', async (_what, from, headers, status, text) => {
    const answer = await asked(proxyAccess({ header: 'x-user', from }), headers as Record<string, string>);
    expect(answer).toEqual({ status, text: expect.stringContaining(text) });
  });

  it('must be an address or a network', () => {
    expect(() => proxyAccess({ header: 'x-user', from: ['everywhere'] })).toThrow(/everywhere is no address/);
  });
});

describe('claims', () => {
  it.each([
    ['groups=platform', { groups: ['dev', 'platform'] }, true],
    ['groups=platform', { groups: 'platform' }, true],
    ['groups=platform', { groups: 'platform-interns' }, false],
    ['email=*@example.com', { email: 'a@example.com' }, true],
    ['email=*@example.com', { email: 'a@example.com.evil.org' }, false],
    ['email=*@example.com', { email: 'a@example.com', email_verified: true }, true],
    ['email=*@example.com', { email: 'a@example.com', email_verified: false }, false],
    ['email=*@example.com', { email: 'a@example.com', email_verified: 'false' }, false],
    ['email=*', {}, false],
    ['email=*', { email: 5 }, false],
    ['repository=acme/infra', { repository: 'acme/infra' }, true],
    ['repository=acme/*', { repository: 'acme/infra' }, true],
    ['repository=acme/*', { repository: 'evil/acme/infra' }, false],
    ['__proto__=x', {}, false],
  ])('%s against %j is %s', (text, claims, expected) => {
    const [rule] = claimRules(text, 'X');
    expect(rule && fits(rule, claims)).toBe(expected);
  });

  it.each(['', ' , ', 'groups', '=x', 'groups='])('%j names nobody', text => {
    expect(() => claimRules(text, 'HOLDFAST_PAGE_ALLOW')).toThrow(/HOLDFAST_PAGE_ALLOW/);
  });
});

describe('a seal', () => {
  const seal = new Seal('a secret of a test', 'session', () => 1_000);

  it('opens what it sealed', () => {
    expect(seal.open(seal.seal({ who: 'alice' }, 1))).toEqual({ who: 'alice' });
  });

  it.each([
    ['changed', seal.seal({ who: 'alice' }, 1).replace(/^./, 'x')],
    ['too old', seal.seal({ who: 'alice' }, 0)],
    ['of another purpose', new Seal('a secret of a test', 'login', () => 1_000).seal({ who: 'alice' }, 1)],
    ['of another secret', new Seal('another', 'session', () => 1_000).seal({ who: 'alice' }, 1)],
    ['empty', ''],
    ['no seal at all', 'a.b.c'],
    ['not there', undefined],
  ])('opens nothing that is %s', (_what, text) => {
    expect(seal.open(text)).toBeUndefined();
  });
});

describe('a login', () => {
  const client = { id: 'holdfast', secret: 'a client secret of a test' };
  let issuer: FakeIssuer;
  beforeAll(async () => {
    issuer = await startFakeIssuer(client);
  });
  afterAll(() => issuer.close());

  /** A browser with cookies that follows redirects by itself. */
  async function browse(options: {
    person: Record<string, unknown>;
    to?: string;
    tamper?: (url: string) => string;
  }) {
    issuer.person = options.person;
    const app = new Hono();
    const troubles: string[] = [];
    const url = 'http://page.test';
    const { access, routes } = oidcAccess({
      issuer: issuer.url,
      clientId: client.id,
      clientSecret: client.secret,
      url,
      allow: claimRules('groups=platform', 'X'),
      onTrouble: failure => troubles.push(failure.message),
    });
    app.route('/', routes);
    app.get('*', async context => {
      const admitted = await access.admit(context);
      return admitted instanceof Response ? admitted : context.text(`hello ${admitted.who}`);
    });
    const cookies = new Map<string, string>();
    let at = `${url}${options.to ?? '/'}`;
    for (let hop = 0; hop < 8; hop += 1) {
      const own = at.startsWith(url);
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const headers = { accept: 'text/html', ...(own && cookie !== '' ? { cookie } : {}) };
      const response = own ? await app.request(at, { headers }) : await fetch(at, { redirect: 'manual' });
      for (const set of response.headers.getSetCookie()) {
        const [pair = ''] = set.split(';');
        cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
        expect(set).toMatch(/HttpOnly; SameSite=Lax/);
      }
      const location = response.headers.get('location');
      if (location === null) return { at, status: response.status, text: await response.text(), troubles };
      at = new URL(location, at).href;
      at = options.tamper?.(at) ?? at;
    }
    throw new Error('too many redirects');
  }

  it('lets in whom a rule names, and goes where they wanted to go', async () => {
    const person = { email: 'alice@example.com', groups: ['platform'] };
    const { at, text } = await browse({ person, to: '/units/shop' });
    expect({ at, text }).toEqual({ at: 'http://page.test/units/shop', text: 'hello alice@example.com' });
  });

  it('is kept in cookies that only this host can set, over https', async () => {
    const { routes } = oidcAccess({
      issuer: issuer.url,
      clientId: client.id,
      clientSecret: client.secret,
      url: 'https://page.test',
      allow: claimRules('groups=platform', 'X'),
    });
    const response = await routes.request('https://page.test/login');
    expect(response.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^__Host-holdfast_login=.*Path=\/; HttpOnly; Secure; SameSite=Lax$/),
    ]);
  });

  it('ends with the rules by which it was let in', async () => {
    const accessBy = (rules: string) =>
      oidcAccess({
        issuer: issuer.url,
        clientId: client.id,
        clientSecret: client.secret,
        url: 'http://page.test',
        allow: claimRules(rules, 'X'),
      }).access;
    const session = new Seal(
      client.secret,
      `page session ${JSON.stringify([issuer.url, client.id, claimRules('groups=platform', 'X')])}`,
    ).seal({ who: 'alice' }, 60_000);
    const answers = await Promise.all(
      ['groups=platform', 'groups=sales'].map(async rules => {
        const app = new Hono();
        app.get('/', async context => {
          const admitted = await accessBy(rules).admit(context);
          return admitted instanceof Response ? admitted : context.text(admitted.who);
        });
        return (await app.request('/', { headers: { cookie: `holdfast_session=${session}` } })).status;
      }),
    );

    expect(answers).toEqual([200, 401]);
  });

  it('lets in nobody else', async () => {
    const { status, troubles } = await browse({
      person: { email: 'mallory@example.com', groups: ['sales'] },
    });
    expect(status).toBe(403);
    expect(troubles).toEqual([expect.stringContaining('HOLDFAST_PAGE_ALLOW')]);
  });

  it.each([
    [
      'another state',
      (url: string) => (url.includes('/login/done') ? url.replace(/state=[^&]+/, 'state=x') : url),
    ],
    [
      'another code',
      (url: string) => (url.includes('/login/done') ? url.replace(/code=[^&]+/, 'code=x') : url),
    ],
  ])('is refused with %s', async (_what, tamper) => {
    expect((await browse({ person: { groups: ['platform'] }, tamper })).status).toBe(403);
  });

  it.each(['//evil.example.com', '/\\evil.example.com', 'https://evil.example.com', '/%0d%0a'])(
    'never leads to %s',
    async to => {
      const { at } = await browse({
        person: { email: 'a@example.com', groups: ['platform'] },
        tamper: url => (url.includes('/login?') ? url.replace(/to=.*/, `to=${encodeURIComponent(to)}`) : url),
      });
      expect(new URL(at).host).toBe('page.test');
    },
  );
});
