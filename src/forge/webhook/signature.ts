import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** Header names in lower case, as node:http and Fetch give them. */
export type WebhookHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** Takes the raw body in pieces, and then says whether who knows the secret sent it. */
export interface Verifier {
  update(chunk: Uint8Array): void;
  matches(): boolean;
}

/**
 * Whether the body comes from who knows the secret. A missing, repeated or malformed header never matches; nor does anything
 * under an empty secret. Of the proofs that the headers bring the first decides:
 * - `X-Hub-Signature-256` of GitHub and Gitea: `sha256=` and the hexadecimal HMAC-SHA256 of the raw body;
 * - `webhook-signature` of GitLab's signing token (Standard Webhooks): `v1,` and the HMAC in base64 of id, time and body;
 * - `X-Gitlab-Token` of GitLab: the secret itself, which proves nothing of the body.
 * All are compared in constant time.
 */
export function createVerifier(secret: string, headers: WebhookHeaders): Verifier {
  const hub = headers['x-hub-signature-256'];
  if (hub !== undefined) return hubVerifier(secret, hub);
  const standard = headers['webhook-signature'];
  if (standard !== undefined) return standardVerifier(secret, standard, headers);
  const token = headers['x-gitlab-token'];
  const known = typeof token === 'string' && secret !== '' && sameText(token, secret);
  return { update: () => undefined, matches: () => known };
}

function hubVerifier(secret: string, header: string | string[]): Verifier {
  const hash = createHmac('sha256', secret);
  return {
    update: chunk => void hash.update(chunk),
    matches() {
      const [, hex] = typeof header === 'string' ? (/^sha256=([0-9a-f]{64})$/i.exec(header) ?? []) : [];
      const expected = hash.digest();
      if (hex === undefined || secret === '') return false;
      return timingSafeEqual(expected, Buffer.from(hex, 'hex'));
    },
  };
}

/** Several signatures may stand in the header, as while a key is changed; one that fits is enough. */
function standardVerifier(secret: string, header: string | string[], headers: WebhookHeaders): Verifier {
  const [, encoded] = /^whsec_([A-Za-z0-9+/=]+)$/.exec(secret) ?? [];
  const key = encoded === undefined ? Buffer.from(secret) : Buffer.from(encoded, 'base64');
  const hash = createHmac('sha256', key);
  const { 'webhook-id': id, 'webhook-timestamp': time } = headers;
  const whole = typeof id === 'string' && typeof time === 'string' && typeof header === 'string';
  if (whole) hash.update(`${id}.${time}.`);
  return {
    update: chunk => void hash.update(chunk),
    matches() {
      const expected = hash.digest();
      if (!whole || secret === '') return false;
      return header.split(' ').some(signature => {
        const [, text] = /^v1,([A-Za-z0-9+/]{43}=)$/.exec(signature) ?? [];
        return text !== undefined && timingSafeEqual(expected, Buffer.from(text, 'base64'));
      });
    },
  };
}

function sameText(one: string, other: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(one), hash(other));
}
