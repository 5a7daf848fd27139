import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Cluster } from '../drivers/kubernetes/cluster/cluster.ts';
import { isNotFound } from '../drivers/kubernetes/cluster/failures.ts';
import { jsonObjectSchema } from '../drivers/kubernetes/cluster/schema.ts';
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
  /** Told of each change, for the log. */
  onChange?: (held: boolean, message: string) => void;
}

const storedSchema = z.looseObject({
  metadata: z.looseObject({ resourceVersion: z.string() }),
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
 * Runs `work` while the lease is ours, again and again until the signal fires. The signal given to `work` fires when the
 * lease is lost or could not be renewed for two thirds of its duration, so before anybody else may take it.
 */
export async function whileLeading(
  options: LeaseOptions,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    const lease = await acquire(options, signal);
    if (lease === undefined) return;
    options.onChange?.(true, `${options.holder} holds the lease ${options.name}`);
    const lost = new AbortController();
    const ended = new AbortController();
    const renewing = renew(options, lease, AbortSignal.any([signal, ended.signal])).then(why => {
      if (why === undefined) return;
      options.onChange?.(false, why);
      lost.abort(new Failure('HF1308', why));
    });
    try {
      await work(AbortSignal.any([signal, lost.signal]));
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

/** Waits until the lease is ours; undefined on the signal. */
async function acquire(options: LeaseOptions, signal: AbortSignal): Promise<Stored | undefined> {
  let seen: Seen | undefined;
  while (!signal.aborted) {
    try {
      const stored = await read(options);
      if (stored === undefined) return await create(options);
      seen = see(seen, stored.metadata.resourceVersion, performance.now());
      if (isFree(stored, seen, options)) return await write(options, stored, taken(options, stored));
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

/** Renews until the signal fires; returns why the lease is no longer to be relied on. */
async function renew(options: LeaseOptions, lease: Stored, signal: AbortSignal): Promise<string | undefined> {
  let current = lease;
  let renewedAt = performance.now();
  for (;;) {
    await sleep(options.durationMs / 3, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return undefined;
    const began = performance.now();
    try {
      current = await write(
        options,
        current,
        { renewTime: microTime() },
        AbortSignal.timeout(options.durationMs / 3),
      );
      renewedAt = began;
    } catch (error) {
      const now = isConflict(error) ? await read(options).catch(() => undefined) : undefined;
      if (now !== undefined && now.spec.holderIdentity !== options.holder)
        return `${now.spec.holderIdentity || 'nobody'} holds the lease ${options.name} now`;
      if (now !== undefined) current = now;
      if (performance.now() - renewedAt > (options.durationMs * 2) / 3 - options.durationMs / 6)
        return `the lease ${options.name} could not be renewed in time`;
    }
  }
}

/** Lets the next holder begin at once. */
async function release(options: LeaseOptions): Promise<void> {
  const stored = await read(options);
  if (stored?.spec.holderIdentity === options.holder) await write(options, stored, { holderIdentity: '' });
}

async function read({
  cluster,
  namespace,
  name,
}: Pick<LeaseOptions, 'cluster' | 'namespace' | 'name'>): Promise<Stored | undefined> {
  try {
    return parsed(await cluster.get({ kind: leaseKind, namespace, name }));
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

async function create(options: LeaseOptions): Promise<Stored> {
  const { cluster, namespace, name } = options;
  const object = jsonObjectSchema.parse({
    apiVersion: leaseKind.apiVersion,
    kind: leaseKind.kind,
    metadata: { name, namespace },
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
  { cluster, namespace, name }: LeaseOptions,
  stored: Stored,
  spec: Partial<Stored['spec']>,
  signal?: AbortSignal,
): Promise<Stored> {
  const object = jsonObjectSchema.parse({ ...stored, spec: { ...stored.spec, ...spec } });
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
