import { schedule } from 'node-cron';
import { summaryOf } from '../alerts/summary.ts';
import { backoff, type Clock, systemClock } from '../concurrency/clock.ts';
import { toFailure } from '../failure/failure.ts';
import type { Incident } from '../incidents/incident.ts';
import { toldIn } from '../incidents/lanes.ts';
import { type Outlet, TellFailure } from '../incidents/outlet.ts';
import type { Log } from '../log/log.ts';

export interface SummaryParts {
  outlets: readonly Outlet[];
  incidents: () => readonly Incident[];
  facts: { environment?: string; repository: string };
  log: Pick<Log, 'warn'>;
  clock?: Clock;
  /** Nothing is tried again after it. */
  signal?: AbortSignal;
}

/** An outage may last an hour; what is still open is told again the next day anyway. */
const triedForMs = 3_600_000;

/**
 * Tells, in each place, what of that which was told there is still open; nothing where nothing is. One that cannot be told keeps
 * none of the others from it, and is tried again for an hour, each time with what is open by then.
 */
export async function remindAll(parts: SummaryParts): Promise<void> {
  const { outlets, incidents, clock = systemClock } = parts;
  const began = clock.now();
  await Promise.all(
    outlets.flatMap(outlet =>
      [...byLane(outlet, incidents()).keys()].map(lane => remind(outlet, lane, began, parts)),
    ),
  );
}

async function remind(outlet: Outlet, lane: string, began: number, parts: SummaryParts): Promise<void> {
  const { incidents, facts, log, clock = systemClock } = parts;
  const id = `summary ${lane} ${new Date(began).toISOString()}`;
  for (let attempt = 1; ; attempt += 1) {
    const now = new Date(clock.now()).toISOString();
    const message = summaryOf(byLane(outlet, incidents()).get(lane) ?? [], { ...facts, now });
    if (message === undefined) return;
    try {
      await outlet.remind({ message, lane, id, sinceMs: began, doubtful: attempt > 1 });
      return;
    } catch (error) {
      const asked = error instanceof TellFailure ? error.retryAfterMs : undefined;
      const pause = Math.max(asked ?? 0, backoff(attempt, 10_000, 300_000));
      log.warn({ error: toFailure(error, 'HF1701'), lane }, 'cannot tell the summary');
      if (clock.now() + pause > began + triedForMs) return;
      await waited(pause, clock, parts.signal);
      if (parts.signal?.aborted) return;
    }
  }
}

function waited(ms: number, clock: Clock, signal: AbortSignal | undefined): Promise<void> {
  return new Promise(resolve => {
    const cancel = clock.after(ms, resolve);
    const stop = () => {
      cancel();
      resolve();
    };
    signal?.addEventListener('abort', stop, { once: true });
  });
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
  const closing = new AbortController();
  const task = schedule(cron, () => remindAll({ ...parts, signal: closing.signal }), {
    timezone,
    noOverlap: true,
  });
  return async () => {
    closing.abort();
    await task.destroy();
  };
}
