import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderHtml } from '../../src/report/html.ts';
import { html } from '../../src/report/markup.ts';
import { finding, hostileFinding, report } from './sample.ts';

const allowed = new Set(
  'html head meta title style body main h1 h2 p section details summary b code table thead tbody tr th td del ins'.split(
    ' ',
  ),
);

describe('html', () => {
  it('holds only elements of its own, whatever the findings hold', () => {
    fc.assert(
      fc.property(fc.array(hostileFinding, { maxLength: 3 }), findings => {
        const page = renderHtml(report(findings)).replace(/<style>[\s\S]*?<\/style>/, '');
        for (const [, name, attributes] of page.matchAll(/<\/?([^\s>/!]+)([^>]*)>/g)) {
          expect(allowed).toContain(name);
          expect(attributes).toMatch(
            /^( (open|(lang|charset|http-equiv|content|name|id|class|scope|colspan)="[^"<>]*"))*$/,
          );
        }
      }),
      { numRuns: 50 },
    );
  });

  it('loads nothing and runs no script, by its own policy', () => {
    const page = renderHtml(report([finding()]));
    const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64').replaceAll('=', '&#61;');

    expect(page).toContain('default-src &#39;none&#39;');
    expect(page.replaceAll('=', '&#61;')).toContain(`style-src &#39;sha256-${hash}&#39;`);
    expect(page).not.toContain('script-src');
    expect(page).not.toMatch(/<(script|link|img|iframe)|https?:|url\(/);
  });

  it.each(['<b>', '"x" onload="y"', "'", '&amp;', '`'])('escapes %s once', text => {
    expect(html`<p title="${text}">`.text).not.toContain(text);
    expect(html`${html`${'<'}`}`.text).toBe('&#60;');
  });
});
