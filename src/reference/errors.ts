import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { failureCodes } from '../failure/codes.ts';

/** Where the codes are published for people; checked to be fresh by a test. */
export const publishedPage: string = fileURLToPath(new URL('../../docs/errors.md', import.meta.url));

/** The text of the published page: every code with what it means and what to do. */
export function pageText(): string {
  const rows = Object.entries(failureCodes).map(
    ([code, { title, advice }]) => `| \`${code}\` | ${title} | ${advice} |`,
  );
  return [
    '# Error codes',
    '',
    'Every error says its code, what happened, where, and what to do. Codes are stable. `npm run docs` writes this page.',
    '',
    '| code | what it means | what to do |',
    '|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

if (import.meta.main) writeFileSync(publishedPage, pageText());
