import { parsePattern } from './parse.ts';
import { programOf, type Step } from './program.ts';
import { type Assertion, Unsupported } from './syntax.ts';

/** Whether a text holds a match; undefined where that would take too long to tell. */
export type Matcher = (text: string) => boolean | undefined;

const mostWork = 20_000_000;
const remembered = new Map<string, Matcher | undefined>();

/**
 * A regular expression of RE2, the syntax of OpenAPI patterns in custom resources. All ways are followed at once, so the time is
 * that of the pattern's length times the text's, whatever they are: no pattern makes it explode. Undefined for a pattern that is
 * wrong or uses what is not supported.
 */
export function patternMatcher(pattern: string): Matcher | undefined {
  if (remembered.has(pattern)) return remembered.get(pattern);
  const matcher = compile(pattern);
  if (remembered.size > 5000) remembered.clear();
  remembered.set(pattern, matcher);
  return matcher;
}

function compile(pattern: string): Matcher | undefined {
  if (pattern.length > 10_000) return undefined;
  try {
    const program = programOf(parsePattern(pattern));
    return text => (text.length * program.length > mostWork ? undefined : matches(program, text));
  } catch (error) {
    if (error instanceof Unsupported) return undefined;
    throw error;
  }
}

function matches(program: readonly Step[], text: string): boolean {
  const codes = Array.from(text, character => character.codePointAt(0) ?? 0);
  let present = new Threads(program.length);
  let following = new Threads(program.length);
  for (let at = 0; at <= codes.length; at++) {
    // a match may start anywhere
    if (follow(program, 0, codes, at, present)) return true;
    const code = codes[at];
    if (code === undefined) return false;
    following.clear();
    for (const index of present.members) {
      const step = program[index];
      if (step?.is !== 'character' || !step.accepts(code)) continue;
      if (follow(program, step.to, codes, at + 1, following)) return true;
    }
    [present, following] = [following, present];
  }
  return false;
}

/** The steps that the text may have reached, each once. */
class Threads {
  readonly members: number[] = [];
  readonly #in: Uint8Array;

  constructor(size: number) {
    this.#in = new Uint8Array(size);
  }

  /** False when it is there already. */
  add(step: number): boolean {
    if (this.#in[step] === 1) return false;
    this.#in[step] = 1;
    this.members.push(step);
    return true;
  }

  clear(): void {
    for (const step of this.members) this.#in[step] = 0;
    this.members.length = 0;
  }
}

/** Adds all steps that can be reached without a character; true when the end is among them. */
function follow(
  program: readonly Step[],
  from: number,
  codes: readonly number[],
  at: number,
  threads: Threads,
): boolean {
  const open = [from];
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    if (!threads.add(index)) continue;
    const step = program[index];
    if (step?.is === 'end') return true;
    if (step?.is === 'split') open.push(...step.to);
    else if (step?.is === 'assert' && isTrue(step.assertion, codes, at)) open.push(step.to);
  }
  return false;
}

function isTrue(assertion: Assertion, codes: readonly number[], at: number): boolean {
  const [before, after] = [codes[at - 1], codes[at]];
  switch (assertion) {
    case 'text-start':
      return before === undefined;
    case 'text-end':
      return after === undefined;
    case 'line-start':
      return before === undefined || before === 10;
    case 'line-end':
      return after === undefined || after === 10;
    case 'boundary':
      return isWord(before) !== isWord(after);
    case 'no-boundary':
      return isWord(before) === isWord(after);
  }
}

function isWord(code: number | undefined): boolean {
  return code !== undefined && /\w/.test(String.fromCodePoint(code));
}
