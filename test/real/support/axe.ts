import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

/** What axe finds broken of WCAG 2.2 A and AA and of good practice: `rule: elements`. */
export async function violations(page: Page): Promise<string[]> {
  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  // the page's own policy allows no other script: this one comes through the debugger
  await page.evaluate(`${axe}; undefined`);
  const found: unknown = await page.evaluate(
    `axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']}).then(r => r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html).join(' | ')))`,
  );
  return found as string[];
}
