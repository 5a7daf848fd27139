import { createHmac, timingSafeEqual } from 'node:crypto';

/** How far the clocks may be apart, either way, in seconds. Slack's own library tests only for staleness. */
const mostSkew = 300;

/** What the headers and the body of a request are worth. */
export type Signed = 'ours' | 'unsigned' | 'forged' | 'stale' | 'future';

export interface SignedRequest {
  /** `X-Slack-Signature`. */
  signature: string | undefined;
  /** `X-Slack-Request-Timestamp`: seconds since 1970. */
  timestamp: string | undefined;
  body: Uint8Array;
}

/**
 * Whether Slack sent a request just now: `v0=` and the hexadecimal HMAC-SHA256 of `v0:{timestamp}:{raw body}` under the app's
 * signing secret, compared in constant time. The signature is tested first, so that a time tells nothing to who cannot sign.
 */
export function judgeSignature(request: SignedRequest, secret: string, now: Date): Signed {
  const { signature, timestamp, body } = request;
  if (signature === undefined || timestamp === undefined || secret === '') return 'unsigned';
  const [, hex] = /^v0=([0-9a-f]{64})$/.exec(signature) ?? [];
  if (hex === undefined || !/^\d{1,12}$/.test(timestamp)) return 'forged';
  const expected = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest();
  if (!timingSafeEqual(expected, Buffer.from(hex, 'hex'))) return 'forged';
  const age = now.getTime() / 1000 - Number(timestamp);
  if (age > mostSkew) return 'stale';
  return age < -mostSkew ? 'future' : 'ours';
}
