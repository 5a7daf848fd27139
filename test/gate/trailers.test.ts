import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ratifies } from '../../src/gate/trailers.ts';

const one = 'a1'.repeat(20);
const two = 'b2'.repeat(20);
const trailer = `Holdfast-Ratifies: ${one}`;

describe('the commits that a message ratifies', () => {
  it.each<[string, string, string[]]>([
    ['one', `Title\n\n${trailer}\n`, [one]],
    ['several', `Title\n\nBody\n\n${trailer}\nHoldfast-Ratifies: ${two}`, [one, two]],
    ['one among other trailers', `Title\n\nSigned-off-by: alice <a@example.com>\n${trailer}\n\n\n`, [one]],
    ['one with the key in another case', `Title\n\nholdfast-ratifies:${one}`, [one]],
    ['one with line ends of Windows', `Title\r\n\r\n${trailer}\r\n`, [one]],
    ['one after a trailer that is folded', `Title\n\nNote: long\n  line\n${trailer}`, [one]],
  ])('are %s', (_what, message, expected) => {
    expect(ratifies(message)).toEqual(expected);
  });

  it.each<[string, string]>([
    ['nothing', ''],
    ['in the title', trailer],
    ['in the title after an empty line', `\n\n${trailer}`],
    ['in the paragraph of the title', `Title\n${trailer}`],
    ['in a paragraph before the last', `Title\n\n${trailer}\n\nThe end`],
    ['within prose', `Title\n\nThis would say\n${trailer}`],
    ['quoted', `Title\n\n> ${trailer}`],
    ['indented', `Title\n\n  ${trailer}`],
    ['a short SHA', `Title\n\nHoldfast-Ratifies: ${one.slice(0, 12)}`],
    ['a SHA in capitals', `Title\n\nHoldfast-Ratifies: ${one.toUpperCase()}`],
    ['a SHA and more', `Title\n\nHoldfast-Ratifies: ${one} ${two}`],
    ['a SHA that is too long', `Title\n\nHoldfast-Ratifies: ${one}0`],
    ['a folded SHA', `Title\n\nHoldfast-Ratifies: ${one}\n  ${two}`],
    ['another key', `Title\n\nX-Holdfast-Ratifies: ${one}`],
  ])('are none for %s', (_what, message) => {
    expect(ratifies(message)).toEqual([]);
  });

  it('are never more than git itself takes for trailers', () => {
    const part = fc.constantFrom(
      'Title',
      '',
      trailer,
      'Some words',
      'Key: value',
      '  more',
      `Holdfast-Ratifies: ${two}`,
    );
    const messages = fc.array(part, { maxLength: 7 }).map(lines => lines.join('\n'));

    fc.assert(
      fc.property(messages, message => {
        const ours = ratifies(message);
        fc.pre(ours.length > 0);
        const options = ['interpret-trailers', '--parse', '--no-divider'];
        const theirs = execFileSync('git', options, { input: message, encoding: 'utf8' });
        for (const sha of ours) expect(theirs).toContain(`Holdfast-Ratifies: ${sha}`);
      }),
      { numRuns: 60, seed: 7 },
    );
  });
});
