import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { oneLine } from '../../../aws/failures.ts';
import type { DriftRow, Stacks } from '../../../aws/stacks.ts';
import { Failure } from '../../../failure/failure.ts';

/** What drift detection said of a stack. */
export interface Detected {
  /** By logical id. A resource whose type has no drift detection has no row. */
  rows: Map<string, DriftRow>;
  /** Set when not every resource was looked at: why, and for single resources where AWS says so. */
  failed?: { reason: string; resources: Map<string, string> };
}

/** Milliseconds: between two looks at a detection, and how long it may take. */
export interface Patience {
  everyMs: number;
  mostMs: number;
}

export const patience: Patience = { everyMs: 2000, mostMs: 900_000 };

/** Stack states in which CloudFormation detects drift. Source: CloudFormation User Guide, “Detect drift on an entire stack”. */
export const detectable: ReadonlySet<string> = new Set([
  'CREATE_COMPLETE',
  'UPDATE_COMPLETE',
  'UPDATE_ROLLBACK_COMPLETE',
  'UPDATE_ROLLBACK_FAILED',
  'IMPORT_COMPLETE',
]);

/**
 * Starts a detection, waits for its end and reads the rows of all pages, without those that an earlier detection left. A detection
 * that failed keeps what it found of other resources. Throws AwsFailures, and HF1922 when it does not end in time.
 */
export async function detectDrift(
  stacks: Stacks,
  stackName: string,
  { everyMs, mostMs }: Patience,
  signal?: AbortSignal,
): Promise<Detected> {
  const started = performance.now();
  const id = await start(stacks, stackName, { everyMs, mostMs }, signal);
  for (;;) {
    const { DetectionStatus, DetectionStatusReason, Timestamp: begun } = await stacks.detection(id);
    if (DetectionStatus !== 'DETECTION_IN_PROGRESS') {
      const fresh = (await stacks.drifts(stackName)).filter(
        row => row.Timestamp.getTime() > begun.getTime() - 1000,
      );
      const rows = new Map(fresh.map(row => [row.LogicalResourceId, row]));
      return DetectionStatus === 'DETECTION_COMPLETE'
        ? { rows }
        : { rows, failed: failureIn(DetectionStatusReason) };
    }
    if (performance.now() - started > mostMs)
      throw new Failure(
        'HF1922',
        `drift detection of the stack ${stackName} did not end in ${Math.round(mostMs / 1000)} s`,
      );
    await sleep(everyMs, undefined, signal === undefined ? {} : { signal });
  }
}

/** One detection per stack runs at a time: one that somebody else began is waited for. */
async function start(
  stacks: Stacks,
  stackName: string,
  { everyMs, mostMs }: Patience,
  signal?: AbortSignal,
): Promise<string> {
  const until = performance.now() + mostMs;
  for (;;) {
    try {
      return await stacks.startDetection(stackName);
    } catch (error) {
      const running = error instanceof Failure && /already in progress/i.test(error.message);
      if (!running || performance.now() > until) throw error;
      await sleep(everyMs, undefined, signal === undefined ? {} : { signal });
    }
  }
}

const reasonSchema = z.object({
  Summary: z.string().default(''),
  Failures: z.array(z.object({ Resource: z.string(), FailureReason: z.string() })).default([]),
});

/** The reason is a sentence, or JSON with one for each resource. */
function failureIn(reason = 'without a reason'): NonNullable<Detected['failed']> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(reason);
  } catch {
    return { reason: oneLine(reason, 300), resources: new Map() };
  }
  const found = reasonSchema.safeParse(parsed);
  if (!found.success) return { reason: oneLine(reason, 300), resources: new Map() };
  const resources = new Map(
    found.data.Failures.map(({ Resource, FailureReason }) => [Resource, oneLine(FailureReason, 300)]),
  );
  return { reason: oneLine(found.data.Summary, 300), resources };
}
