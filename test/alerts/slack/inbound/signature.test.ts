import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeSignature } from '../../../../src/alerts/slack/inbound/signature.ts';

/** The example of Slack's own documentation. */
const secret = '8f742231b10e8888abcd99yyyzzz85a5';
const timestamp = '1531420618';
const signature = 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503';
const body = Buffer.from(
  'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c',
);
const at = (seconds: number) => new Date((Number(timestamp) + seconds) * 1000);

describe('a request of Slack', () => {
  it.each([
    ['ours', 0],
    ['ours', 300],
    ['ours', -300],
    ['stale', 301],
    ['stale', 86_400],
    ['future', -301],
    ['future', -3_600],
  ] as const)('is %s when our clock is %i s ahead', (expected, ahead) => {
    expect(judgeSignature({ signature, timestamp, body }, secret, at(ahead))).toBe(expected);
  });

  it.each([
    ['unsigned', { signature: undefined }],
    ['unsigned', { timestamp: undefined }],
    ['forged', { signature: '' }],
    ['forged', { signature: signature.replace('v0', 'v1') }],
    ['forged', { signature: signature.toUpperCase() }],
    ['forged', { signature: `${signature}0` }],
    ['forged', { signature: signature.replace('a2', 'a3') }],
    ['forged', { timestamp: '1531420619' }],
    ['forged', { timestamp: '0x5b479b8a' }],
    ['forged', { timestamp: '1531420618.0' }],
    ['forged', { body: Buffer.concat([body, Buffer.from('&text=run')]) }],
    ['forged', { body: Buffer.alloc(0) }],
  ] as const)('is %s with %j', (expected, change) => {
    expect(judgeSignature({ signature, timestamp, body, ...change }, secret, at(0))).toBe(expected);
  });

  it('is never ours under no secret or another one', () => {
    expect(judgeSignature({ signature, timestamp, body }, '', at(0))).toBe('unsigned');
    expect(judgeSignature({ signature, timestamp, body }, `${secret}0`, at(0))).toBe('forged');
  });

  it('is never ours, and never an error, whatever the headers say', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (header, time) => {
        expect(judgeSignature({ signature: header, timestamp: time, body }, secret, at(0))).toBe('forged');
      }),
    );
  });
});
