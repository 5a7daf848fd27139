import type { FakeEvent, FakeMessage } from '../../fakes/slack/state.ts';

/** Text as HTML shows it. */
function escaped(text: string): string {
  return text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`);
}

/** What Slack's own escapes stand for. */
function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

const signs: Record<string, string> = {
  ':red_circle:': '<i class="dot" style="background:#d92b2b"></i>',
  ':large_orange_circle:': '<i class="dot" style="background:#e8912d"></i>',
  ':large_blue_circle:': '<i class="dot" style="background:#2f7ed8"></i>',
  ':white_check_mark:': '<i class="done">✓</i>',
  ':see_no_evil:': '<i class="dot" style="background:#888"></i>',
};

/** mrkdwn as Slack shows it, as far as messages of ours use it: code spans, bold, links, calls of people, signs. */
export function mrkdwnHtml(text: string): string {
  const pattern =
    /`([^`\n]+)`|\*([^*\n]+)\*|<(https?:[^|>]+)\|([^>]+)>|<(?:!subteam\^|@|!)([\w-]+)>|(:[a-z_]+:)/g;
  let html = '';
  let at = 0;
  for (const match of text.matchAll(pattern)) {
    html += plain(text.slice(at, match.index));
    const [, code, bold, link, label, called, sign] = match;
    if (code !== undefined) html += `<code>${plain(code)}</code>`;
    else if (bold !== undefined) html += `<b>${plain(bold)}</b>`;
    else if (link !== undefined) html += `<a>${plain(label ?? link)}</a>`;
    else if (called !== undefined) html += `<span class="call">@${plain(called)}</span>`;
    else html += signs[sign ?? ''] ?? plain(sign ?? '');
    at = match.index + match[0].length;
  }
  return html + plain(text.slice(at));
}

function plain(text: string): string {
  return escaped(unescaped(text)).replaceAll('\n', '<br>');
}

interface Text {
  text: string;
}

/** Blocks as Slack lays them out. An unknown one is an error, so that no picture leaves anything out. */
export function blockHtml(block: unknown): string {
  const { type, text, elements } = block as { type: string; text?: Text; elements?: unknown[] };
  if (type === 'section' && text !== undefined) return `<div class="section">${mrkdwnHtml(text.text)}</div>`;
  if (type === 'actions') return `<div class="actions">${(elements ?? []).map(elementHtml).join('')}</div>`;
  throw new Error(`a block of the type ${type} cannot be drawn`);
}

function elementHtml(element: unknown): string {
  const { type, text, placeholder, style } = element as {
    type: string;
    text?: Text;
    placeholder?: Text;
    style?: string;
  };
  if (type === 'overflow') return '<span class="button">⋯</span>';
  if (type === 'static_select') return `<span class="button">${escaped(placeholder?.text ?? '')} ▾</span>`;
  return `<span class="button ${style ?? ''}">${escaped(text?.text ?? '')}</span>`;
}

function time(ms: number): string {
  return new Date(ms).toISOString().slice(11, 16);
}

function messageHtml(message: FakeMessage, label: string): string {
  return `<div class="message"><div class="face">H</div><div class="body"><div class="name">Holdfast <span>APP</span> <time>${escaped(label)}</time></div>${message.blocks.map(blockHtml).join('')}</div></div>`;
}

/** One message in all its states, in order, with its thread, as a page. */
export function storyHtml(history: readonly FakeEvent[], ts: string): string {
  const events = history.filter(({ message }) => message.ts === ts || message.thread === ts);
  const parts = events.map(({ at, what, message }) => {
    const reply = message.thread !== undefined;
    const edited = what === 'edit' ? ' (edited)' : '';
    const html = messageHtml(message, `${time(at)}${edited}`);
    return reply ? `<div class="thread">${html}</div>` : html;
  });
  return page(parts.join(''));
}

/** Messages as a channel shows them. */
export function channelHtml(messages: readonly { at: number; message: FakeMessage }[]): string {
  return page(messages.map(({ at, message }) => messageHtml(message, time(at))).join(''));
}

function page(body: string): string {
  return `<!doctype html><meta charset="utf-8"><style>${style}</style><main>${body}</main>`;
}

const style = `
* { box-sizing: border-box }
body { margin: 0; background: #fff; color: #1d1c1d; font: 14px/1.46 "DejaVu Sans", sans-serif }
main { width: 860px; padding: 10px 16px; will-change: transform }
.message { display: flex; gap: 10px; padding: 7px 0 }
.face { flex: none; width: 34px; height: 34px; border-radius: 6px; background: #23395d; color: #fff; font-weight: bold; text-align: center; line-height: 34px }
.body { min-width: 0; flex: 1 }
.name { font-weight: bold } .name span { font-size: 9px; background: #e8e8e8; color: #616061; border-radius: 2px; padding: 1px 3px } .name time { color: #616061; font-weight: normal; font-size: 12px }
.section { margin: 2px 0; white-space: pre-wrap; overflow-wrap: anywhere }
code { font: 12px "DejaVu Sans Mono", monospace; color: #a5183f; background: #f6f6f6; border: 1px solid #ddd; border-radius: 3px; padding: 1px 3px }
a { color: #1264a3 } .call { background: #fdf2d0; color: #1264a3; border-radius: 3px; padding: 0 2px }
.dot { display: inline-block; width: 12px; height: 12px; border-radius: 50%; vertical-align: -1px } .done { color: #fff; background: #2f9e63; border-radius: 3px; padding: 0 3px; font-style: normal; font-size: 11px }
.thread { margin-left: 44px; border-left: 3px solid #e3e3e3; padding-left: 12px } .thread .face { width: 24px; height: 24px; line-height: 24px; font-size: 12px }
.actions { margin: 6px 0 2px; display: flex; gap: 8px } .button { border: 1px solid #bbb; border-radius: 4px; padding: 3px 10px; font-weight: bold; font-size: 13px } .primary { background: #007a5a; border-color: #007a5a; color: #fff } .danger { background: #e01e5a; border-color: #e01e5a; color: #fff }
`;
