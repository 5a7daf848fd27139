import type { Attribution, Exemption, Finding, ObjectRef } from '../../../findings/finding.ts';
import { pointerOf } from '../../../json/value.ts';
import type { FieldExemption } from './exemptions.ts';

/** The verdict on one object. Without a finding it is as declared. */
export interface Judgement {
  finding?: Finding;
  exempt: Exemption[];
  /** It rests on other objects (a Rollout, an autoscaler), which may go without a change of this one. */
  rests?: true;
}

/** Adds what a rule exempts to what is told, once for each rule and place; housekeeping is not told. */
export function noteExemption(
  exempt: Exemption[],
  resource: ObjectRef,
  { name, path }: FieldExemption,
  by: Attribution | undefined,
): void {
  if (name === undefined) return;
  const at = pointerOf(path);
  const noted = exempt.find(each => each.path === at && each.rule === name);
  if (noted === undefined) exempt.push({ resource, path: at, rule: name, ...(by && { by }) });
  else if (by !== undefined) noted.by ??= by;
}
