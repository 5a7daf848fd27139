import { html } from '../report/markup.ts';

/** The style sheet of every page: light, dark, forced colours, print; AA contrast; signs besides colour. */
export const pageStyle = html`
:root { color-scheme: light dark; --text: #1b1f24; --soft: #555f6a; --back: #ffffff; --panel: #f5f7f9; --line: #d3dae1; --was: #8a3b00; --was-back: #fff1e5; --now: #0a4fa3; --now-back: #e7f1ff; --bad: #a40e26; --bad-back: #fdecee; --warn: #7a4b00; --good: #116329; --focus: #0a4fa3; }
@media (prefers-color-scheme: dark) { :root { --text: #e6e9ec; --soft: #a4afba; --back: #0f1316; --panel: #181d22; --line: #323a42; --was: #ffb27a; --was-back: #33200f; --now: #93c5ff; --now-back: #10243c; --bad: #ff9aa5; --bad-back: #34171c; --warn: #f2c46d; --good: #7ee2a0; --focus: #93c5ff; } }
* { box-sizing: border-box; }
body { margin: 0; font: .9375rem/1.5 system-ui, sans-serif; color: var(--text); background: var(--back); overflow-wrap: anywhere; }
main, header.top { max-width: 72rem; margin: 0 auto; padding: 0 1.25rem; }
header.top { padding-top: 1.6rem; }
main { padding-bottom: 4rem; }
h1 { font-size: 1.55rem; line-height: 1.25; letter-spacing: -.01em; margin: 0 0 .4rem; }
h2 { font-size: 1.1rem; margin: 2rem 0 .6rem; }
h3 { font-size: 1rem; margin: 0; font-weight: 600; }
p { margin: .3rem 0; }
a { color: var(--now); text-underline-offset: .15em; }
code, pre, dt { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: .84rem; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 3px; }
.skip { position: absolute; left: -100rem; } .skip:focus { left: 1rem; top: .5rem; background: var(--back); padding: .3rem .6rem; z-index: 2; }
.soft { color: var(--soft); font-weight: normal; }
.bad { color: var(--bad); } .bad::before { content: "⚠ "; }
.unsure { color: var(--warn); }
.counts { display: flex; flex-wrap: wrap; gap: .5rem; padding: 0; margin: .9rem 0; list-style: none; }
.counts li { border: 1px solid var(--line); border-left: 4px solid var(--line); border-radius: 6px; padding: .2rem .8rem; background: var(--panel); }
.counts b { font-size: 1.1rem; }
.tag { border-radius: 999px; padding: 0 .6rem; font-size: .8rem; line-height: 1.6; white-space: nowrap; color: var(--bad); background: var(--bad-back); border: 1px solid transparent; }
ul.plain { list-style: none; padding: 0; margin: .3rem 0; } ul.plain > li { padding: .15rem 0; } ul.plain p { margin: .1rem 0 .1rem 1.2rem; }
.group { content-visibility: auto; contain-intrinsic-size: auto 145rem; }
article { border: 1px solid var(--line); border-left: 4px solid var(--line); border-radius: 6px; margin: .5rem 0; content-visibility: auto; contain-intrinsic-size: auto 2.6rem; } .group article { content-visibility: visible; }
article.create, .counts .create, article.past { border-left-color: var(--good); } article.change, .counts .change, article.blind { border-left-color: var(--warn); } article.remove, .counts .remove, article.recreate, .counts .recreate, article.failing, .counts .failing, article.open { border-left-color: var(--bad); }
summary { cursor: pointer; }
article > details > summary, .head { display: flex; flex-wrap: wrap; align-items: baseline; gap: .1rem .6rem; padding: .45rem .9rem; }
article > details > summary::before { content: "▸"; color: var(--soft); width: .7rem; } article > details[open] > summary::before { content: "▾"; }
article > details > summary:hover { background: var(--panel); }
summary > b { min-width: 5.2rem; font-weight: 600; font-size: .88rem; } summary > em { flex-basis: 100%; margin-left: 1.3rem; font-style: normal; font-weight: 600; }
summary > code, .head > code { margin-left: auto; color: var(--soft); }
.remove summary > b, .recreate summary > b { color: var(--bad); } .change summary > b { color: var(--warn); } .create summary > b { color: var(--good); } .none summary > b { color: var(--soft); }
.remove summary > b::before { content: "− " / ""; } .recreate summary > b::before { content: "! " / ""; } .change summary > b::before { content: "~ " / ""; } .create summary > b::before { content: "+ " / ""; } .none summary > b::before { content: "= " / ""; }
.counts .remove b::before { content: "− " / ""; } .counts .recreate b::before { content: "! " / ""; } .counts .change b::before { content: "~ " / ""; } .counts .create b::before { content: "+ " / ""; } .counts .none b::before { content: "= " / ""; } .counts .failing::before { content: "⚠ " / ""; color: var(--bad); }
article > p, article > details > :not(summary) { margin-left: 2.2rem; margin-right: .9rem; } article p { color: var(--soft); } article p.bad { color: var(--bad); } article > p:last-child, article > details > :last-child:not(summary) { margin-bottom: .7rem; }
details details > summary { color: var(--soft); font-size: .9rem; padding: .2rem 0; width: fit-content; }
dl { display: grid; grid-template-columns: minmax(0, 6fr) minmax(0, 5fr) minmax(0, 5fr); margin: .2rem 0 .4rem; }
dt, dd { margin: 0; padding: .3rem .6rem .3rem 0; border-top: 1px solid var(--line); }
dt { color: var(--soft); line-height: 1.7; } dd + dd { color: var(--soft); padding-right: 0; }
del, ins { text-decoration: none; border-radius: 3px; padding: 0 .25rem; white-space: pre-wrap; }
del { color: var(--was); background: var(--was-back); } del::before { content: "−\\00a0"; user-select: none; }
ins { color: var(--now); background: var(--now-back); } ins::before { content: "+\\00a0"; user-select: none; }
table { border-collapse: collapse; width: 100%; margin: .3rem 0; }
.table { overflow-x: auto; }
th, td { text-align: left; vertical-align: baseline; overflow-wrap: break-word; padding: .4rem .8rem .4rem 0; border-top: 1px solid var(--line); font-weight: normal; } tbody th { font-weight: 600; } article tbody th, .story tbody th { font-weight: normal; }
thead th { color: var(--soft); font-size: .85rem; border-top: 0; white-space: nowrap; }
pre { overflow-x: auto; overflow-wrap: normal; padding: .7rem .9rem; border: 1px solid var(--line); border-radius: 6px; background: var(--panel); margin: .4rem 0; }
.verdict { font-weight: 600; white-space: nowrap; } .verdict.drifted { color: var(--bad); } .verdict.unknown { color: var(--warn); } .verdict.in-sync { color: var(--good); }
.notice { border: 1px solid var(--line); border-left: 4px solid var(--warn); border-radius: 6px; padding: .4rem .9rem; margin: .5rem 0; background: var(--panel); }
.plot { margin: .5rem 0; } .plot svg { width: 100%; height: auto; max-width: 60rem; } .plot text { fill: var(--soft); font-size: 12px; } .plot .axis { fill: none; stroke: var(--line); } .plot .line { fill: none; stroke: var(--now); stroke-width: 2; stroke-linejoin: round; } .plot .area { fill: var(--now-back); }
ol.story { list-style: none; margin: .3rem 0; padding: 0 0 0 1rem; border-left: 2px solid var(--line); } ol.story > li { padding: .25rem 0; } ol.story time { color: var(--soft); font-variant-numeric: tabular-nums; margin-right: .6rem; }
.tools { display: flex; flex-wrap: wrap; gap: .6rem; align-items: center; margin: 1.2rem 0 0; }
.tools label { display: flex; flex-wrap: wrap; gap: .1rem .6rem; align-items: center; color: var(--soft); }
.tools input { font: inherit; color: var(--text); background: var(--back); border: 1px solid var(--soft); border-radius: 6px; padding: .3rem .6rem; width: min(20rem, 80vw); }
.tools button, dialog button { font: inherit; color: inherit; background: var(--panel); border: 1px solid var(--soft); border-radius: 6px; padding: .3rem .8rem; cursor: pointer; }
dialog { color: var(--text); background: var(--back); border: 1px solid var(--soft); border-radius: 10px; padding: 1.2rem 1.6rem; } dialog h2 { margin-top: 0; } dialog::backdrop { background: rgb(0 0 0 / .4); }
kbd { border: 1px solid var(--line); border-radius: 4px; padding: 0 .35rem; font: .8rem ui-monospace, monospace; }
[hidden] { display: none !important; }
@media (max-width: 44rem) {
  dl, table, tbody, tr, td, th { display: block; } thead { position: absolute; left: -100rem; }
  dd, td { border: 0; padding: .1rem 0; } dt, th { padding: .4rem 0 0; } dd:empty { display: none; } tr { border-top: 1px solid var(--line); padding: .3rem 0; } tr th, tr td { border: 0; }
  td[data-label]::before { content: attr(data-label) ": "; color: var(--soft); }
  main, header.top { padding-left: .9rem; padding-right: .9rem; } h1 { font-size: 1.3rem; } .plot text { font-size: 22px; }
  article > details > summary, .head { display: block; } summary > *, .head > * { margin-right: .4rem; } h3 { display: inline; } article > details > summary::before { margin-right: .4rem; }
  summary > em, summary > code, .head > code { display: block; margin-left: 0; } article > p, article > details > :not(summary) { margin-left: .9rem; }
}
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
@media (forced-colors: active) { article, .counts li, .notice { border-left-color: CanvasText; } .tag { border-color: CanvasText; } del { text-decoration: line-through; } ins { text-decoration: underline; } }
@media print { .tools, .skip, dialog { display: none; } html { font-size: 11px; } article, .group { content-visibility: visible; } article { break-inside: avoid; } article > details::details-content { content-visibility: visible; block-size: auto; } }
`;
