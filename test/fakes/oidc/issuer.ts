import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

export interface FakeIssuer {
  url: string;
  /** A token as a CI job gets it; claims may be anything, times are given in seconds from now. */
  token(
    claims: Record<string, unknown>,
    options?: { audience?: string; expiresIn?: number; issuer?: string },
  ): Promise<string>;
  /** What the next login says of the person. */
  person: Record<string, unknown>;
  close(): Promise<void>;
}

interface Begun {
  challenge: string;
  nonce: string;
  redirect: string;
}

/**
 * An OpenID provider: discovery, keys, an authorization endpoint that logs in whoever `person` says, and a token endpoint that holds
 * the client to PKCE, its secret, its redirect address and one use of each code (RFC 6749, RFC 7636, OpenID Connect Core).
 */
export async function startFakeIssuer(client: { id: string; secret: string }): Promise<FakeIssuer> {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256', use: 'sig' };
  const codes = new Map<string, Begun>();
  const state = { person: {} as Record<string, unknown>, url: '' };
  const sign = (claims: Record<string, unknown>, audience: string, expiresIn: number, issuer = state.url) => {
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: 'one' })
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt(now - 5)
      .setExpirationTime(now + expiresIn)
      .sign(privateKey);
  };
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', state.url);
    const json = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    if (url.pathname === '/.well-known/openid-configuration') return json(200, discovery(state.url));
    if (url.pathname === '/keys') return json(200, { keys: [jwk] });
    if (url.pathname === '/authorize') {
      const asked = Object.fromEntries(url.searchParams);
      if (asked['client_id'] !== client.id || asked['code_challenge_method'] !== 'S256') return json(400, {});
      const code = createHash('sha256').update(JSON.stringify(asked)).digest('hex');
      const redirect = asked['redirect_uri'] ?? '';
      codes.set(code, { challenge: asked['code_challenge'] ?? '', nonce: asked['nonce'] ?? '', redirect });
      const back = new URL(redirect);
      back.searchParams.set('code', code);
      back.searchParams.set('state', asked['state'] ?? '');
      response.writeHead(302, { location: back.href });
      response.end();
      return undefined;
    }
    if (url.pathname === '/token') {
      const form = new URLSearchParams(await bodyOf(request));
      const begun = codes.get(form.get('code') ?? '');
      codes.delete(form.get('code') ?? '');
      const challenge = createHash('sha256')
        .update(form.get('code_verifier') ?? '')
        .digest('base64url');
      const known = isClient(request, form, client);
      if (
        begun === undefined ||
        !known ||
        challenge !== begun.challenge ||
        form.get('redirect_uri') !== begun.redirect
      )
        return json(400, { error: 'invalid_grant' });
      const claims = { sub: 'u1', nonce: begun.nonce, ...state.person };
      return json(200, {
        access_token: 'opaque',
        token_type: 'bearer',
        id_token: await sign(claims, client.id, 300),
      });
    }
    return json(404, {});
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  state.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: state.url,
    token: (claims, { audience = 'holdfast', expiresIn = 300, issuer } = {}) =>
      sign(claims, audience, expiresIn, issuer),
    get person() {
      return state.person;
    },
    set person(person) {
      state.person = person;
    },
    close: () => {
      server.closeAllConnections();
      return new Promise(done => server.close(() => done()));
    },
  };
}

function discovery(url: string): object {
  return {
    issuer: url,
    authorization_endpoint: `${url}/authorize`,
    token_endpoint: `${url}/token`,
    jwks_uri: `${url}/keys`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    code_challenge_methods_supported: ['S256'],
  };
}

function isClient(
  request: IncomingMessage,
  form: URLSearchParams,
  client: { id: string; secret: string },
): boolean {
  const basic = /^Basic (.+)$/.exec(request.headers['authorization'] ?? '')?.[1];
  const [id, secret] =
    basic === undefined
      ? [form.get('client_id'), form.get('client_secret')]
      : Buffer.from(basic, 'base64').toString('utf8').split(':').map(decodeURIComponent);
  return id === client.id && secret === client.secret;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}
