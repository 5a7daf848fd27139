import type { Reader } from './reader.ts';
import {
  type CharacterSet,
  digits,
  holds,
  posix,
  spaces,
  Unsupported,
  unicodeProperty,
  words,
} from './syntax.ts';

const controls: Readonly<Record<string, number>> = { a: 7, f: 12, t: 9, n: 10, r: 13, v: 11 };
const classes: Readonly<Record<string, CharacterSet>> = {
  d: digits,
  w: words,
  s: spaces,
  D: { ...digits, negated: true },
  W: { ...words, negated: true },
  S: { ...spaces, negated: true },
};

/** What stands after a backslash, as a set: `\d`, `\pL`, `\x41`, `\.`. */
export function readEscape(reader: Reader): CharacterSet {
  const property = reader.match(/([pP])(?:\{(\^?)([^}]*)\}|([A-Z]))/y);
  if (property !== undefined) {
    const [, letter, caret, long, short] = property;
    return unicodeProperty(long ?? short ?? '', (letter === 'P') !== (caret === '^'));
  }
  const known = classes[reader.next];
  if (known !== undefined) {
    reader.read();
    return known;
  }
  const code = escapedCode(reader);
  return { ranges: [[code, code]] };
}

function escapedCode(reader: Reader): number {
  const hex = reader.match(/x(?:\{([0-9A-Fa-f]{1,6})\}|([0-9A-Fa-f]{2}))/y);
  if (hex !== undefined) return checked(Number.parseInt(hex[1] ?? hex[2] ?? '', 16));
  const octal = reader.match(/0[0-7]{0,2}|[1-7][0-7]{2}/y);
  if (octal !== undefined) return Number.parseInt(octal[0], 8);
  const character = reader.read();
  const control = controls[character];
  if (control !== undefined) return control;
  // letters and digits have a meaning or none at all
  if (/[A-Za-z0-9]/.test(character)) throw new Unsupported(`\\${character}`);
  return character.codePointAt(0) ?? 0;
}

function checked(code: number): number {
  if (code > 0x10ffff) throw new Unsupported('no character');
  return code;
}

/** A class after its opening bracket. */
export function readClass(reader: Reader): CharacterSet {
  const negated = reader.take('^');
  const ranges: (readonly [number, number])[] = [];
  const tests: ((character: string) => boolean)[] = [];
  const add = (set: CharacterSet) => {
    if (set.negated !== true && set.tests === undefined) ranges.push(...set.ranges);
    else tests.push(character => holds(set, character.codePointAt(0) ?? 0));
  };
  for (let first = true; first || !reader.take(']'); first = false) {
    const named = reader.match(/\[:(\^?)([a-z]+):\]/y);
    if (named !== undefined) {
      const known = Object.hasOwn(posix, named[2] ?? '') ? posix[named[2] ?? ''] : undefined;
      if (known === undefined) throw new Unsupported('a class that is not known');
      add({ ranges: known, negated: named[1] === '^' });
      continue;
    }
    const set = readMember(reader);
    const [from] = set.ranges[0] ?? [];
    const single = set.ranges.length === 1 && set.negated !== true && from === set.ranges[0]?.[1];
    if (!single || from === undefined || reader.match(/-(?!\])/y) === undefined) add(set);
    else ranges.push([from, endOf(reader, from)]);
  }
  return { ranges, ...(tests.length === 0 ? {} : { tests }), negated };
}

function readMember(reader: Reader): CharacterSet {
  if (reader.take('\\')) return readEscape(reader);
  const code = reader.read().codePointAt(0) ?? 0;
  return { ranges: [[code, code]] };
}

function endOf(reader: Reader, from: number): number {
  const set = readMember(reader);
  const [start, to] = set.ranges[0] ?? [];
  if (set.ranges.length !== 1 || set.negated === true || to === undefined || start !== to || to < from)
    throw new Unsupported('a range that is none');
  return to;
}
