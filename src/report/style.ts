import { html } from './markup.ts';

/** The style sheet of the page: light and dark, readable contrast, and signs besides colour. */
export const pageStyle = html`
:root { color-scheme: light dark; --text: #1c2024; --back: #fff; --line: #d4d8dd; --was: #8a3b00; --now: #0a4fa3; }
@media (prefers-color-scheme: dark) { :root { --text: #e6e9ec; --back: #14171a; --line: #3a4047; --was: #ffb27a; --now: #8ec2ff; } }
body { margin: 0; font: 15px/1.5 system-ui, sans-serif; color: var(--text); background: var(--back); }
main { max-width: 70rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.3rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
h2.drifted::before { content: "! "; } h2.unknown::before { content: "? "; }
details { border: 1px solid var(--line); border-radius: 4px; margin: .5rem 0; padding: .5rem .8rem; content-visibility: auto; }
summary { cursor: pointer; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; margin-top: .5rem; }
th, td { text-align: left; vertical-align: top; padding: .25rem .5rem; border-top: 1px solid var(--line); overflow-wrap: anywhere; font-weight: normal; }
del { color: var(--was); text-decoration: none; } del::before { content: "- "; }
ins { color: var(--now); text-decoration: none; } ins::before { content: "+ "; }
`;
