import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockHtml, mrkdwnHtml } from './html.ts';

describe('the pictures of messages', () => {
  it.each([
    ['`a&lt;b`', '<code>a&#60;b</code>'],
    ['*DRIFT* x', '<b>DRIFT</b> x'],
    ['<https://h/p|file:1>', '<a>file:1</a>'],
    ['<!subteam^SPAY>', '<span class="call">@SPAY</span>'],
    ['<@U1> <!here>', '<span class="call">@U1</span> <span class="call">@here</span>'],
    ['14:02:11Z', '14:02:11Z'],
  ])('show %s as Slack does', (text, html) => {
    expect(mrkdwnHtml(text)).toBe(html);
  });

  it('hold no markup but their own', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        const tags = mrkdwnHtml(text).replace(/<\/?(?:code|b|a|br|i|span)(?: [^<>]*)?>/g, '');
        expect(tags).not.toContain('<');
      }),
      { numRuns: 30 },
    );
  });

  it('leave nothing out', () => {
    expect(() => blockHtml({ type: 'image' })).toThrow('cannot be drawn');
  });
});
