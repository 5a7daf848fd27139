import { createPrivateKey, createSign, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { Failure } from '../../failure/failure.ts';
import { parseBody } from '../http/body.ts';
import type { Credentials } from '../http/credentials.ts';
import { createRequester, type RequesterOptions } from '../http/requester.ts';

export interface AppKey {
  /** The App's id, or its client id. */
  id: string;
  /** PEM. */
  privateKey: string;
  /** The id of the installation that covers the repository. */
  installation: string;
}

const issued = z.object({ token: z.string().min(1), expires_at: z.iso.datetime({ offset: true }) });

/** GitHub's clock may be behind ours: a JWT of the future is refused. */
const behindSeconds = 60;
const jwtSeconds = 540;
/** A token is renewed so long before its end, so that none ends under way. */
const marginMs = 5 * 60_000;

/**
 * A GitHub App: its key signs a JWT for some minutes, which is given for a token of the installation, good for an hour and for
 * this one repository. The token is kept until shortly before its end; one question at a time asks for a new one. A key that
 * is none is a Failure HF1001 that shows nothing of it.
 */
export function appCredentials(
  app: AppKey,
  repository: string,
  options: Omit<RequesterOptions, 'headers' | 'secrets'>,
): Credentials {
  const key = keyOf(app.privateKey);
  const now = options.now ?? (() => new Date());
  const secrets = new Set([app.privateKey]);
  let current: { token: string; until: number } | undefined;
  let asking: Promise<string> | undefined;

  const requester = createRequester({
    ...options,
    headers: async () => ({ ...githubHeaders, authorization: `Bearer ${jwtOf(app.id, key, now())}` }),
    secrets: () => [...secrets],
  });

  async function renewed(): Promise<string> {
    const path = `/app/installations/${encodeURIComponent(app.installation)}/access_tokens`;
    const { text } = await requester.send('POST', path, { repositories: [repository] });
    const { token, expires_at: end } = parseBody(issued, text, `POST ${path}`, requester.clean);
    for (const old of [...secrets].slice(1, -4)) secrets.delete(old);
    secrets.add(token);
    current = { token, until: Date.parse(end) - marginMs };
    return token;
  }

  async function token(): Promise<string> {
    if (current !== undefined && now().getTime() < current.until) return current.token;
    asking ??= renewed().finally(() => {
      asking = undefined;
    });
    return asking;
  }

  return {
    asApp: true,
    headers: async () => ({ ...githubHeaders, authorization: `Bearer ${await token()}` }),
    secrets: () => [...secrets],
    refused: () => {
      current = undefined;
    },
  };
}

export const githubHeaders = {
  accept: 'application/vnd.github+json',
  'x-github-api-version': '2022-11-28',
  'user-agent': 'holdfast',
};

function keyOf(pem: string): KeyObject {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'rsa') return key;
  } catch {
    // what the library says may hold parts of the key
  }
  throw new Failure('HF1001', 'HOLDFAST_FORGE_APP_KEY is no RSA private key in PEM');
}

function jwtOf(issuer: string, key: KeyObject, now: Date): string {
  const seconds = Math.floor(now.getTime() / 1000);
  const claims = { iat: seconds - behindSeconds, exp: seconds + jwtSeconds, iss: issuer };
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(key, 'base64url')}`;
}
