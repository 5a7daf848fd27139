import picomatch from 'picomatch';
import type { FreezeWindow } from '../../declared/settings.ts';
import { toFailure } from '../../failure/failure.ts';
import type { ConvergerParts } from '../parts.ts';
import { concerns, type Freeze, isInForce } from './freeze.ts';
import { endWords, isOpen } from './windows.ts';

/** All that may hold a unit at a moment: the windows of holdfast.yaml and the manual freezes. */
export interface Holding {
  windows: readonly FreezeWindow[];
  freezes: readonly Freeze[];
  now: Date;
}

/** Why no Sync of a unit may begin now, for people; undefined where nothing holds it. A manual freeze is named first. */
export function holdOf(unit: string, { windows, freezes, now }: Holding): string | undefined {
  const freeze = freezes.find(each => isInForce(each, now) && concerns(each, unit));
  if (freeze !== undefined) {
    const { reason, by, until } = freeze.spec;
    const end = until === undefined ? 'until it is lifted' : `until ${until}`;
    return `frozen by ${by} ${end} (${freeze.metadata.name}): ${reason}`;
  }
  const window = windows.find(each => holds(each, unit) && isOpen(each, now));
  return window === undefined ? undefined : `frozen until ${endWords(window)}: ${window.reason}`;
}

function holds({ units }: FreezeWindow, unit: string): boolean {
  return units === undefined || units.some(pattern => picomatch.isMatch(unit, pattern));
}

/** What holds each unit now. Where that cannot be told, everything is held: a freeze must not end with an outage. */
export async function holdsOf({
  holds,
}: Pick<ConvergerParts, 'holds'>): Promise<(unit: string) => string | undefined> {
  try {
    return (await holds?.()) ?? (() => undefined);
  } catch (error) {
    const why = `it cannot be told whether a freeze holds it: ${toFailure(error, 'HF1308').line}`;
    return () => why;
  }
}
