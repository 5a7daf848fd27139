import { type Hold, holding, untilWords } from '../converge/freeze/hold.ts';
import type { Holds } from '../converge/freeze/holds-now.ts';
import { modeOf } from '../converge/mode.ts';
import type { Declaration } from '../declared/declaration.ts';

/** What keeps merging from changing a unit at once. */
export interface Waiting {
  mode?: 'alert-only';
  frozen?: Hold;
  notes: string[];
}

/** By the settings that merging brings, and by the holds of now. `at` is RFC 3339. */
export function waitingOf(unit: string, head: Declaration, holds: Holds | undefined, at: string): Waiting {
  const freezes = holds === undefined || 'unknown' in holds ? [] : holds;
  const frozen = holding(unit, { windows: head.settings.freezes, freezes, now: new Date(at) });
  const alertOnly = modeOf(unit, head) === 'alert-only';
  return {
    ...(alertOnly ? { mode: 'alert-only' } : {}),
    ...(frozen === undefined ? {} : { frozen }),
    notes: [
      ...(alertOnly
        ? ['the unit is alert-only: merging changes nothing by itself, only when a sync is asked for']
        : []),
      ...(frozen === undefined ? [] : [frozenWords(frozen)]),
    ],
  };
}

/** `a freeze until Mon 08:00 Europe/Berlin (summer sale): merging will apply after`. Holds text from outside: escape it. */
function frozenWords(frozen: Hold): string {
  const by = frozen.by === undefined ? '' : `, by ${frozen.by}`;
  return `a freeze ${untilWords(frozen)} (${frozen.reason}${by}): merging will apply after`;
}
