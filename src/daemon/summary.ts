import { schedule } from 'node-cron';
import type { Outlet } from '../alerts/outlet.ts';
import { summaryOf } from '../alerts/summary.ts';
import { toFailure } from '../failure/failure.ts';
import type { Incident } from '../incidents/incident.ts';
import { toldIn } from '../incidents/lanes.ts';
import type { Log } from '../log/log.ts';

export interface SummaryParts {
  outlets: readonly Outlet[];
  incidents: () => readonly Incident[];
  facts: { environment?: string; repository: string };
  log: Log;
}

/**
 * Tells, in each place, what of that which was told there is still open; nothing where nothing is. One that cannot be told keeps
 * none of the others from it.
 */
export async function remindAll({ outlets, incidents, facts, log }: SummaryParts, now: Date): Promise<void> {
  for (const outlet of outlets) {
    for (const [lane, open] of byLane(outlet, incidents())) {
      const message = summaryOf(open, { ...facts, now: now.toISOString() });
      if (message === undefined) continue;
      await outlet
        .remind(message, lane)
        .catch(error => log.warn({ error: toFailure(error, 'HF1701'), lane }, 'cannot tell the summary'));
    }
  }
}

function byLane(outlet: Outlet, incidents: readonly Incident[]): Map<string, Incident[]> {
  const lanes = new Map<string, Incident[]>();
  for (const incident of incidents) {
    for (const lane of toldIn(outlet, incident)) lanes.set(lane, [...(lanes.get(lane) ?? []), incident]);
  }
  return lanes;
}

/** Reminds at the times of a cron expression in a time zone, until what it returns is called. */
export function scheduleSummary(
  { cron, timezone }: { cron: string; timezone: string },
  parts: SummaryParts,
): () => Promise<void> {
  const task = schedule(cron, () => remindAll(parts, new Date()), {
    timezone,
    noOverlap: true,
  });
  return async () => {
    await task.destroy();
  };
}
