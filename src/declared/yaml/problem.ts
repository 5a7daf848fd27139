/** Why a document cannot be read, at an offset of the text that was parsed. */
export class YamlError extends Error {
  readonly offset: number;
  readonly kind: 'syntax' | 'value';

  constructor(offset: number, reason: string, kind: 'syntax' | 'value' = 'syntax') {
    super(reason);
    this.name = 'YamlError';
    this.offset = offset;
    this.kind = kind;
  }
}

/** A document that cannot be read: at which line of the file, and why. */
export interface YamlProblem {
  line: number;
  reason: string;
  /** What is in the way is a template that has not been rendered. */
  template?: boolean;
}

/** The line, from 1, of an offset. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

/** Text from a file in a message: short, and nothing in it that a terminal or a log would obey. */
export function quoted(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 57)}…` : text;
  return `‘${short.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\u{fffd}')}’`;
}
