import type { Change, TerraformPlan } from './plan-file.ts';

/** A text that is shorter says too little to be looked for in others. */
const shortest = 6;

/**
 * The secret values of a plan. Marks alone are not enough: a provider copies values to attributes of its own (the AWS
 * provider `tags` to `tags_all`), and the copies bear no mark. So whatever is marked anywhere is secret everywhere.
 */
export class PlanSecrets {
  readonly #values = new Set<unknown>();
  readonly #texts: string[] = [];

  constructor(plan: TerraformPlan) {
    const { variables } = plan.configuration.root_module;
    for (const [name, { value }] of Object.entries(plan.variables))
      if (variables[name]?.sensitive === true) this.#add(value, true);
    const changes = [...plan.resource_changes, ...plan.resource_drift].map(({ change }) => change);
    for (const { before, after, before_sensitive, after_sensitive } of [
      ...changes,
      ...Object.values(plan.output_changes),
    ]) {
      this.#add(before, before_sensitive);
      this.#add(after, after_sensitive);
    }
  }

  /** Whether a value is secret, or holds one. */
  has(value: unknown): boolean {
    if (this.#values.has(value)) return true;
    if (typeof value === 'string') return this.#texts.some(text => value.includes(text));
    if (typeof value !== 'object' || value === null) return false;
    return Object.entries(value).some(([key, inner]) => this.has(key) || this.has(inner));
  }

  /** The text without the secrets in it. */
  clean(text: string): string {
    return this.#texts.reduce((cleaned, secret) => cleaned.replaceAll(secret, '(secret)'), text);
  }

  #add(value: unknown, marks: unknown): void {
    if (marks === undefined || marks === null || marks === false || value === null) return;
    if (typeof value === 'object') {
      for (const [key, inner] of Object.entries(value as object))
        this.#add(inner, marks === true ? true : childOf(marks, key));
      return;
    }
    if (marks !== true || typeof value === 'boolean' || value === '' || value === undefined) return;
    this.#values.add(value);
    if (String(value).length >= shortest) {
      this.#texts.push(String(value));
      this.#values.add(String(value));
    }
  }
}

/** Whether a place of a change may be shown: by its marks, which must be there, since older plans have none. */
export function isMarked(
  { before_sensitive: before, after_sensitive: after }: Change,
  path: readonly string[],
): boolean {
  return isUnder(before, path) || isUnder(after, path);
}

function isUnder(marks: unknown, path: readonly string[]): boolean {
  if (marks === undefined) return true;
  let at: unknown = marks;
  for (const key of path) {
    if (at === true) return true;
    at = childOf(at, key);
  }
  return at === true || hasMark(at);
}

function hasMark(marks: unknown): boolean {
  if (typeof marks !== 'object' || marks === null) return marks === true;
  return Object.values(marks).some(hasMark);
}

function childOf(marks: unknown, key: string): unknown {
  return typeof marks === 'object' && marks !== null && Object.hasOwn(marks, key)
    ? (marks as Record<string, unknown>)[key]
    : false;
}
