import type { JsonObject } from '../../../json/json.ts';
import { objectAt, textAt } from './json.ts';

/** What a declaration may say of how it is converged. */
export const annotations = {
  /** A whole number: lower waves are applied, and healthy, before higher ones. 0 without it. */
  wave: 'holdfast.dev/wave',
  /** `before` or `after`: the Job runs with each sync and is no part of what is compared. */
  hook: 'holdfast.dev/hook',
  /** `allowed`: may be deleted and created again where a field cannot be changed; `never`: never. */
  recreate: 'holdfast.dev/recreate',
  /** `disabled`: stays when Git no longer declares it. */
  prune: 'holdfast.dev/prune',
  /** `true`: fields that another tool applies are taken. */
  takeOver: 'holdfast.dev/take-over',
} as const;

/** The text of one of the annotations; undefined where the object does not have it. */
export function annotation(object: JsonObject, name: keyof typeof annotations): string | undefined {
  return textAt(objectAt(objectAt(object, 'metadata'), 'annotations'), annotations[name]);
}

/** The wave that a declaration asks for; undefined where the annotation is no whole number from -1000 to 1000. */
export function waveOf(object: JsonObject): number | undefined {
  const text = annotation(object, 'wave');
  if (text === undefined) return 0;
  return /^-?\d{1,4}$/.test(text) && Math.abs(Number(text)) <= 1_000 ? Number(text) : undefined;
}
