/** A piece of a message: our own words, or text from outside that must be shown and never interpreted. */
export type Piece = { words: string } | { outside: string; link?: string };

/** A line of a message. Each outlet shows pieces from outside in its own harmless way. */
export interface Line {
  pieces: Piece[];
  /** Belongs to the line above. */
  inner?: boolean;
  /** Never left out where room is short. */
  vital?: boolean;
}

/** Marks own words that are put into a line. */
export function words(text: string | number): Piece {
  return { words: String(text) };
}

/** Text from outside, with a link (http or https) where there is one. */
export function outside(text: string, link?: string): Piece {
  return link !== undefined && /^https?:\/\//.test(link) ? { outside: text, link } : { outside: text };
}

/** Own words as they stand in the template; every text put into it counts as from outside. */
export function say(
  strings: TemplateStringsArray,
  ...values: (string | Piece | readonly Piece[])[]
): Piece[] {
  return strings
    .flatMap((text, index): Piece[] => {
      const value = values[index];
      const own = text === '' ? [] : [{ words: text }];
      if (value === undefined) return own;
      if (typeof value === 'string') return [...own, { outside: value }];
      return [...own, ...('length' in value ? value : [value])];
    })
    .filter(piece => !('words' in piece) || piece.words !== '');
}
