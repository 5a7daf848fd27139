import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Scrubber } from '../../src/log/scrubber.ts';

const secret = 'p4ss/w+rd "x"';

describe('Scrubber', () => {
  it.each([
    ['as it is', `token ${secret}!`],
    ['in JSON', JSON.stringify({ token: secret })],
    ['in a path of a URL', `https://git.example.com/${encodeURIComponent(secret)}/a`],
    ['in a form', new URLSearchParams({ token: secret }).toString()],
    ['in Base64', Buffer.from(secret).toString('base64')],
    ['in a Basic header', `Basic ${Buffer.from(`holdfast:${secret}`).toString('base64')}`],
    ['in Base64 for URLs', Buffer.from(`ab${secret}cd`).toString('base64url')],
    ['in hexadecimal digits', Buffer.from(secret).toString('hex')],
  ])('takes a secret out %s', (_, text) => {
    const scrubbed = new Scrubber([secret]).scrub(text);

    expect(scrubbed).toContain('[secret]');
    expect(scrubbed).not.toContain('p4ss');
  });

  it('leaves no form of a secret, wherever it stands', () => {
    const words = fc.string({ minLength: 6, maxLength: 20 }).filter(text => !'[secret]'.includes(text));
    fc.assert(
      fc.property(words, fc.string(), fc.string(), (value, before, after) => {
        const scrubber = new Scrubber([value]);
        expect(scrubber.scrub(`${before}${value}${after}`)).not.toBe(`${before}${value}${after}`);
        const coded = Buffer.from(`${before}${value}${after}`).toString('base64');
        const plain = Buffer.from(scrubber.scrub(coded).replaceAll('[secret]', ''), 'base64').toString();
        if (value.length > 9 && !`${before}${after}`.includes(value)) expect(plain).not.toContain(value);
      }),
    );
  });

  it('takes the longer of two secrets out whole', () => {
    expect(new Scrubber(['abcdef', 'abcdefgh']).scrub('abcdefgh')).toBe('[secret]');
  });

  it.each(['', 'short'])('does not register %j, which would be found everywhere', short => {
    expect(new Scrubber([short]).scrub('a short text')).toBe('a short text');
  });
});
