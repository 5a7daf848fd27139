import type { FieldChange } from '../../findings/finding.ts';
import { pathMarkup } from '../../page/path.ts';
import { html, type Markup } from '../../report/markup.ts';
import { brief } from '../../report/terminal.ts';
import { changeWords } from '../../report/words.ts';

/** The fields of a finding: declared, live, who. */
export function changesTable(changes: readonly FieldChange[]): Markup {
  if (changes.length === 0) return html``;
  return html`<div class="table" role="region" aria-label="Fields" tabindex="0"><table>
<thead><tr><th scope="col">Field</th><th scope="col">Declared</th><th scope="col">Live</th><th scope="col">By</th></tr></thead>
<tbody>
${changes.map(row)}</tbody>
</table></div>
`;
}

function row(change: FieldChange): Markup {
  const words = changeWords(change);
  const values =
    words.secret === undefined
      ? html`<td data-label="Declared"><del>${brief(words.declared, 500)}</del></td><td data-label="Live"><ins>${brief(words.live, 500)}</ins></td>`
      : html`<td colspan="2">${words.secret}</td>`;
  return html`<tr><th scope="row"><code>${pathMarkup(words.path)}</code></th>${values}<td data-label="By">${brief(words.by ?? '')}</td></tr>
`;
}
