import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { FailureCode } from '../failure/codes.ts';
import type { Finding } from '../findings/finding.ts';
import type { Incident } from './incident.ts';
import { lineSchema } from './lines.ts';
import type { Thread } from './threads.ts';

const driver = z.enum(['kubernetes', 'helm', 'cloudformation', 'terraform', 'ansible']);
const verdict = z.enum(['in-sync', 'drifted', 'unknown']);
const count = z.int().min(0);
const time = z.iso.datetime({ offset: true });

const resource = z.union([
  z.object({ apiVersion: z.string(), kind: z.string(), namespace: z.string().optional(), name: z.string() }),
  z.object({ type: z.string(), name: z.string() }),
]);

const change = z.object({
  path: z.string(),
  op: z.enum(['changed', 'added', 'removed']),
  declared: z.unknown().optional(),
  live: z.unknown().optional(),
  by: z
    .object({
      manager: z.string(),
      operation: z.string().optional(),
      subresource: z.string().optional(),
      time: z.string().optional(),
    })
    .optional(),
  redacted: z.boolean().optional(),
});

const code = z.string().regex(/^HF\d{4}$/) as unknown as z.ZodType<FailureCode>;

const finding = z.object({
  unit: z.string(),
  type: z.enum(['missing', 'changed', 'undeclared', 'orphaned', 'unmanaged', 'invalid', 'unknown']),
  resource,
  source: z
    .object({ file: z.string(), line: z.int().min(1).optional(), revision: z.string().optional() })
    .optional(),
  changes: z.array(change).optional(),
  message: z.string().optional(),
  code: code.optional(),
  origin: z.enum(['cluster', 'git', 'forge', 'declaration', 'aws', 'terraform', 'hosts']).optional(),
});

const subject = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('drift'), unit: z.string(), finding, omitted: count.optional() }),
  z.object({
    kind: z.literal('digest'),
    unit: z.string(),
    total: count,
    counts: z.partialRecord(finding.shape.type, count),
    worst: z.array(finding),
    members: z.array(z.string()),
    latest: z
      .object({ counts: z.partialRecord(finding.shape.type, count), worst: z.array(finding) })
      .optional(),
  }),
  z.object({
    kind: z.literal('refused'),
    branch: z.string(),
    revision: z.string(),
    authorized: z.string(),
    reasons: z.array(z.string()),
    changes: z.array(z.string()),
    omitted: count.optional(),
  }),
  z.object({
    kind: z.literal('blind'),
    origin: z.string(),
    code: z.string(),
    message: z.string(),
    units: z.array(z.string()),
    itself: z.boolean().optional(),
  }),
]);

const state = z.enum(['suspected', 'open', 'acknowledged', 'snoozed', 'resolved']);

const who = z.object({ name: z.string(), slack: z.string().optional() });

const note = z.object({
  seq: count,
  at: time,
  what: z.enum([
    'opened',
    'updated',
    'resolved',
    'reopened',
    'acknowledged',
    'snoozed',
    'woken',
    'flapping',
    'note',
  ]),
  who: who.optional(),
  id: z.string().optional(),
  over: z.literal(true).optional(),
  lines: z.array(lineSchema).optional(),
});

/** One incident as it is kept in a DriftReport. */
export const incidentSchema = z.object({
  key: z.string().min(1),
  id: z.string().min(1),
  state,
  subject,
  openedAt: time,
  suspectedAt: time.optional(),
  updatedAt: time,
  changedAt: time.optional(),
  resolvedAt: time.optional(),
  undeclared: z.literal(true).optional(),
  acknowledged: z.object({ by: who, at: time }).optional(),
  snoozed: z.object({ by: who, at: time, until: time, covers: z.array(z.string()) }).optional(),
  flapping: z
    .object({ since: time, until: time, window: z.string(), mark: z.string(), seq: count })
    .optional(),
  flaps: count,
  notes: z.array(note),
  seq: count,
  lanes: z.array(z.string()).optional(),
  told: z.record(
    z.string(),
    z.object({
      hash: z.string(),
      state,
      flaps: count,
      seq: count,
      window: z.string().optional(),
      place: z.record(z.string(), z.string()),
    }),
  ),
});

/** The custom resource `DriftReport`. Incidents and findings are checked one by one, so that a bad one hides no other. */
export const driftReportSchema = z.looseObject({
  metadata: z.looseObject({ name: z.string() }),
  spec: z
    .object({ unit: z.string().optional(), of: z.string().optional(), page: z.int().min(2).optional() })
    .optional(),
  status: z
    .object({
      driver: driver.optional(),
      verdict: verdict.optional(),
      revision: z.string().optional(),
      tip: z.string().optional(),
      comparedAt: z.string().optional(),
      declared: count.optional(),
      inSync: count.optional(),
      findingCount: count.optional(),
      findings: z.array(z.unknown()).optional(),
      incidents: z.array(z.unknown()).optional(),
      threads: z.array(z.unknown()).optional(),
    })
    .optional(),
});

export const findingSchema = finding;

/** What was last seen of a unit. */
export interface UnitState {
  driver: z.output<typeof driver>;
  verdict: z.output<typeof verdict>;
  /** The revision compared with, and the tip of the branch where it is another. */
  revision: string | null;
  tip?: string;
  /** RFC 3339. */
  comparedAt: string;
  declared: number;
  inSync: number;
  /** Exact, whereas `findings` may be the first ones only. */
  findingCount: number;
  findings: Finding[];
}

/** One report: a unit's state with its incidents; the one named `holdfast` also holds the incidents of no unit. */
export interface StoredReport {
  name: string;
  unit?: string;
  state?: UnitState;
  incidents: Incident[];
  /** Only of the general report: what channels are still to be told. */
  threads?: Thread[];
}

/** The report that holds the incidents of no unit. A unit of that name shares it. */
export const generalReport = 'holdfast';

/** The name of a unit's report: the unit's own where an object can have it. */
export function reportName(unit: string): string {
  if (/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(unit)) return unit;
  const words = unit
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40);
  const hash = createHash('sha256').update(unit).digest('hex').slice(0, 12);
  return `unit-${words}-${hash}`.replace(/-+/g, '-');
}
