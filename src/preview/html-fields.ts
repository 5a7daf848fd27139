import { pathMarkup } from '../page/path.ts';
import { html, type Markup } from '../report/markup.ts';
import { brief } from '../report/terminal.ts';
import { plural } from '../report/words.ts';
import type { FieldPreview } from './model.ts';
import { fieldWords } from './words.ts';

const mostFields = 200;

/** Each field with what it is before, after and in live. `fits` says whether the page has room for so many characters more. */
export function fieldList(fields: readonly FieldPreview[], fits: (size: number) => boolean): Markup {
  if (fields.length === 0) return html``;
  const rows = html`${fields.slice(0, mostFields).map(fieldRow)}`;
  if (!fits(rows.text.length))
    return html`<p>${plural(fields.length, 'field')}, for which this page has no room; preview.json has them.</p>`;
  const more = fields.length - mostFields;
  return html`<dl>${rows}</dl>${more > 0 ? html`<p>and ${plural(more, 'more field')}</p>` : ''}`;
}

function fieldRow(field: FieldPreview): Markup {
  const words = fieldWords(field);
  const values =
    words.secret === undefined
      ? html`<dd><del>${brief(words.before, 500)}</del> <ins>${brief(words.after, 500)}</ins></dd><dd>${brief(words.aside ?? liveWords(field), 500)}</dd>`
      : html`<dd>${brief(words.secret, 300)}</dd><dd></dd>`;
  return html`<dt>${pathMarkup(words.path)}</dt>${values}`;
}

/** Nothing at all would not tell whether anybody looked. */
function liveWords({ why, live }: FieldPreview): string {
  return why === 'merge' && live !== undefined ? 'live is as before' : '';
}
