/** A set of characters: code points from and to, in pairs. */
export interface CharacterSet {
  ranges: readonly (readonly [number, number])[];
  /** Unicode properties, as a test over one character. */
  tests?: readonly ((character: string) => boolean)[];
  negated?: boolean;
}

export type Assertion = 'text-start' | 'text-end' | 'line-start' | 'line-end' | 'boundary' | 'no-boundary';

/** A regular expression of RE2 without what only captures or preference between matches need. */
export type Pattern =
  | { is: 'empty' }
  | { is: 'set'; set: CharacterSet; fold: boolean }
  | { is: 'assert'; assertion: Assertion }
  | { is: 'sequence'; parts: Pattern[] }
  | { is: 'either'; parts: Pattern[] }
  | { is: 'repeat'; part: Pattern; from: number; to: number | undefined };

/** The pattern is wrong, or uses what is not supported here: it cannot be checked. */
export class Unsupported extends Error {}

export const digits: CharacterSet = { ranges: [[48, 57]] };
export const words: CharacterSet = {
  ranges: [
    [48, 57],
    [65, 90],
    [95, 95],
    [97, 122],
  ],
};
/** Without the vertical tab, as RE2 has it. */
export const spaces: CharacterSet = {
  ranges: [
    [9, 10],
    [12, 13],
    [32, 32],
  ],
};

const letters: CharacterSet['ranges'] = [
  [65, 90],
  [97, 122],
];

/** `[[:alpha:]]` and the like, over ASCII. */
export const posix: Readonly<Record<string, CharacterSet['ranges']>> = {
  alnum: [[48, 57], ...letters],
  alpha: letters,
  ascii: [[0, 127]],
  blank: [
    [9, 9],
    [32, 32],
  ],
  cntrl: [
    [0, 31],
    [127, 127],
  ],
  digit: digits.ranges,
  graph: [[33, 126]],
  lower: [[97, 122]],
  print: [[32, 126]],
  punct: [
    [33, 47],
    [58, 64],
    [91, 96],
    [123, 126],
  ],
  space: [
    [9, 13],
    [32, 32],
  ],
  upper: [[65, 90]],
  word: words.ranges,
  xdigit: [
    [48, 57],
    [65, 70],
    [97, 102],
  ],
};

/** Whether a set holds a character, given as its code point. */
export function holds(set: CharacterSet, code: number): boolean {
  const inside =
    set.ranges.some(([from, to]) => code >= from && code <= to) ||
    set.tests?.some(test => test(String.fromCodePoint(code))) === true;
  return inside !== (set.negated === true);
}

/** `\p{Lu}`, `\pN`, `\p{Greek}`. Throws `Unsupported` for a property that is not known. */
export function unicodeProperty(name: string, negated: boolean): CharacterSet {
  if (!/^[A-Za-z_]{1,40}$/.test(name)) throw new Unsupported(name);
  for (const property of [name, `Script=${name}`]) {
    try {
      const pattern = new RegExp(`^\\p{${property}}$`, 'u');
      return { ranges: [], tests: [character => pattern.test(character)], negated };
    } catch {
      // the next reading of the name
    }
  }
  throw new Unsupported(name);
}
