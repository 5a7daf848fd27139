import { statSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { expect, vi } from 'vitest';
import { previewHtml } from '../../../src/preview/html.ts';
import type { Preview } from '../../../src/preview/model.ts';

export interface PageFigures {
  bytes: number;
  firstPaintMs: number;
  /** While the page loads, and while a reader filters, walks and expands; tasks of less than 50 ms are not told. */
  tasksMs: { load: number[]; use: number[] };
  longestTaskMs: number;
  /** Of the page's main thread, whatever else the machine does: all of loading, and of filtering and expanding. */
  cpuMs: { load: number; use: number };
  load: number;
}

/** Opens a preview of many resources in a browser, filters it, walks it and expands all of it. */
export async function measured(browser: Browser, preview: Preview, folder: string): Promise<PageFigures> {
  const file = join(folder, 'large.html');
  writeFileSync(file, previewHtml(preview));
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
  await page.addInitScript(
    `window.tasks = []; new PerformanceObserver(list => tasks.push(...list.getEntries().map(e => Math.round(e.duration)))).observe({ type: 'longtask', buffered: true })`,
  );
  const tasks = async () => (await page.evaluate('tasks.splice(0)')) as number[];
  const settled = () =>
    page.evaluate('new Promise(done => requestIdleCallback(() => setTimeout(done, 50), { timeout: 3000 }))');
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  const cpuMs = async () => {
    const { metrics } = await devtools.send('Performance.getMetrics');
    return Math.round(1_000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0));
  };
  await page.goto(`file://${file}`);
  await settled();
  const loadCpuMs = await cpuMs();
  const load = await tasks();
  const firstPaintMs = (await page.evaluate(
    `Math.round(performance.getEntriesByName('first-contentful-paint')[0].startTime)`,
  )) as number;
  await page.keyboard.press('/');
  await page.keyboard.type('c4711');
  await page.getByText('1 of 5000 shown').waitFor();
  await page.locator('input').fill('');
  await page.locator('article:visible').nth(3).waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('n');
  await page.keyboard.press('e');
  // Asked from outside: the page's own policy forbids what a wait inside the page evaluates.
  await vi.waitFor(
    async () => expect(await page.locator('article > details:not([open])').count(), 'still closed').toBe(0),
    { timeout: 60_000, interval: 100 },
  );
  await settled();
  const use = await tasks();
  const useCpuMs = (await cpuMs()) - loadCpuMs;
  await page.close();
  return {
    bytes: statSync(file).size,
    firstPaintMs,
    tasksMs: { load, use },
    cpuMs: { load: loadCpuMs, use: useCpuMs },
    longestTaskMs: Math.max(0, ...load, ...use),
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  };
}
