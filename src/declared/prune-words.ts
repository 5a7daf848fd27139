import picomatch from 'picomatch';
import type { ObjectRef } from '../findings/finding.ts';
import type { ConvergeSettings } from './settings/converge.ts';

type Allow = ConvergeSettings['prune']['allow'][number];

/**
 * Whether the merged revision says in so many words (`converge.prune.allow`) that this object may go although it otherwise would
 * not. What is `guarded` (a namespace, a definition, a volume) goes only by a word that names its kind, and no pattern. `today` is a date.
 */
export function isAllowed(
  unit: string,
  { ref, guarded }: { ref: ObjectRef; guarded: boolean },
  allow: readonly Allow[],
  today: string,
): boolean {
  return allow.some(
    word =>
      today <= word.until &&
      picomatch.isMatch(unit, word.unit) &&
      isMeant(ref, word.resource) &&
      (!guarded || word.resource?.kind === ref.kind),
  );
}

/** Whether a word concerns a unit at all: one that is declared no more is looked at only then. */
export function isUnitAllowed(unit: string, allow: readonly Allow[], today: string): boolean {
  return allow.some(word => today <= word.until && picomatch.isMatch(unit, word.unit));
}

function isMeant(ref: ObjectRef, pattern: Allow['resource']): boolean {
  if (pattern === undefined) return true;
  const fits = (glob: string | undefined, text: string) =>
    glob === undefined || (text === '' ? glob === '' : picomatch.isMatch(text, glob, { dot: true }));
  return (
    fits(pattern.apiVersion, ref.apiVersion) &&
    fits(pattern.kind, ref.kind) &&
    fits(pattern.namespace, ref.namespace ?? '') &&
    fits(pattern.name, ref.name)
  );
}
