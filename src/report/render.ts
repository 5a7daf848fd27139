import { renderHtml } from './html.ts';
import { renderJson } from './json.ts';
import { renderMarkdown } from './markdown.ts';
import type { Report } from './report.ts';
import { renderText } from './text.ts';

export const reportFormats = ['text', 'json', 'html', 'markdown'] as const;
export type ReportFormat = (typeof reportFormats)[number];

/** The report in one of the formats of `-o`; colour is only for text. Ends with a line break. */
export function renderReport(report: Report, format: ReportFormat, options: { colour: boolean }): string {
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
