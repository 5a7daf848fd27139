import { type Assertion, type CharacterSet, holds, type Pattern, Unsupported } from './syntax.ts';

/** One step of a program; `to` are the steps that follow. */
export type Step =
  | { is: 'character'; accepts: (code: number) => boolean; to: number }
  | { is: 'assert'; assertion: Assertion; to: number }
  | { is: 'split'; to: number[] }
  | { is: 'end' };

const mostSteps = 20_000;

/** A pattern as steps; the first is step 0. Throws `Unsupported` when it would be too large. */
export function programOf(pattern: Pattern): Step[] {
  const steps: Step[] = [];
  const add = (step: Step): number => {
    if (steps.length >= mostSteps) throw new Unsupported('too large');
    return steps.push(step) - 1;
  };
  // the first step is known only when all that follows it is
  const first = add({ is: 'split', to: [] });
  const start = build(pattern, add({ is: 'end' }), add, steps);
  steps[first] = { is: 'split', to: [start] };
  return steps;
}

type Add = (step: Step) => number;

/** Adds the steps of a pattern before the step `next`, and returns where they start. */
function build(pattern: Pattern, next: number, add: Add, steps: Step[]): number {
  switch (pattern.is) {
    case 'empty':
      return next;
    case 'set':
      return add({ is: 'character', accepts: acceptor(pattern.set, pattern.fold), to: next });
    case 'assert':
      return add({ is: 'assert', assertion: pattern.assertion, to: next });
    case 'sequence':
      return pattern.parts.reduceRight((after, part) => build(part, after, add, steps), next);
    case 'either':
      return add({ is: 'split', to: pattern.parts.map(part => build(part, next, add, steps)) });
    case 'repeat':
      return buildRepeat(pattern, next, add, steps);
  }
}

function buildRepeat(
  { part, from, to }: Extract<Pattern, { is: 'repeat' }>,
  next: number,
  add: Add,
  steps: Step[],
): number {
  let after = next;
  if (to === undefined) {
    const loop = add({ is: 'split', to: [] });
    steps[loop] = { is: 'split', to: [build(part, loop, add, steps), next] };
    after = loop;
  } else
    for (let count = from; count < to; count++)
      after = add({ is: 'split', to: [build(part, after, add, steps), next] });
  for (let count = 0; count < from; count++) after = build(part, after, add, steps);
  return after;
}

function acceptor(set: CharacterSet, fold: boolean): (code: number) => boolean {
  if (!fold) {
    const [only] = set.ranges;
    const single = set.ranges.length === 1 && set.tests === undefined && set.negated !== true;
    if (single && only !== undefined) return code => code >= only[0] && code <= only[1];
    return code => holds(set, code);
  }
  return code =>
    variants(code).some(variant => holds({ ...set, negated: false }, variant)) !== (set.negated === true);
}

/** The character itself and its other cases. */
function variants(code: number): number[] {
  const character = String.fromCodePoint(code);
  const all = [
    character,
    character.toLowerCase(),
    character.toUpperCase(),
    character.toLowerCase().toUpperCase(),
  ];
  return [...new Set(all.filter(each => [...each].length === 1).map(each => each.codePointAt(0) ?? 0))];
}
