import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fenced, inlineCode, renderMarkdown } from '../../src/report/markdown.ts';
import { finding, hostileFinding, report } from './sample.ts';

/** What stands outside of fences, as CommonMark reads them; throws when one stays open. */
function outside(markdown: string): string {
  const kept: string[] = [];
  let open: string | undefined;
  for (const line of markdown.split('\n')) {
    const fence = /^(`{3,})\s*$/.exec(line)?.[1];
    if (open === undefined && fence !== undefined) open = fence;
    else if (open !== undefined && fence !== undefined && fence.length >= open.length) open = undefined;
    else if (open === undefined) kept.push(line);
  }
  if (open !== undefined) throw new Error('a fence stays open');
  return kept.join('\n');
}

/** Takes away code spans: a run of backticks up to the next run of the same length. */
function withoutSpans(text: string): string {
  return text.replace(/(?<!`)(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, '');
}

describe('markdown', () => {
  it('lets nothing from outside out of fences and code spans', () => {
    fc.assert(
      fc.property(fc.array(hostileFinding, { maxLength: 4 }), findings => {
        const rest = withoutSpans(outside(renderMarkdown(report(findings))));
        expect(rest).toMatch(/^[\w\s.,:*#()-]*$/);
      }),
    );
  });

  it('stays below its limit by leaving out whole findings, and counts them', () => {
    const findings = [...Array(200).keys()].map(index =>
      finding({ source: { file: `f${index}.yaml`, line: 1 } }),
    );

    const text = renderMarkdown(report(findings), { limit: 5_000 });

    expect([...text].length).toBeLessThanOrEqual(5_000);
    const shown = text.match(/^#### /gm)?.length ?? 0;
    expect(shown).toBeGreaterThan(0);
    expect(text).toContain(`${200 - shown} more findings left out`);
    expect(() => outside(text)).not.toThrow();
  });

  it('closes a fence only by a longer run than any inside', () => {
    expect(fenced(['a ```` b'])).toBe('`````\na ```` b\n`````');
  });

  it.each([
    ['plain', '`plain`'],
    ['a`b', '``a`b``'],
    ['`', '`` ` ``'],
    ['', '`  `'],
  ])('writes %j as one code span', (text, span) => {
    expect(inlineCode(text)).toBe(span);
  });
});
