import type { Declaration } from '../declared/declaration.ts';
import type { Comparison, Note } from '../findings/finding.ts';
import { hasRunOut, ignorerOf } from './ignore-rule.ts';

const file = 'holdfast.yaml';

/**
 * Notes on ignore rules that do nothing any more: those that have run out, and those that left nothing out although every unit that
 * they concern was compared, and compared completely. Each is noted once, with the first of its units. `today` is a date.
 */
export function ruleNotes(
  { settings, units, ignoreLines = [] }: Pick<Declaration, 'settings' | 'units' | 'ignoreLines'>,
  comparisons: readonly Comparison[],
  today: string,
): Note[] {
  return settings.ignore.flatMap((rule, index): Note[] => {
    const { ofUnit } = ignorerOf(rule);
    const concerned = comparisons.filter(({ unit }) => ofUnit(unit));
    const home = concerned[0] ?? comparisons[0];
    if (home === undefined) return [];
    const line = ignoreLines[index];
    const source = { file, ...(line !== undefined && { line }) };
    const note = { unit: home.unit, resource: { type: 'File', name: file }, source };
    if (hasRunOut(rule, today)) {
      const message = `HF1131 an ignore rule ran out on ${rule.until} and is no longer applied: ${rule.reason}`;
      return [{ ...note, code: 'HF1131', message }];
    }
    const declared = units.filter(({ definition }) => ofUnit(definition.name));
    // in another environment there may be units that it is for
    if (declared.length === 0 && settings.environments.length > 0) return [];
    const complete = concerned.length === declared.length && concerned.every(isComplete);
    if (!complete || concerned.some(({ usedRules }) => usedRules?.includes(index) === true)) return [];
    const message = `HF1132 an ignore rule leaves nothing out: ${rule.reason}`;
    return [{ ...note, code: 'HF1132', message }];
  });
}

function isComplete({ verdict, unsure = [] }: Comparison): boolean {
  return verdict !== 'unknown' && unsure.length === 0;
}
