import { createHmac, type Hmac, timingSafeEqual } from 'node:crypto';

/** Header names in lower case, as node:http and Fetch give them. */
export type WebhookHeaders = Readonly<Record<string, string | string[] | undefined>>;

/**
 * Whether the body was sent by who knows the secret: `X-Hub-Signature-256` is `sha256=` and the hexadecimal HMAC-SHA256 of
 * the raw body, at GitHub and at Gitea alike. Compared in constant time. A missing, repeated or malformed header is false;
 * so is everything under an empty secret.
 */
export function verifySignature(secret: string, rawBody: Uint8Array, headers: WebhookHeaders): boolean {
  return matches(createBodyHash(secret).update(rawBody), headers, secret);
}

/** For a body that arrives in pieces; ends in `matches`. */
export function createBodyHash(secret: string): Hmac {
  return createHmac('sha256', secret);
}

/** Whether the finished hash is the signature in the headers. The hash can be used no more. */
export function matches(hash: Hmac, headers: WebhookHeaders, secret: string): boolean {
  const header = headers['x-hub-signature-256'];
  const [, hex] = typeof header === 'string' ? (/^sha256=([0-9a-f]{64})$/i.exec(header) ?? []) : [];
  const expected = hash.digest();
  if (hex === undefined || secret === '') return false;
  return timingSafeEqual(expected, Buffer.from(hex, 'hex'));
}
