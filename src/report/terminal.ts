/**
 * What must not reach a terminal as it is: control characters (line breaks and ESC among them), invisible and
 * direction-changing ones, line and paragraph separators, and halves of surrogate pairs.
 */
const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\u115f\u1160\u3164\uffa0]/gu;
const named: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\u001b': '\\e' };

/**
 * Text from outside as one line in which every character can be seen: `a\nb` instead of a line break. What comes out
 * moves no cursor, changes no colour and no direction of writing, and starts no new line.
 */
export function visible(text: string): string {
  return text.replace(unsafe, shown);
}

function shown(character: string): string {
  const known = named[character];
  if (known !== undefined) return known;
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

/** `visible`, and no longer than `max` characters: what is left out is counted. */
export function brief(text: string, max = 200): string {
  const sample = text.length > max * 2 ? text.slice(0, max * 2) : text;
  const line = visible(sample);
  if (sample.length === text.length && line.length <= max) return line;
  const kept = line.slice(0, max).replace(/[\ud800-\udbff]$/, '');
  return `${kept}… (${text.length} characters)`;
}

/** How words are set off on a terminal; with colour off every function gives back its text. */
export interface Paint {
  good(text: string): string;
  bad(text: string): string;
  unsure(text: string): string;
  strong(text: string): string;
  faint(text: string): string;
}

/** The text given must already be `visible`. */
export function paint(colour: boolean): Paint {
  const style = (open: number, close: number) => (text: string) =>
    colour ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  return {
    good: style(32, 39),
    bad: style(31, 39),
    unsure: style(33, 39),
    strong: style(1, 22),
    faint: style(2, 22),
  };
}

/** Colour only on a terminal that did not decline it (no-color.org: any value of NO_COLOR but the empty one declines). */
export function wantsColour(
  stream: { isTTY?: boolean | undefined },
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  return stream.isTTY === true && !environment['NO_COLOR'] && environment['TERM'] !== 'dumb';
}
