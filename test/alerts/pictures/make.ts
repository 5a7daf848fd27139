import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openBrowser } from '../../real/support/browser.ts';
import { playHour } from '../hour/script.ts';
import { channelHtml, storyHtml } from './html.ts';

/** Draws every message of the bad hour, with its edits and its thread, and the first one as people meet it. */
const folder = fileURLToPath(new URL('../../../docs/pictures', import.meta.url));
const { slack } = await playHour();
const { history } = slack.workspace;
const browser = await openBrowser();
try {
  mkdirSync(folder, { recursive: true });
  for (const file of readdirSync(folder)) if (/^slack-/.test(file)) rmSync(`${folder}/${file}`);
  const first = history[0];
  const pages = new Map(
    slack.messages.map(({ ts, text }, index) => [nameOf(index, text), storyHtml(history, ts)]),
  );
  if (first !== undefined) pages.set('slack-drift', channelHtml([first]));
  for (const [name, html] of pages) {
    const page = await browser.newPage({ viewport: { width: 860, height: 200 } });
    await page.setContent(html);
    writeFileSync(`${folder}/${name}.png`, await page.locator('main').screenshot({ type: 'png' }));
    await page.close();
    process.stdout.write(`docs/pictures/${name}.png\n`);
  }
} finally {
  await browser.close();
}

/** `slack-1-deployment-cart`, from the first line of a message. */
function nameOf(index: number, text: string): string {
  const [, kind = 'digest', name = ''] = /: (?:the )?([A-Za-z]+) [\w-]+\/([\w-]+)/.exec(text) ?? [];
  return ['slack', index + 1, kind.toLowerCase(), name].filter(part => part !== '').join('-');
}
