import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brief, paint, visible, wantsColour } from '../../src/report/terminal.ts';

describe('visible', () => {
  it.each([
    ['a line break', 'a\nb', 'a\\nb'],
    ['a carriage return', 'a\rb', 'a\\rb'],
    ['an escape sequence', '\u001b[31mred\u001b[0m', '\\e[31mred\\e[0m'],
    ['a one-byte CSI', '\u009b2J', '\\x9b2J'],
    ['a bell', '\u0007', '\\x07'],
    ['a change of direction', 'a\u202eb\u2066c', 'a\\u202eb\\u2066c'],
    ['a zero-width space', 'a\u200bb', 'a\\u200bb'],
    ['a line separator', 'a\u2028b', 'a\\u2028b'],
    ['half of a surrogate pair', 'a\ud800b', 'a\\ud800b'],
    ['an invisible tag character', 'a\u{e0041}', 'a\\u{e0041}'],
  ])('shows %s', (_, text, expected) => {
    expect(visible(text)).toBe(expected);
  });

  it('leaves ordinary text of any language alone', () => {
    expect(visible('cart:1.2 naïve 日本語 Ελλάδα → 🚢')).toBe('cart:1.2 naïve 日本語 Ελλάδα → 🚢');
  });

  it('never lets through a control character, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), text => {
        expect(visible(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
      }),
    );
  });
});

describe('brief', () => {
  it('shortens a long value and says how long it was', () => {
    expect(brief('x'.repeat(1_000_000), 10)).toBe('xxxxxxxxxx… (1000000 characters)');
  });

  it('never ends in half of a character', () => {
    expect(brief('aaa🚢🚢🚢', 4)).toBe('aaa… (9 characters)');
  });

  it('keeps what fits', () => {
    expect(brief('cart:1.2', 8)).toBe('cart:1.2');
  });
});

describe('colour', () => {
  it.each([
    [{ isTTY: true }, {}, true],
    [{ isTTY: true }, { NO_COLOR: '' }, true],
    [{ isTTY: true }, { NO_COLOR: '1' }, false],
    [{ isTTY: true }, { TERM: 'dumb' }, false],
    [{ isTTY: false }, {}, false],
    [{}, {}, false],
  ])('of stream %o with environment %o is wanted: %s', (stream, environment, expected) => {
    expect(wantsColour(stream, environment)).toBe(expected);
  });

  it('is left out when off and can be taken away again', () => {
    expect(paint(false).bad('x')).toBe('x');
    expect(paint(true).bad('x')).not.toBe('x');
    expect(stripVTControlCharacters(paint(true).strong('x'))).toBe('x');
  });
});
