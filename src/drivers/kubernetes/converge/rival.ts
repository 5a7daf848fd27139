import picomatch from 'picomatch';
import { fieldManager } from '../../../cluster/cluster.ts';
import { locate } from '../../../compare/locate.ts';
import type { Declaration, DeclaredObject, DeclaredUnit } from '../../../declared/declaration.ts';
import { settingOf } from '../../../declared/settings/converge.ts';
import type { Finding } from '../../../findings/finding.ts';
import type { JsonObject } from '../../../json/json.ts';
import { annotation } from './annotations.ts';
import { isHand } from './managers.ts';

/**
 * Why an object is not converged because another tool applies declared fields of it with other values; undefined where none
 * does, where the tool is a person's, or where the repository says that Holdfast may take its fields. Two tools that each apply
 * their own values would change the object back and forth for ever.
 */
export function rivalOf(
  finding: Finding,
  body: JsonObject,
  {
    planning,
    declared,
  }: { planning: { unit: DeclaredUnit; declaration: Declaration }; declared: DeclaredObject },
): string | undefined {
  if (annotation(declared.object, 'takeOver') === 'true') return undefined;
  const { unit, declaration } = planning;
  const ours = settingOf(unit.definition.name, declaration.settings.converge.units, 'takeOver') ?? [];
  const contested = (finding.changes ?? []).filter(
    ({ op, path, by }) =>
      op === 'changed' &&
      by?.operation === 'Apply' &&
      by.manager !== fieldManager &&
      !isHand(by.manager) &&
      !ours.some(pattern => picomatch.isMatch(by.manager, pattern, { dot: true })) &&
      locate(body, path) !== undefined,
  );
  const [first] = contested;
  if (first === undefined) return undefined;
  const paths = contested.slice(0, 3).map(({ path }) => path);
  return `HF1608 ${first.by?.manager} applies ${paths.join(', ')} with other values`;
}
