import { html, type Markup } from '../report/markup.ts';
import { brief } from '../report/terminal.ts';

/** A path of a field: a long one may go on in another line, but not in the middle of a name. */
export function pathMarkup(path: string): Markup {
  const shown = brief(path, 500);
  if (shown.length < 36) return html`${shown}`;
  const parts = shown.split(/(?=\/)/);
  return html`${parts.map((part, index) => (index === 0 ? html`${part}` : html`<wbr>${part}`))}`;
}
