import { createHash } from 'node:crypto';
import { html, Markup } from '../report/markup.ts';
import { liveScript } from './live-script.ts';
import { pageScript } from './script.ts';
import { pageStyle } from './style.ts';

const hashOf = (text: string) => `sha256-${createHash('sha256').update(text).digest('base64')}`;

/** A page loads nothing: its one style sheet and one script are named by their hashes. */
export const pagePolicy = `default-src 'none'; style-src '${hashOf(pageStyle.text)}'; script-src '${hashOf(pageScript)}'; base-uri 'none'; form-action 'none'`;

/** Of a page that a server gives: it may also ask its own server what changed. */
export const livePolicy = `default-src 'none'; style-src '${hashOf(pageStyle.text)}'; script-src '${hashOf(pageScript)}' '${hashOf(liveScript)}'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`;

export interface PageParts {
  title: string;
  /** Stands in `<header>`, before the tools. */
  head: Markup;
  main: Markup;
  /** What the filter looks through: `resources`. */
  filtered: string;
  /** Served by the daemon: it takes over what changes. Its policy is in a header then. */
  live?: boolean;
}

/** One self-contained file that is whole without its script. */
export function pageDocument({ title, head, main, filtered, live = false }: PageParts): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${
  live
    ? ''
    : html`<meta http-equiv="Content-Security-Policy" content="${pagePolicy}">
`
}<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${pageStyle}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="top">
${head}</header>
<main id="main" tabindex="-1">
${tools(filtered)}${main}</main>
<dialog aria-labelledby="help-title"><h2 id="help-title">Keys</h2>
<ul class="plain"><li><kbd>n</kbd> or <kbd>j</kbd> next</li><li><kbd>p</kbd> or <kbd>k</kbd> previous</li><li><kbd>e</kbd> expand or collapse all</li><li><kbd>/</kbd> filter</li><li><kbd>?</kbd> this help</li><li><kbd>Esc</kbd> close</li></ul>
<form method="dialog"><button>Close</button></form></dialog>
<script>${Markup.trusted(pageScript)}</script>
${
  live
    ? html`<script>${Markup.trusted(liveScript)}</script>
`
    : ''
}</body>
</html>
`.text;
}

function tools(filtered: string): Markup {
  return html`<div class="tools" hidden><label>Filter ${filtered} <input type="search" autocomplete="off" spellcheck="false"></label> <button type="button" data-do="expand">Expand all <kbd>e</kbd></button> <button type="button" data-do="help">Keys <kbd>?</kbd></button> <output aria-live="polite"></output></div>
`;
}

/** A stable id made of harmless characters, for links into the page. */
export function anchorOf(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll('%2F', '/').replaceAll("'", '%27');
}
