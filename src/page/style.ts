import { html } from '../report/markup.ts';

/** The style sheet of every page: light, dark, forced colours, print; AA contrast; signs besides colour. */
export const pageStyle = html`
:root { color-scheme: light dark; --text: #1b1f24; --soft: #545d68; --back: #ffffff; --panel: #f5f7f9; --line: #c9d1d9; --was: #8a3b00; --was-back: #fff1e5; --now: #0a4fa3; --now-back: #e7f1ff; --bad: #a40e26; --warn: #7a4b00; --good: #116329; --focus: #0a4fa3; }
@media (prefers-color-scheme: dark) { :root { --text: #e6e9ec; --soft: #a4afba; --back: #0f1316; --panel: #181d22; --line: #3a434c; --was: #ffb27a; --was-back: #33200f; --now: #93c5ff; --now-back: #10243c; --bad: #ff9aa5; --warn: #f2c46d; --good: #7ee2a0; --focus: #93c5ff; } }
* { box-sizing: border-box; }
body { margin: 0; font: 15px/1.5 system-ui, sans-serif; color: var(--text); background: var(--back); }
main, header.top, footer { max-width: 76rem; margin: 0 auto; padding: 0 1rem; }
header.top { padding-top: 1.2rem; }
main { padding-bottom: 3rem; }
h1 { font-size: 1.45rem; line-height: 1.3; margin: 0 0 .3rem; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin: 1.8rem 0 .5rem; overflow-wrap: anywhere; }
h3 { font-size: 1rem; margin: 0; display: inline; font-weight: 600; overflow-wrap: anywhere; }
p { margin: .3rem 0; }
a { color: var(--now); }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: .86rem; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
.skip { position: absolute; left: -100rem; } .skip:focus { left: 1rem; top: .5rem; background: var(--back); padding: .3rem .6rem; z-index: 2; }
.soft { color: var(--soft); }
.counts { display: flex; flex-wrap: wrap; gap: .5rem; padding: 0; margin: .8rem 0; list-style: none; }
.counts li { border: 1px solid var(--line); border-radius: 6px; padding: .25rem .7rem; background: var(--panel); }
.counts b { font-size: 1.15rem; }
.tag { display: inline-block; border: 1px solid currentColor; border-radius: 999px; padding: 0 .55rem; font-size: .8rem; white-space: nowrap; }
.what { white-space: normal; font-weight: 600; border-radius: 6px; }
.risk { color: var(--bad); } .unsure { color: var(--warn); }
.problem { color: var(--bad); margin: .3rem 0; overflow-wrap: anywhere; } .problem::before { content: "⚠ "; }
.note { color: var(--soft); margin: .3rem 0; overflow-wrap: anywhere; }
ul.plain { list-style: none; padding: 0; margin: .3rem 0; } ul.plain li { overflow-wrap: anywhere; padding: .1rem 0; }
article { border: 1px solid var(--line); border-left-width: 5px; border-radius: 6px; margin: .6rem 0; background: var(--panel); content-visibility: auto; contain-intrinsic-size: auto 3rem; }
article.remove, article.recreate, article.failing { border-left-color: var(--bad); } article.change { border-left-color: var(--warn); } article.create { border-left-color: var(--good); }
details > summary { cursor: pointer; padding: .5rem .8rem; overflow-wrap: anywhere; }
details > .body { padding: 0 .8rem .7rem; }
.verdict { font-weight: 600; white-space: nowrap; } .verdict.drifted { color: var(--bad); } .verdict.unknown { color: var(--warn); } .verdict.in-sync { color: var(--good); }
.plot { margin: .5rem 0; } .plot svg { width: 100%; height: auto; max-width: 60rem; } .plot text { fill: var(--soft); font-size: 12px; } .plot .axis { fill: none; stroke: var(--line); } .plot .line { fill: none; stroke: var(--now); stroke-width: 2; }
.sign { font-family: ui-monospace, monospace; font-weight: 700; }
.table { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin: .3rem 0; }
th, td { text-align: left; vertical-align: top; padding: .3rem .5rem; border-top: 1px solid var(--line); overflow-wrap: anywhere; font-weight: normal; min-width: 6rem; }
thead th { color: var(--soft); font-size: .85rem; border-top: 0; }
del { color: var(--was); background: var(--was-back); text-decoration: none; } del::before { content: "- "; user-select: none; }
ins { color: var(--now); background: var(--now-back); text-decoration: none; } ins::before { content: "+ "; user-select: none; }
pre { overflow-x: auto; padding: .6rem; border: 1px solid var(--line); border-radius: 4px; background: var(--back); margin: .4rem 0; }
.tools { display: flex; flex-wrap: wrap; gap: .6rem; align-items: center; margin: 1rem 0; }
.tools input { font: inherit; color: inherit; background: var(--back); border: 1px solid var(--soft); border-radius: 4px; padding: .3rem .5rem; min-width: min(22rem, 100%); }
.tools button { font: inherit; color: inherit; background: var(--panel); border: 1px solid var(--soft); border-radius: 4px; padding: .3rem .7rem; cursor: pointer; }
dialog { color: var(--text); background: var(--back); border: 1px solid var(--soft); border-radius: 8px; } kbd { border: 1px solid var(--soft); border-radius: 3px; padding: 0 .3rem; font-size: .85rem; }
[hidden] { display: none; }
@media (max-width: 40rem) { table, tbody, tr, td, th { display: block; } thead { position: absolute; left: -100rem; } td[data-label]::before { content: attr(data-label) ": "; color: var(--soft); } tr { border-top: 1px solid var(--line); padding: .3rem 0; } th, td { border: 0; padding: .1rem 0; } }
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
@media (forced-colors: active) { article { border-left: 5px solid CanvasText; } .tag { border-color: CanvasText; } }
@media print { .tools, .skip { display: none; } article { break-inside: avoid; content-visibility: visible; } }
`;
