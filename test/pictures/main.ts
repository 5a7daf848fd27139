import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { openBrowser } from '../real/support/browser.ts';
import { pageScenes } from './page.ts';
import { previewScenes } from './preview.ts';
import type { Scene } from './scene.ts';

/** `npm run pictures`: photographs of what people see, for the README and docs; looked at by a person before they are committed. */
const scenes: Scene[] = [...(await previewScenes()), ...pageScenes()];
const folder = fileURLToPath(new URL('../../docs/pictures/', import.meta.url));
await mkdir(folder, { recursive: true });
const browser = await openBrowser();
try {
  for (const { name, html, width, scheme, height = 900, whole = true } of scenes) {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme: scheme });
    await page.setContent(html);
    await page.screenshot({ path: `${folder}${name}.png`, fullPage: whole });
    await page.close();
    process.stdout.write(`docs/pictures/${name}.png\n`);
  }
} finally {
  await browser.close();
}
