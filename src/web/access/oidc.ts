import { type Context, Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import type { Configuration } from 'openid-client';
import { Failure, toFailure } from '../../failure/failure.ts';
import { type Access, refusal } from './access.ts';
import { type ClaimRule, fits } from './claims.ts';
import { Seal } from './sealed.ts';

export interface OidcOptions {
  /** The issuer's address; what it publishes there says the rest. */
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** The address that people open; `/login/done` below it must be known to the issuer. */
  url: string;
  /** Who is let in: any of these on the claims of the ID token. */
  allow: readonly ClaimRule[];
  scope?: string;
  onTrouble?: (failure: Failure) => void;
}

const [session, attempt] = ['holdfast_session', 'holdfast_login'];
const sessionMs = 8 * 3_600_000;
const attemptMs = 10 * 60_000;

/**
 * A login with an OpenID provider (authorization code with PKCE, state and nonce). The session is a signed cookie that every replica
 * can check; nothing is kept here. `routes` must be reachable without a session.
 */
export function oidcAccess(options: OidcOptions): { access: Access; routes: Hono } {
  // a session ends with the rules by which it was let in
  const sealed = new Seal(
    options.clientSecret,
    `page session ${JSON.stringify([options.issuer, options.clientId, options.allow])}`,
  );
  const begun = new Seal(options.clientSecret, 'page login');
  const secure = options.url.startsWith('https:');
  // over https the browser itself keeps other hosts of the domain from setting them (`__Host-`)
  const cookie = {
    ...{ httpOnly: true, secure, sameSite: 'Lax' as const, path: '/' },
    ...(secure ? { prefix: 'host' as const } : {}),
  };
  const cookieOf = (context: Context, name: string) =>
    secure ? getCookie(context, name, 'host') : getCookie(context, name);
  const provider = discovered(options);
  const done = new URL('/login/done', options.url).href;
  const access: Access = {
    async admit(context) {
      const found = sealed.open(cookieOf(context, session));
      if (found?.['who'] !== undefined) return { who: found['who'] };
      const wantsPage = context.req.header('accept')?.includes('text/html') === true;
      if (!wantsPage) return refusal(401, 'HF2205 log in first: open the page in a browser');
      return context.redirect(`/login?to=${encodeURIComponent(new URL(context.req.url).pathname)}`);
    },
  };
  const routes = new Hono();
  const failed = (error: unknown) => {
    options.onTrouble?.(toFailure(error, 'HF2206'));
    return refusal(403, 'HF2206 the login did not succeed; try again, and look at the log of the daemon');
  };
  routes.get('/login', async context => {
    try {
      const { client, configuration } = await provider();
      const verifier = client.randomPKCECodeVerifier();
      const [state, nonce] = [client.randomState(), client.randomNonce()];
      const to = safePath(context.req.query('to'));
      setCookie(context, attempt, begun.seal({ verifier, state, nonce, to }, attemptMs), cookie);
      const address = client.buildAuthorizationUrl(configuration, {
        redirect_uri: done,
        scope: options.scope ?? 'openid email profile',
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state,
        nonce,
      });
      return context.redirect(address.href);
    } catch (error) {
      return failed(error);
    }
  });
  routes.get('/login/done', async context => {
    try {
      const { client, configuration } = await provider();
      const before = begun.open(cookieOf(context, attempt));
      if (before === undefined) throw new Failure('HF2206', 'the login was not begun here, or took too long');
      const tokens = await client.authorizationCodeGrant(configuration, currentUrl(context, done), {
        pkceCodeVerifier: before['verifier'] ?? '',
        expectedState: before['state'] ?? '',
        expectedNonce: before['nonce'] ?? '',
        idTokenExpected: true,
      });
      const claims: Readonly<Record<string, unknown>> = tokens.claims() ?? {};
      if (!options.allow.some(rule => fits(rule, claims)))
        throw new Failure('HF2206', 'the account is not among those that HOLDFAST_PAGE_ALLOW names');
      const who = String(claims['email'] ?? claims['sub'] ?? '').slice(0, 200);
      setCookie(context, session, sealed.seal({ who }, sessionMs), cookie);
      return context.redirect(before['to'] ?? '/');
    } catch (error) {
      return failed(error);
    }
  });
  return { access, routes };
}

/** The answer's parameters at the address that the issuer was told, whatever a proxy made of the request. */
function currentUrl(context: Context, done: string): URL {
  const url = new URL(done);
  url.search = new URL(context.req.url).search;
  return url;
}

/** A path of this server and nothing else. */
function safePath(to: string | undefined): string {
  return to !== undefined && /^\/(?![/\\])[\w\-./%~]*$/.test(to) ? to : '/';
}

/** Asks the issuer when the first login needs it, and again after a failure. */
function discovered({ issuer, clientId, clientSecret }: OidcOptions) {
  let known: Promise<{ client: typeof import('openid-client'); configuration: Configuration }> | undefined;
  const ask = async () => {
    const client = await import('openid-client');
    const address = new URL(issuer);
    const insecure = address.protocol === 'http:' ? { execute: [client.allowInsecureRequests] } : {};
    const configuration = await client.discovery(address, clientId, clientSecret, undefined, insecure);
    return { client, configuration };
  };
  return () => {
    known ??= ask().catch(error => {
      known = undefined;
      throw error;
    });
    return known;
  };
}
