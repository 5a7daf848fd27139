import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { annotationsOf } from '../../src/preview/annotations.ts';
import { previewHtml } from '../../src/preview/html.ts';
import { markerOf, previewMarkdown } from '../../src/preview/markdown.ts';
import type { Preview, ResourcePreview } from '../../src/preview/model.ts';
import { previewText } from '../../src/preview/text.ts';
import { outside } from '../report/outside.ts';
import { comparedAt, hostilePreview } from './sample.ts';

const elements = new Set(
  'html head meta title style script body a header main h1 h2 h3 p ul li b code span div article details summary dl dt dd wbr em del ins pre dialog kbd form button label input output'.split(
    ' ',
  ),
);

function many(count: number): Preview {
  const resource = (index: number): ResourcePreview => ({
    unit: 'shop',
    resource: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: `c${index}` },
    action: 'change',
    risks: [],
    source: { file: `manifests/shop/${index}.yaml`, line: 1 },
    fields: [{ path: '/data/a', why: 'merge', base: 'x'.repeat(100), head: 'y'.repeat(100) }],
    highlights: [],
    problems: [],
    notes: [],
  });
  return {
    apiVersion: 'holdfast.dev/v1alpha1',
    kind: 'Preview',
    base: 'a'.repeat(40),
    head: 'b'.repeat(40),
    live: { from: 'cluster' },
    comparedAt,
    units: [],
    resources: [...Array(count).keys()].map(resource),
    failures: [],
  };
}

describe('the comment', () => {
  it('lets nothing from outside out of fences and code spans, and closes all that it opens', () => {
    fc.assert(
      fc.property(hostilePreview, fc.integer({ min: 1_500, max: 70_000 }), (preview, limit) => {
        const text = previewMarkdown(preview, { limit, marker: markerOf('prod') });
        const rest = outside(text);
        expect([...text].length).toBeLessThanOrEqual(limit);
        expect(rest.match(/<details( open)?>/g)?.length ?? 0).toBe(rest.match(/<\/details>/g)?.length ?? 0);
        const own = rest
          .replaceAll(/<details( open)?><summary>\d+ lines?<\/summary>|<\/details>/g, '')
          .replace(/^<!-- holdfast:preview environment=[a-z0-9-]* -->/, '');
        expect(own).toMatch(/^[\w\s.,:;*·⚠()-]*$/);
      }),
      { numRuns: 200 },
    );
  });

  it('leaves out whole resources and counts them', () => {
    const text = previewMarkdown(many(500), { limit: 10_000 });
    const shown = text.match(/<details>/g)?.length ?? 0;
    expect(shown).toBeGreaterThan(5);
    expect(text).toContain(`${500 - shown} more resources left out here`);
  });

  it('is marked for its environment alone', () => {
    expect(markerOf('prod')).toBe('<!-- holdfast:preview environment=prod -->');
    expect(markerOf('x--><script>')).not.toContain('<script>');
  });

  it('links to the page without letting the address out of the link', () => {
    const text = previewMarkdown(many(1), { link: 'https://ci.example.com/a>b <c' });
    expect(text).toContain('[The whole preview](<https://ci.example.com/a%3Eb%20%3Cc>)');
  });
});

describe('the page', () => {
  it('holds only elements of its own, whatever the preview holds', () => {
    fc.assert(
      fc.property(hostilePreview, preview => {
        const page = previewHtml(preview).replace(/<(style|script)>[\s\S]*?<\/\1>/g, '');
        for (const [, name] of page.matchAll(/<\/?([^\s>/!]+)([^>]*)>/g)) expect(elements).toContain(name);
        expect(page).not.toMatch(/<[^>]* on[a-z]+=/i);
        expect(page).not.toMatch(/(src|href)="(?!#)/);
      }),
      { numRuns: 60 },
    );
  });

  it('stays small with 30 changed resources', () => {
    expect(previewHtml(many(30)).length).toBeLessThan(200_000);
  });
});

describe('the text', () => {
  it('moves no cursor and changes no colour', () => {
    fc.assert(
      fc.property(hostilePreview, preview => {
        expect(previewText(preview, { colour: false })).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\u2028\u2029]/u);
      }),
      { numRuns: 100 },
    );
  });
});

describe('annotations', () => {
  it('stay within what a check run takes, and name a line of the head', () => {
    fc.assert(
      fc.property(hostilePreview, preview => {
        for (const each of annotationsOf(preview)) {
          expect(each.title.length).toBeLessThanOrEqual(255);
          expect(each.message.length).toBeLessThan(64_000);
          expect(each.start_line).toBeGreaterThan(0);
        }
      }),
    );
  });

  it('are not made for removals, whose lines the head does not have', () => {
    const [resource] = many(1).resources;
    if (resource === undefined) throw new Error('no resource');
    const removal: Preview = {
      ...many(0),
      resources: [{ ...resource, action: 'remove', risks: ['removal'] }],
    };
    expect(annotationsOf(removal)).toEqual([]);
  });
});
