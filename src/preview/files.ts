import { renderJson } from '../report/json.ts';
import { annotationsOf } from './annotations.ts';
import { previewHtml } from './html.ts';
import { markerOf, previewMarkdown } from './markdown.ts';
import type { Preview } from './model.ts';
import { previewText } from './text.ts';

export type PreviewFormat = 'text' | 'json' | 'html' | 'markdown';

export function renderPreview(preview: Preview, format: PreviewFormat, options: { colour: boolean }): string {
  switch (format) {
    case 'text':
      return previewText(preview, options);
    case 'json':
      return renderJson(preview);
    case 'html':
      return previewHtml(preview);
    case 'markdown':
      return previewMarkdown(preview);
  }
}

/** Each way in which CI shows a preview, by file name. `link` is where the page can be opened, for the comment. */
export function previewFiles(preview: Preview, link: string | undefined): Map<string, string> {
  const marker = markerOf(preview.environment);
  return new Map([
    ['preview.html', previewHtml(preview)],
    ['preview.json', renderJson(preview)],
    ['comment.md', previewMarkdown(preview, { limit: 60_000, link, marker })],
    // a step summary is 1 MiB at most, and beyond it GitHub shows none of it
    ['summary.md', previewMarkdown(preview, { limit: 240_000, link })],
    ['annotations.json', renderJson({ annotations: annotationsOf(preview) })],
  ]);
}
