import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createVerifier, type WebhookHeaders } from '../../../src/forge/webhook/signature.ts';

const secret = "It's a Secret to Everybody";
const body = Buffer.from('Hello, World!');
const hex = '757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';
const sign = (key: string, bytes: Uint8Array) =>
  `sha256=${createHmac('sha256', key).update(bytes).digest('hex')}`;

function verifySignature(secretOfHook: string, rawBody: Uint8Array, headers: WebhookHeaders): boolean {
  const verifier = createVerifier(secretOfHook, headers);
  verifier.update(rawBody);
  return verifier.matches();
}

describe('GitHub and Gitea', () => {
  it('accepts the vector that GitHub publishes', () => {
    expect(verifySignature(secret, body, { 'x-hub-signature-256': `sha256=${hex}` })).toBe(true);
  });

  it.each([
    ['no header', {}],
    ['another secret', { 'x-hub-signature-256': sign('another', body) }],
    ['another body', { 'x-hub-signature-256': sign(secret, Buffer.from('Hello, World?')) }],
    ['the bare digest', { 'x-hub-signature-256': hex }],
    ['a cut digest', { 'x-hub-signature-256': `sha256=${hex.slice(0, 62)}` }],
    ['a digest with a tail', { 'x-hub-signature-256': `sha256=${hex}00` }],
    ['the header twice', { 'x-hub-signature-256': [`sha256=${hex}`, `sha256=${hex}`] }],
    ['the SHA-1 header alone', { 'x-hub-signature': sign(secret, body) }],
  ])('refuses %s', (_, headers) => {
    expect(verifySignature(secret, body, headers)).toBe(false);
  });

  it('refuses everything under an empty secret', () => {
    expect(verifySignature('', body, { 'x-hub-signature-256': sign('', body) })).toBe(false);
  });

  it('never throws and never accepts a header that is not the signature', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.uint8Array(), (header, bytes) => {
        fc.pre(header.toLowerCase() !== sign(secret, bytes));
        return !verifySignature(secret, bytes, { 'x-hub-signature-256': header });
      }),
    );
  });
});

describe('GitLab', () => {
  const token = 'a secret token of the hook';
  const signed = (key: Buffer, id = 'msg_1', time = '1767600000') => {
    const hmac = createHmac('sha256', key).update(`${id}.${time}.`).update(body).digest('base64');
    return { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': `v1,${hmac}` };
  };

  it('is believed by its plain token, and by nothing like it', () => {
    expect(verifySignature(token, body, { 'x-gitlab-token': token })).toBe(true);
    expect(verifySignature(token, body, { 'x-gitlab-token': `${token} ` })).toBe(false);
    expect(verifySignature(token, body, { 'x-gitlab-token': [token] })).toBe(false);
    expect(verifySignature('', body, { 'x-gitlab-token': '' })).toBe(false);
  });

  it('is believed by its signing token, as Standard Webhooks have it', () => {
    const key = Buffer.from('0123456789abcdef0123456789abcdef');
    const secretKey = `whsec_${key.toString('base64')}`;
    expect(verifySignature(secretKey, body, signed(key))).toBe(true);
    expect(verifySignature(token, body, signed(Buffer.from(token)))).toBe(true);
    const two = {
      ...signed(key),
      'webhook-signature': `v1,${'A'.repeat(43)}= ${signed(key)['webhook-signature']}`,
    };
    expect(verifySignature(secretKey, body, two)).toBe(true);
  });

  it.each([
    ['another time', { 'webhook-timestamp': '1767600001' }],
    ['another id', { 'webhook-id': 'msg_2' }],
    ['no id', { 'webhook-id': undefined }],
    ['another version', { 'webhook-signature': 'v2,x' }],
    ['a plain token beside a bad signature', { 'webhook-signature': 'v1,x', 'x-gitlab-token': token }],
  ])('refuses a signature with %s', (_, change) => {
    expect(verifySignature(token, body, { ...signed(Buffer.from(token)), ...change })).toBe(false);
  });
});
