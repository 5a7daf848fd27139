import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { patternMatcher } from '../../src/validate/pattern/match.ts';

const says = (pattern: string, text: string) => patternMatcher(pattern)?.(text);

describe('a pattern of RE2', () => {
  it.each([
    ['^[a-z0-9]([-a-z0-9]*[a-z0-9])?$', 'cart-1', true],
    ['^[a-z0-9]([-a-z0-9]*[a-z0-9])?$', 'Cart', false],
    ['b+', 'abba', true],
    ['^(25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}$', '10.0.0.256', false],
    ['(?i)^yes$', 'YES', true],
    ['^(?:a|b){2,3}$', 'abba', false],
    ['^a{,2}$', 'a{,2}', true],
    ['^[[:alpha:]_]+$', 'a_B', true],
    ['^\\p{Lu}\\pL*$', 'Äpfel', true],
    ['^\\P{Greek}+$', 'αβγ', false],
    ['^.$', '😀', true],
    ['^.$', '\n', false],
    ['(?s)^.$', '\n', true],
    ['a$', 'a\n', false],
    ['(?m)^b$', 'a\nb\nc', true],
    ['\\bcat\\b', 'a cat!', true],
    ['\\bcat\\b', 'concatenate', false],
    ['^[]a]+$', ']a', true],
    ['^[a-]+$', 'a-', true],
    ['^\\Q.*\\E$', '.*', true],
    ['^\\x41\\x{1F600}$', 'A😀', true],
    ['', 'anything', true],
    ['^(?P<year>\\d{4})-(?<month>\\d\\d)$', '2026-08', true],
    ['^\\s$', '\v', false],
    ['^(|a)+$', 'aaa', true],
  ])('%s on %j is %s', (pattern, text, expected) => {
    expect(says(pattern, text)).toBe(expected);
  });

  it.each([
    '(?=a)',
    '(a',
    'a)',
    '[b-a]',
    'a**',
    '(?!a)',
    '\\1',
    'a{2}{3}',
    '\\p{Nope}',
    '[[:nope:]]',
    'a{1001}',
    '*',
    '\\',
  ])('that RE2 refuses is not checked: %s', pattern => expect(patternMatcher(pattern)).toBeUndefined());

  it.each([
    ['(a+)+$', 'a'.repeat(5000)],
    ['(a|a)*b', 'a'.repeat(5000)],
    ['(.*)*x', 'y'.repeat(5000)],
    [`${'a?'.repeat(500)}${'a'.repeat(500)}`, 'a'.repeat(400)],
  ])('takes no more time than its length times the text’s: %.20s', (pattern, text) => {
    const started = performance.now();
    expect(says(pattern, `${text}!`)).toBe(says(pattern, text) === true && !pattern.endsWith('$'));
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it.each([
    ['((((a{1000}){1000}){1000}){1000})', 'a'],
    ['('.repeat(5000), 'a'],
    ['[a-z]{1000}', 'a'.repeat(1_000_000)],
  ])('that would need too much is not checked: %.20s', (pattern, text) => {
    expect(says(pattern, text)).toBeUndefined();
  });

  it('says what JavaScript says where both have one syntax', () => {
    const atom = fc.constantFrom(
      'a',
      'b',
      '.',
      '[ab]',
      '[^a]',
      '\\d',
      '\\w',
      '(?:a|b)',
      '(a|bc)',
      '\\.',
      '^',
      '$',
    );
    const part = fc.tuple(atom, fc.constantFrom('', '*', '+', '?', '{2}', '{1,3}', '*?'));
    const isAnchor = (text: string) => text === '^' || text === '$';
    const pattern = fc
      .array(
        part.map(([one, times]) => (isAnchor(one) ? one : one + times)),
        { maxLength: 6 },
      )
      .map(parts => parts.join(''));
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '1', '.', '\n'), maxLength: 8 });
    fc.assert(
      fc.property(pattern, text, (source, sample) => {
        expect(says(source, sample)).toBe(new RegExp(source, 'u').test(sample));
      }),
      { numRuns: 2000 },
    );
  });
});
