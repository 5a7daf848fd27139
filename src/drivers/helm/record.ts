import { hash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import { jsonObjectSchema } from '../../cluster/schema.ts';
import { type Printed, readPrinted } from '../../declared/helm/output.ts';
import { Failure } from '../../failure/failure.ts';
import type { Attribution } from '../../findings/finding.ts';
import type { JsonObject } from '../../json/json.ts';

/** One revision of a release as Helm wrote it down. Everything in it may be secret: nothing of it but names, numbers and times is ever shown. */
export interface ReleaseRecord {
  revision: number;
  /** `deployed`, `failed`, `pending-upgrade`, `superseded`, `uninstalled` … */
  status: string;
  /** RFC 3339. */
  updatedAt: string | undefined;
  chart: { name: string; version: string };
  /** The texts of the chart's own templates, hashed, by their path. */
  templates: ReadonlyMap<string, string>;
  /** The same of its other files; of the charts in it a record says nothing but their lock. */
  files: ReadonlyMap<string, string>;
  lock: string | undefined;
  /** What `content` of the rendering was, where Holdfast made this revision. */
  content: string | undefined;
  /** The values of the chart itself, and of charts in it. */
  defaults: JsonObject;
  /** What was given beside the chart. */
  values: JsonObject;
  manifest: Printed;
  /** Its hooks: what helm runs at certain moments. */
  hooks: Printed['hooks'];
  /** To which revision somebody rolled back with it. */
  rolledBackTo: number | undefined;
  /** The Git revision that Holdfast converged with it, as Helm's description says. */
  ours: string | undefined;
  /** Who wrote it, as managedFields of the Secret tell. */
  by: Attribution | undefined;
}

const text = z.string().default('');
const fileSchema = z.looseObject({ name: z.string(), data: text.nullable() });
const recordSchema = z.object({
  version: z.int().min(1),
  info: z.looseObject({
    status: z.string(),
    last_deployed: z.string().optional(),
    description: text,
  }),
  chart: z
    .looseObject({
      metadata: z.looseObject({ name: text, version: text }).nullish(),
      values: jsonObjectSchema.nullish(),
      templates: z.array(fileSchema).nullish(),
      files: z.array(fileSchema).nullish(),
      lock: z.looseObject({ digest: text }).nullish(),
    })
    .nullish(),
  config: jsonObjectSchema.nullish(),
  manifest: text,
  hooks: z.array(z.looseObject({ manifest: text })).nullish(),
});

/** A Secret holds 1 MiB at most; what unpacks to more than this is no release. */
const mostBytes = 64 * 1024 * 1024;

/** The description under which Holdfast converges: it tells whose work a revision is, and proves nothing. */
export function ownDescription(revision: string): string {
  return `Holdfast ${revision}`;
}

/** Reads the Secret of one revision; `content` is what its labels say that it was made from. Throws HF1808 where it cannot be read; the message holds nothing of it. */
export function readRecord(secret: JsonObject, by: Attribution | undefined, content?: string): ReleaseRecord {
  const parsed = recordSchema.safeParse(payloadOf(secret));
  if (!parsed.success)
    throw new Failure('HF1808', 'it is no record of a release that Helm 3 or 4 would write');
  const { version, info, chart, config, manifest, hooks } = parsed.data;
  const rollback = /^Rollback to (\d+)$/.exec(info.description)?.[1];
  return {
    revision: version,
    status: info.status,
    updatedAt: timeOf(info.last_deployed),
    chart: { name: chart?.metadata?.name ?? '', version: chart?.metadata?.version ?? '' },
    templates: hashesOf(chart?.templates),
    files: hashesOf(chart?.files),
    lock: chart?.lock?.digest === '' ? undefined : chart?.lock?.digest,
    content,
    defaults: chart?.values ?? {},
    values: config ?? {},
    manifest: readPrinted(manifest),
    hooks: (hooks ?? []).flatMap(hook => readPrinted(hook.manifest).hooks),
    rolledBackTo: rollback === undefined ? undefined : Number(rollback),
    ours: /^Holdfast ([0-9a-f]{40})$/.exec(info.description)?.[1],
    by,
  };
}

function hashesOf(files: readonly z.output<typeof fileSchema>[] | null | undefined): Map<string, string> {
  return new Map(
    (files ?? []).map(({ name, data }) => [name, hash('sha256', Buffer.from(data ?? '', 'base64'), 'hex')]),
  );
}

function timeOf(written: string | undefined): string | undefined {
  const time = Date.parse(written ?? '');
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

function payloadOf(secret: JsonObject): unknown {
  const { data } = secret;
  const coded =
    typeof data === 'object' && data !== null && !Array.isArray(data) ? data['release'] : undefined;
  if (typeof coded !== 'string') throw new Failure('HF1808', 'the Secret holds no release');
  try {
    const inner = Buffer.from(Buffer.from(coded, 'base64').toString('utf8'), 'base64');
    const zipped = inner[0] === 0x1f && inner[1] === 0x8b;
    const json = zipped ? gunzipSync(inner, { maxOutputLength: mostBytes }) : inner;
    return JSON.parse(json.toString('utf8'));
  } catch {
    throw new Failure('HF1808', 'it cannot be unpacked');
  }
}

/** The same record with another status, as Helm would write it: of an operation that was interrupted, so that Helm goes on. */
export function withStatus(
  secret: JsonObject,
  status: string,
  description: string,
  time?: string,
): JsonObject {
  const payload = z.looseObject({ info: z.looseObject({}) }).safeParse(payloadOf(secret));
  if (!payload.success) throw new Failure('HF1808', 'it is no record of a release');
  const at = time === undefined ? {} : { last_deployed: time };
  const next = { ...payload.data, info: { ...payload.data.info, status, description, ...at } };
  const release = Buffer.from(gzipSync(JSON.stringify(next)).toString('base64')).toString('base64');
  const metadata = jsonObjectSchema.parse(secret['metadata']);
  const labels = { ...jsonObjectSchema.parse(metadata['labels'] ?? {}), status };
  return { ...secret, metadata: { ...metadata, labels }, data: { release } };
}
