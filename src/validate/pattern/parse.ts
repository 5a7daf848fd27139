import { readClass, readEscape } from './parse-set.ts';
import { Reader } from './reader.ts';
import { type Assertion, type Pattern, Unsupported } from './syntax.ts';

interface Flags {
  fold: boolean;
  multiline: boolean;
  dotAll: boolean;
}

const deepest = 200;
/** RE2 refuses more. */
const mostRepeats = 1000;

/** Reads a regular expression in the syntax of RE2. Throws `Unsupported` for what RE2 or this reader does not take. */
export function parsePattern(text: string): Pattern {
  const reader = new Reader(text);
  const pattern = alternatives(reader, { fold: false, multiline: false, dotAll: false }, 0);
  if (!reader.ended) throw new Unsupported('an unexpected )');
  return pattern;
}

/** Up to a closing parenthesis or the end. A group of flags alone changes them from there on. */
function alternatives(reader: Reader, flags: Flags, depth: number): Pattern {
  if (depth > deepest) throw new Unsupported('nested too deep');
  let own = flags;
  const branches: Pattern[] = [];
  let parts: Pattern[] = [];
  while (!reader.ended && reader.next !== ')') {
    if (reader.take('|')) {
      branches.push({ is: 'sequence', parts });
      parts = [];
      continue;
    }
    const changed = flagGroup(reader, own);
    if (changed !== undefined) own = changed;
    else parts.push(repeated(reader, atom(reader, own, depth)));
  }
  branches.push({ is: 'sequence', parts });
  return branches.length === 1 ? (branches[0] ?? { is: 'empty' }) : { is: 'either', parts: branches };
}

/** `(?i)`, `(?s-i)`: not a group, but flags for what follows. */
function flagGroup(reader: Reader, flags: Flags): Flags | undefined {
  const group = reader.match(/\(\?([imsU]*)(?:-([imsU]+))?\)/y);
  return group === undefined ? undefined : withFlags(flags, group[1] ?? '', group[2] ?? '');
}

function withFlags(flags: Flags, on: string, off: string): Flags {
  const value = (letter: string, before: boolean) => !off.includes(letter) && (on.includes(letter) || before);
  return {
    fold: value('i', flags.fold),
    multiline: value('m', flags.multiline),
    dotAll: value('s', flags.dotAll),
  };
}

function atom(reader: Reader, flags: Flags, depth: number): Pattern {
  const { fold } = flags;
  const quoted = reader.match(/\\Q([\s\S]*?)(?:\\E|$)/y);
  if (quoted !== undefined)
    return { is: 'sequence', parts: [...(quoted[1] ?? '')].map(each => literal(each, fold)) };
  const character = reader.read();
  switch (character) {
    case '(':
      return group(reader, flags, depth);
    case '[':
      return { is: 'set', set: readClass(reader), fold };
    case '.':
      return { is: 'set', set: { ranges: flags.dotAll ? [] : [[10, 10]], negated: true }, fold: false };
    case '^':
      return { is: 'assert', assertion: flags.multiline ? 'line-start' : 'text-start' };
    case '$':
      return { is: 'assert', assertion: flags.multiline ? 'line-end' : 'text-end' };
    case '*':
    case '+':
    case '?':
      throw new Unsupported('nothing to repeat');
    case '\\':
      return escaped(reader, fold);
    default:
      return literal(character, fold);
  }
}

function group(reader: Reader, flags: Flags, depth: number): Pattern {
  let own = flags;
  const named = reader.match(/\?P?<[A-Za-z_]\w*>/y);
  if (named === undefined) {
    const options = reader.match(/\?([imsU]*)(?:-([imsU]+))?:/y);
    if (options !== undefined) own = withFlags(flags, options[1] ?? '', options[2] ?? '');
    else if (reader.next === '?') throw new Unsupported('a group that RE2 does not have');
  }
  const inner = alternatives(reader, own, depth + 1);
  if (!reader.take(')')) throw new Unsupported('a group that is not closed');
  return inner;
}

const assertions: Readonly<Record<string, Assertion>> = {
  A: 'text-start',
  z: 'text-end',
  b: 'boundary',
  B: 'no-boundary',
};

function escaped(reader: Reader, fold: boolean): Pattern {
  const assertion = assertions[reader.next];
  if (assertion !== undefined) {
    reader.read();
    return { is: 'assert', assertion };
  }
  return { is: 'set', set: readEscape(reader), fold };
}

function literal(character: string, fold: boolean): Pattern {
  const code = character.codePointAt(0) ?? 0;
  return { is: 'set', set: { ranges: [[code, code]] }, fold };
}

/** A part with what follows it: `*`, `+`, `?`, `{2}`, `{2,}`, `{2,5}`, each greedy or not, which is the same for us. */
function repeated(reader: Reader, part: Pattern): Pattern {
  const found = reader.match(/[*+?]\??|\{\d{1,4}(?:,\d{0,4})?\}\??/y)?.[0];
  if (found === undefined) return part;
  if (reader.match(/[*+?]|\{\d+(?:,\d*)?\}/y) !== undefined) throw new Unsupported('repeated twice');
  const simple: Record<string, [number, number | undefined]> = {
    '*': [0, undefined],
    '+': [1, undefined],
    '?': [0, 1],
  };
  const bounds = simple[found[0] ?? ''] ?? counted(found);
  const [from, to] = bounds;
  if (from > mostRepeats || (to ?? 0) > mostRepeats || (to ?? from) < from)
    throw new Unsupported('repeated too often');
  return { is: 'repeat', part, from, to };
}

function counted(text: string): [number, number | undefined] {
  const [, from = '0', more, to] = /^\{(\d+)(,(\d*))?\}/.exec(text) ?? [];
  if (more === undefined) return [Number(from), Number(from)];
  return [Number(from), to === '' ? undefined : Number(to)];
}
