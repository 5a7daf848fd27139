import picomatch from 'picomatch';
import type { FreezeWindow } from '../../declared/settings/freezes.ts';
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

/** What holds a unit: a manual freeze has a name and who asked for it, a window of holdfast.yaml neither. */
export interface Hold {
  reason: string;
  /** In words, or RFC 3339; absent where somebody must lift it. */
  until?: string;
  by?: string;
  name?: string;
}

/** What holds a unit now, a manual freeze before a window; undefined where nothing does. */
export function holding(unit: string, { windows, freezes, now }: Holding): Hold | undefined {
  const freeze = freezes.find(each => isInForce(each, now) && concerns(each, unit));
  if (freeze !== undefined) {
    const { reason, by, until } = freeze.spec;
    return { reason, by, name: freeze.metadata.name, ...(until === undefined ? {} : { until }) };
  }
  const window = windows.find(each => holds(each, unit) && isOpen(each, now));
  return window === undefined ? undefined : { reason: window.reason, until: endWords(window) };
}

/** Why no Sync of a unit may begin now, for people; undefined where nothing holds it. */
export function holdOf(unit: string, all: Holding): string | undefined {
  const hold = holding(unit, all);
  if (hold === undefined) return undefined;
  const { reason, by, name } = hold;
  const who = by === undefined ? '' : ` by ${by}`;
  return `frozen${who} ${untilWords(hold)}${name === undefined ? '' : ` (${name})`}: ${reason}`;
}

/** `until Mon 08:00 Europe/Berlin`, `until it is lifted`. */
export function untilWords({ until }: Pick<Hold, 'until'>): string {
  return until === undefined ? 'until it is lifted' : `until ${until}`;
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
