import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Sync } from '../../../src/converge/sync.ts';
import type { StoredReport } from '../../../src/incidents/drift-report.ts';
import { loopbackAccess } from '../../../src/web/access/loopback.ts';
import { pageApp } from '../../../src/web/page/app.ts';
import { type Listening, serve } from '../../../src/web/server.ts';
import { incident, readerOf, report, sync } from '../../web/page-sample.ts';
import { violations } from '../support/axe.ts';
import { openBrowser } from '../support/browser.ts';

let browser: Browser;
let held: { reports: StoredReport[]; syncs: Sync[] };
let listening: Listening;
let pages: Page[];

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  held = { reports: [report()], syncs: [sync()] };
  pages = [];
  const app = pageApp({ reader: readerOf(held), access: loopbackAccess(), lookEveryMs: 20 });
  listening = await serve(app, { host: '127.0.0.1', port: 0 });
});
afterEach(async () => {
  for (const page of pages) await page.close();
  await listening.close();
});

async function open(
  path: string,
  options: { width?: number; scheme?: 'light' | 'dark'; script?: boolean } = {},
) {
  const { width = 1200, scheme = 'light', script = true } = options;
  const page = await browser.newPage({
    viewport: { width, height: 900 },
    colorScheme: scheme,
    javaScriptEnabled: script,
  });
  pages.push(page);
  const errors: string[] = [];
  page.on('pageerror', error => errors.push(error.message));
  page.on('console', message => message.type() === 'error' && errors.push(message.text()));
  await page.goto(`${listening.url}${path}`);
  return { page, errors };
}

describe('the page of the daemon, in a browser', () => {
  it.each([
    ['/', { scheme: 'light' }],
    ['/', { scheme: 'dark', width: 390 }],
    ['/units/shop', { scheme: 'light', width: 390 }],
    ['/units/shop', { scheme: 'dark' }],
    ['/syncs/shop-cccccccc-x1', { scheme: 'light' }],
    ['/syncs/shop-cccccccc-x1', { scheme: 'dark', width: 390 }],
  ] as const)('%s is accessible: %j', async (path, options) => {
    const { page, errors } = await open(path, options);
    expect(await violations(page)).toEqual([]);
    expect(errors).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  });

  it('shows by itself what changed, and leaves open what a reader opened', async () => {
    held.reports = [report({ incidents: [incident(), incident({ key: 'drift/shop/other', id: 'i2' })] })];
    const { page, errors } = await open('/');
    await page.locator('article details').first().locator('summary').click();
    expect(await page.locator('article > details[open]').count()).toBe(1);

    held.reports = [
      report({
        incidents: [
          incident(),
          incident({ key: 'drift/shop/other', id: 'i2' }),
          incident({ key: 'drift/shop/third', id: 'i3' }),
        ],
      }),
    ];

    await page.getByText('What is open (3)').waitFor();
    expect(await page.locator('article > details[open]').count()).toBe(2);
    await page.keyboard.press('n');
    expect(await page.evaluate('document.activeElement.tagName')).toBe('SUMMARY');
    expect(errors).toEqual([]);
  });

  it('is whole without script', async () => {
    const { page } = await open('/', { script: false });
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('prod: 1 drifted');
    expect(await page.getByRole('table', { name: '' }).first().isVisible()).toBe(true);
    await page.getByRole('link', { name: 'shop', exact: true }).click();
    expect(page.url()).toMatch(/\/units\/shop$/);
  });
});
