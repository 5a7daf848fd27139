import { renderHtml } from './html.ts';
import { renderJson } from './json.ts';
import { renderMarkdown } from './markdown.ts';
import type { Report } from './report.ts';
import { renderText, type TextOptions } from './text.ts';

export const reportFormats = ['text', 'json', 'html', 'markdown'] as const;
export type ReportFormat = (typeof reportFormats)[number];

/** The report in one of the formats of `-o`; the options are for text alone. Ends with a line break. */
export function renderReport(report: Report, format: ReportFormat, options: TextOptions): string {
  switch (format) {
    case 'text':
      return renderText(report, options);
    case 'json':
      return renderJson(report);
    case 'html':
      return renderHtml(report);
    case 'markdown':
      return renderMarkdown(report);
  }
}
