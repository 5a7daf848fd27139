import type { Declaration, DeclaredUnit } from '../../declared/declaration.ts';
import { settingOf } from '../../declared/settings/converge.ts';
import type { Plan } from '../../drivers/driver.ts';
import { resourceTitle } from '../../findings/finding.ts';
import type { Results } from '../record.ts';

/** The words of a sync that came to a good end: what was done, and what is left and why. */
export function successWords(
  results: Results,
  rest: { left: number; kept: NonNullable<Plan['kept']>; unsure?: string | undefined },
): string {
  const done = results.of('applied');
  const pruned = done.filter(({ action }) => action === 'prune').length;
  const run = done.filter(({ action }) => action === 'run').length;
  const applied = done.length - pruned - run;
  const parts = [
    ...(applied > 0 ? [`${applied} applied`] : []),
    ...(pruned > 0 ? [`${pruned} deleted`] : []),
    ...(run > 0 ? [`${run} ${run === 1 ? 'hook' : 'hooks'} run`] : []),
  ];
  const first = parts.length === 0 ? 'already as declared' : `${parts.join(', ')}, all as declared`;
  return [first, ...leftWords(rest)].join('; ');
}

function leftWords({
  left,
  kept,
  unsure,
}: {
  left: number;
  kept: NonNullable<Plan['kept']>;
  unsure?: string | undefined;
}): string[] {
  const [first] = kept;
  const words =
    first === undefined
      ? []
      : [
          `${kept.length} no longer declared and left: ${resourceTitle(first.resource)}: ${first.message}` +
            (kept.length > 1 ? `, and ${kept.length - 1} more` : ''),
        ];
  const others = Math.max(left - kept.length, 0);
  if (others > 0) words.push(`${others} that no file declares are left alone`);
  if (unsure !== undefined) words.push(`nothing was deleted: ${unsure}`);
  return words;
}

/** How long a sync of a unit waits for health, in milliseconds. */
export function healthMs(unit: DeclaredUnit, { settings }: Declaration, otherwise: number): number {
  const minutes = settingOf(unit.definition.name, settings.converge.units, 'healthMinutes');
  return minutes === undefined ? otherwise : minutes * 60_000;
}
