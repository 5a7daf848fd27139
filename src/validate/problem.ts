import type { JsonObject } from '../json/json.ts';

/** One thing that is wrong with an object: where, as map keys and list positions, and what. */
export interface Problem {
  path: readonly string[];
  /** Without the place; holds text from outside. */
  what: string;
}

/** Thrown when checking an object takes more steps than any honest object and schema need. */
export class TooMuch extends Error {}

const maxSteps = 5_000_000;
const maxProblems = 100;

/** Collects what is wrong with one object, and where the check is. The path is copied only when there is a problem. */
export class Findings {
  readonly problems: Problem[] = [];
  /** Whether values must not be told: those of a Secret. */
  readonly hidden: boolean;
  readonly #path: string[] = [];
  #steps = 0;

  constructor(options: { hidden: boolean }) {
    this.hidden = options.hidden;
  }

  /** Whether more problems would be dropped: then their words need not be made. */
  get full(): boolean {
    return this.problems.length >= maxProblems;
  }

  /** `: "Allways"` for the end of a message; nothing where values must not be told. */
  valueWords(value: unknown): string {
    return this.hidden || (typeof value === 'object' && value !== null) ? '' : `: ${shown(value)}`;
  }

  /** Does something at a field or an item below the present place. */
  at(step: string | number, check: () => void): void {
    this.spend(1);
    this.#path.push(String(step));
    check();
    this.#path.pop();
  }

  /** Counts work that depends on what was declared. Throws `TooMuch`. */
  spend(steps: number): void {
    this.#steps += steps;
    if (this.#steps > maxSteps) throw new TooMuch();
  }

  /** At the present place, or at a field of it. */
  add(what: string, ...below: readonly string[]): void {
    if (!this.full) this.problems.push({ path: [...this.#path, ...below], what });
  }

  /** What a check finds, kept apart. The place and the count of steps go on. */
  apart(check: (found: Findings) => void): Problem[] {
    const inner = new Findings({ hidden: this.hidden });
    inner.#path.push(...this.#path);
    inner.#steps = this.#steps;
    check(inner);
    this.#steps = inner.#steps;
    return inner.problems;
  }
}

/** The fields of an object that can be looked up without meeting Object.prototype. */
export function has(object: JsonObject, key: string): boolean {
  return Object.hasOwn(object, key);
}

/** A value for a message: `"Allways"`, `3`, `a list`. */
export function shown(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  if (typeof value !== 'string') return String(value);
  return JSON.stringify(value.length > 80 ? `${value.slice(0, 79)}…` : value);
}

/** What a value is: `a string`, `an integer`. */
export function typeWords(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'number') return Number.isInteger(value) ? 'an integer' : 'a number with a fraction';
  return { string: 'a string', boolean: 'a boolean' }[typeof value as string] ?? 'an object';
}
