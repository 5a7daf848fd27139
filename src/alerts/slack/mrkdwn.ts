import type { Line, Piece } from '../../incidents/say.ts';
import { visible } from '../../report/terminal.ts';

/** No piece from outside is longer than this after escaping, so that any line of four fits into a section. */
const longestPiece = 600;
const longestLink = 500;

/** Text in which Slack finds no link, mention, channel or entity: `&`, `<` and `>` are escaped, `@here` is broken up. */
export function escapeSlack(text: string): string {
  return [...visible(text)]
    .map(escaped)
    .join('')
    .replace(/@(?=here|channel|everyone)/gi, '@\u200b');
}

function escaped(character: string): string {
  return { '&': '&amp;', '<': '&lt;', '>': '&gt;' }[character] ?? character;
}

/** Text from outside as a code span, in which no formatting means anything; shortened before an escape is cut. */
export function codeSpan(text: string, max = longestPiece): string {
  const shown = shortened(text === '' ? ' ' : text, max - 2, character =>
    character === '`' ? '\u02cb' : character,
  );
  return `\`${shown}\``;
}

/** Text from outside where there is no formatting, as in a notification. */
export function plainText(text: string, max = longestPiece): string {
  return shortened(text, max, character => character);
}

function shortened(text: string, max: number, replace: (character: string) => string): string {
  const ending = `… (${text.length} characters)`;
  const whole = escapeSlack([...text.slice(0, max + 1)].map(replace).join(''));
  if (text.length <= max && whole.length <= max) return whole;
  let kept = '';
  for (const character of visible(text.slice(0, max))) {
    const next = escaped(replace(character));
    // Room is left for the zero-width spaces that escapeSlack adds, one for five characters at most.
    if (kept.length + next.length > (max - ending.length) * 0.8) break;
    kept += next;
  }
  return `${kept.replace(/@(?=here|channel|everyone)/gi, '@\u200b')}${ending}`;
}

/** A line as mrkdwn. */
export function mrkdwnLine(line: Line): string {
  return `${line.inner === true ? '      ' : ''}${mrkdwn(line.pieces)}`;
}

export function mrkdwn(pieces: readonly Piece[]): string {
  return pieces
    .map(piece => {
      if ('words' in piece) return escapeSlack(piece.words);
      const link = piece.link === undefined ? undefined : safeLink(piece.link);
      return link === undefined ? codeSpan(piece.outside) : `<${link}|${label(piece.outside)}>`;
    })
    .join('');
}

/** The same pieces without formatting. */
export function plain(pieces: readonly Piece[]): string {
  return pieces
    .map(piece => ('words' in piece ? escapeSlack(piece.words) : plainText(piece.outside, 200)))
    .join('');
}

function safeLink(link: string): string | undefined {
  const url = URL.parse(link);
  if (url === null || !/^https?:$/.test(url.protocol)) return undefined;
  const href = url.href
    .replace(/[|<>`@]/g, character => encodeURIComponent(character))
    .replaceAll('&', '&amp;');
  return href.length > longestLink ? undefined : href;
}

function label(text: string): string {
  return plainText(text, 300).replace(
    /[|`*~_]/g,
    character => ({ '|': '\u00a6', '`': '\u02cb' })[character] ?? `\u200b${character}`,
  );
}
