import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fenced, inlineCode, renderMarkdown } from '../../src/report/markdown.ts';
import { outside } from './outside.ts';
import { finding, hostileFinding, report } from './sample.ts';

describe('markdown', () => {
  it('lets nothing from outside out of fences and code spans', () => {
    fc.assert(
      fc.property(fc.array(hostileFinding, { maxLength: 4 }), findings => {
        const rest = outside(renderMarkdown(report(findings)));
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
