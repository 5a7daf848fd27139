import { pointerOf } from '../../../compare/value.ts';
import type { Exemption, Finding, ObjectRef } from '../../../findings/finding.ts';
import type { FieldExemption } from './exemptions.ts';

/** The verdict on one object. Without a finding it is as declared. */
export interface Judgement {
  finding?: Finding;
  exempt: Exemption[];
}

/** Adds what a rule exempts to what is told, once for each rule and place; housekeeping is not told. */
export function noteExemption(
  exempt: Exemption[],
  resource: ObjectRef,
  { name, path }: FieldExemption,
): void {
  if (name === undefined) return;
  const at = pointerOf(path);
  if (!exempt.some(each => each.path === at && each.rule === name))
    exempt.push({ resource, path: at, rule: name });
}
