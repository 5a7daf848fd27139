import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Cluster } from '../cluster/cluster.ts';
import { isNotFound } from '../cluster/failures.ts';
import { jsonObjectSchema } from '../cluster/schema.ts';
import { Failure } from '../failure/failure.ts';
import { isConflict, leaseKind } from './resources.ts';

/** The lease of the one converger of a namespace. */
export const convergerLease = 'holdfast-converger';

export interface LeaseOptions {
  cluster: Cluster;
  namespace: string;
  name: string;
  holder: string;
  /** How long a lease counts after it was last seen to be renewed; it is renewed three times in that time. */
  durationMs: number;
  /** What the holder says of itself in the annotations of the lease. */
  annotations?: Readonly<Record<string, string>>;
  /** What was seen of the lease before now; it counts from then on. */
  seen?: Seen;
  /** Told of each change, for the log. */
  onChange?: (held: boolean, message: string) => void;
}

const storedSchema = z.looseObject({
  metadata: z.looseObject({
    resourceVersion: z.string(),
    annotations: z.record(z.string(), z.string()).nullish(),
  }),
  spec: z
    .looseObject({
      holderIdentity: z.string().nullish(),
      leaseDurationSeconds: z.number().nullish(),
      acquireTime: z.string().nullish(),
      renewTime: z.string().nullish(),
      leaseTransitions: z.number().nullish(),
    })
    .default({}),
});

type Stored = z.output<typeof storedSchema>;

/** What was last seen of a lease, and since when it has not changed, on our own clock. */
export interface Seen {
  version: string;
  sinceMs: number;
}

/**
 * Whether a lease that somebody else holds has run out. Clocks of two machines are never compared: it has, when we
 * ourselves have watched it stay unrenewed for its whole duration.
 */
export function hasRunOut(lease: { holder: string; durationMs: number }, seen: Seen, nowMs: number): boolean {
  return lease.holder === '' || nowMs - seen.sinceMs > lease.durationMs;
}

/** The time of one version of a lease: kept while the version is the same. */
export function see(before: Seen | undefined, version: string, nowMs: number): Seen {
  return before?.version === version ? before : { version, sinceMs: nowMs };
}

/**
 * Runs `work` while the lease is ours, again and again until the signal fires. `lost` fires when the lease is somebody else's,
 * or was not renewed for two thirds of its duration; `leading` fires with it, and when the work is to end for another reason.
 * The lease is renewed until the work has ended, and is given back then.
 *
 * Who takes over has watched the lease stay unrenewed for its whole duration. So a third of the duration is left to end what
 * is in flight when `lost` fires: it must be aborted, not waited for.
 */
export async function whileLeading(
  options: LeaseOptions,
  signal: AbortSignal,
  work: (leading: AbortSignal, lost: AbortSignal) => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    const held = await acquire(options, signal);
    if (held === undefined) return;
    options.onChange?.(true, `${options.holder} holds the lease ${options.name}`);
    const lost = new AbortController();
    const ended = new AbortController();
    const renewing = renew(options, held, ended.signal, why => {
      options.onChange?.(false, why);
      lost.abort(new Failure('HF1308', why));
    });
    try {
      await work(AbortSignal.any([signal, lost.signal]), lost.signal);
    } finally {
      ended.abort();
      await renewing;
      if (!lost.signal.aborted) await release(options).catch(() => undefined);
    }
  }
}

/** Who holds a lease; undefined where nobody does. A holder that was killed is still named until another takes over. */
export async function leaseHolder(
  options: Pick<LeaseOptions, 'cluster' | 'namespace' | 'name'>,
): Promise<string | undefined> {
  return (await read(options))?.spec.holderIdentity || undefined;
}

/** What the holder of a lease says of itself there; empty where nobody holds it. */
export async function leaseAnnotations(
  options: Pick<LeaseOptions, 'cluster' | 'namespace' | 'name'>,
  signal?: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  const stored = await read(options, signal);
  return (stored?.spec.holderIdentity && stored.metadata.annotations) || {};
}

/** A lease of ours as it is stored, and the time of our own clock right before it was last asked to be written so. */
interface Held {
  stored: Stored;
  sinceMs: number;
}

/** Waits until the lease is ours; undefined on the signal. */
async function acquire(options: LeaseOptions, signal: AbortSignal): Promise<Held | undefined> {
  let { seen } = options;
  while (!signal.aborted) {
    try {
      const stored = await read(options, signal);
      const sinceMs = performance.now();
      if (stored === undefined) return { stored: await create(options), sinceMs };
      seen = see(seen, stored.metadata.resourceVersion, sinceMs);
      if (isFree(stored, seen, options))
        return { stored: await write(options, stored, taken(options, stored)), sinceMs };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
    }
    await sleep(options.durationMs / 6, undefined, { signal }).catch(() => undefined);
  }
  return undefined;
}

