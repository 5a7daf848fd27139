import { schedule } from 'node-cron';
import type { Outlet } from '../alerts/outlet.ts';
import { summaryOf } from '../alerts/summary.ts';
import { toFailure } from '../failure/failure.ts';
import type { Incident } from '../incidents/incident.ts';
import type { Log } from '../log/log.ts';

export interface SummaryParts {
  outlets: readonly Outlet[];
  incidents: () => readonly Incident[];
  facts: { environment: string; repository: string };
  log: Log;
}

/** Tells every outlet what is still open; nothing when nothing is. One that cannot be told keeps none of the others from it. */
export async function remindAll({ outlets, incidents, facts, log }: SummaryParts, now: Date): Promise<void> {
  const message = summaryOf(incidents(), { ...facts, now: now.toISOString() });
  if (message === undefined) return;
  for (const outlet of outlets) {
    await outlet
      .remind(message)
      .catch(error =>
        log.warn({ error: toFailure(error, 'HF1701'), outlet: outlet.name }, 'cannot tell the summary'),
      );
  }
}

/** Reminds at the times of a cron expression, in UTC, until what it returns is called. */
export function scheduleSummary(expression: string, parts: SummaryParts): () => Promise<void> {
  const task = schedule(expression, () => remindAll(parts, new Date()), {
    timezone: 'Etc/UTC',
    noOverlap: true,
  });
  return async () => {
    await task.destroy();
  };
}
