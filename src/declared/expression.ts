import { Environment } from '@marcbachmann/cel-js';
import type { JsonObject } from '../json/json.ts';

/** CEL over one variable. The limits are on the expression; CEL has no loops, so that it always ends. */
const environment = new Environment({
  unlistedVariablesAreDyn: false,
  homogeneousAggregateLiterals: false,
  limits: { maxAstNodes: 2_000, maxDepth: 50, maxListElements: 200, maxMapEntries: 200 },
}).registerVariable('self', 'dyn');

/** Regular expressions over texts that anybody may write into a status could take for ever. */
const regular = /\bmatches\s*\(/;

type Compiled = ReturnType<Environment['parse']>;

const compiled = new Map<string, Compiled>();

/** Whether a text is an expression that can be used. */
export function isExpression(text: string): boolean {
  if (regular.test(text)) return false;
  try {
    const { valid, type } = environment.parse(text).check();
    return valid && (type === 'bool' || type === 'dyn');
  } catch {
    return false;
  }
}

/**
 * What an expression says of an object: true, or false for anything else, also where it speaks of something that is not there
 * yet (a status before its controller wrote it). Never throws.
 */
export function holdsFor(text: string, self: JsonObject): boolean {
  try {
    const expression = compiled.get(text) ?? environment.parse(text);
    if (compiled.size > 500) compiled.clear();
    compiled.set(text, expression);
    return expression({ self }) === true;
  } catch {
    return false;
  }
}
