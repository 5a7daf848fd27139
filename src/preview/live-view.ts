import type { Plan } from '../drivers/driver.ts';
import type { Comparison, Exemption, Finding } from '../findings/finding.ts';
import { sideKey } from './sides.ts';

/** What live says of a unit; absent parts were not asked. */
export interface LiveView {
  /** The head's declaration against live. */
  head: Comparison;
  /** What only the base declares, against live. */
  removed?: Comparison;
  /** What converging to the head would do. */
  plan?: Plan;
  /** Why there is no plan, in one line. */
  unplanned?: string;
  /** Why it is not known what earlier syncs made, and so what would be deleted. */
  unsurePrunes?: string;
}

/** The same by `sideKey`. */
export interface Indexed {
  asked: boolean;
  findings: Map<string, Finding>;
  left: Map<string, Exemption[]>;
  gone: Map<string, Finding>;
  planned: Map<string, Plan['actions'][number]> | undefined;
  kept: Map<string, string>;
  refused: Map<string, string>;
}

export function indexed(live: LiveView | undefined): Indexed {
  const byKey = (comparison: Comparison | undefined) =>
    new Map((comparison?.findings ?? []).map(finding => [sideKey(finding.resource), finding]));
  return {
    asked: live !== undefined,
    findings: byKey(live?.head),
    left: leftIn(live?.head),
    gone: byKey(live?.removed),
    planned: live?.plan && new Map(live.plan.actions.map(each => [sideKey(each.resource), each])),
    kept: new Map((live?.plan?.kept ?? []).map(each => [sideKey(each.resource), each.message])),
    refused: new Map((live?.plan?.refused ?? []).map(each => [sideKey(each.resource), each.message])),
  };
}

function leftIn(comparison: Comparison | undefined): Map<string, Exemption[]> {
  const left = new Map<string, Exemption[]>();
  for (const each of comparison?.exempt ?? []) {
    const key = sideKey(each.resource);
    left.set(key, [...(left.get(key) ?? []), each]);
  }
  return left;
}