function isFree({ spec }: Stored, seen: Seen, { holder, durationMs }: LeaseOptions): boolean {
  if (spec.holderIdentity === holder) return true;
  const declared = (spec.leaseDurationSeconds ?? 0) * 1000;
  return hasRunOut(
    { holder: spec.holderIdentity ?? '', durationMs: Math.max(declared, durationMs) },
    seen,
    performance.now(),
  );
}

/**
 * Renews until the signal fires, or the lease is no longer to be relied on: then `lose` is told why, once. That comes in time
 * whatever a request that is under way does.
 */
async function renew(
  options: LeaseOptions,
  held: Held,
  ended: AbortSignal,
  lose: (why: string) => void,
): Promise<void> {
  const { durationMs, name, holder } = options;
  const over = new AbortController();
  const end = (why: string) => {
    if (!over.signal.aborted && !ended.aborted) lose(why);
    over.abort();
  };
  const deadline = (sinceMs: number) =>
    setTimeout(
      () => end(`the lease ${name} could not be renewed in time`),
      sinceMs + (durationMs * 2) / 3 - performance.now(),
    );
  let { stored } = held;
  let timer = deadline(held.sinceMs);
  let pauseMs = durationMs / 3;
  const stop = AbortSignal.any([ended, over.signal]);
  while (!stop.aborted) {
    await sleep(pauseMs, undefined, { signal: stop }).catch(() => undefined);
    if (stop.aborted) break;
    const sinceMs = performance.now();
    const within = AbortSignal.any([over.signal, AbortSignal.timeout(Math.ceil(durationMs / 3))]);
    try {
      stored = await write(options, stored, { renewTime: microTime() }, within);
      clearTimeout(timer);
      timer = deadline(sinceMs);
      pauseMs = durationMs / 3;
    } catch (error) {
      const now = isConflict(error) ? await read(options, within).catch(() => undefined) : undefined;
      if (now !== undefined && now.spec.holderIdentity !== holder)
        end(`${now.spec.holderIdentity || 'nobody'} holds the lease ${name} now`);
      stored = now ?? stored;
      pauseMs = durationMs / 9;
    }
  }
  clearTimeout(timer);
}

/** Lets the next holder begin at once. */
async function release(options: LeaseOptions): Promise<void> {
  const stored = await read(options);
  if (stored?.spec.holderIdentity === options.holder) await write(options, stored, { holderIdentity: '' });
}

async function read(
  { cluster, namespace, name }: Pick<LeaseOptions, 'cluster' | 'namespace' | 'name'>,
  signal?: AbortSignal,
): Promise<Stored | undefined> {
  try {
    return parsed(await cluster.get({ kind: leaseKind, namespace, name }, signal));
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

async function create(options: LeaseOptions): Promise<Stored> {
  const { cluster, namespace, name, annotations = {} } = options;
  const object = jsonObjectSchema.parse({
    apiVersion: leaseKind.apiVersion,
    kind: leaseKind.kind,
    metadata: { name, namespace, annotations: { ...annotations } },
    spec: taken(options, undefined),
  });
  return parsed(await cluster.create({ kind: leaseKind, namespace, name }, object, { dryRun: false }));
}

function taken({ holder, durationMs }: LeaseOptions, before: Stored | undefined): Stored['spec'] {
  const now = microTime();
  return {
    holderIdentity: holder,
    leaseDurationSeconds: Math.max(Math.ceil(durationMs / 1000), 1),
    acquireTime: now,
    renewTime: now,
    leaseTransitions: before === undefined ? 0 : (before.spec.leaseTransitions ?? 0) + 1,
  };
}

/** Refused by the server (409) if anybody wrote since `stored` was read. */
async function write(
  { cluster, namespace, name, annotations = {} }: LeaseOptions,
  stored: Stored,
  spec: Partial<Stored['spec']>,
  signal?: AbortSignal,
): Promise<Stored> {
  const metadata = { ...stored.metadata, annotations: { ...stored.metadata.annotations, ...annotations } };
  const object = jsonObjectSchema.parse({ ...stored, metadata, spec: { ...stored.spec, ...spec } });
  return parsed(
    await cluster.replace({ kind: leaseKind, namespace, name }, object, { dryRun: false, signal }),
  );
}

function parsed(object: unknown): Stored {
  const stored = storedSchema.safeParse(object);
  if (stored.success) return stored.data;
  throw new Failure('HF1308', 'the API server answered with something that is no Lease');
}

function microTime(): string {
  return new Date().toISOString().replace('Z', '000Z');
}
