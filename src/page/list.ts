import { html, type Markup } from '../report/markup.ts';

const together = 50;

/**
 * Articles below each other. Of many a browser lays out only the groups that are near what is seen, so that thousands open at once;
 * they stay in the page for search, print and readers without script.
 */
export function listOf(articles: readonly Markup[]): Markup {
  if (articles.length <= 2 * together) return html`${articles}`;
  const groups: Markup[] = [];
  for (let at = 0; at < articles.length; at += together)
    groups.push(html`<div class="group">${articles.slice(at, at + together)}</div>\n`);
  return html`${groups}`;
}
