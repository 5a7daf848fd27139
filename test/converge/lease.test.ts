import { setTimeout } from 'node:timers/promises';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Cluster } from '../../src/cluster/cluster.ts';
import type { ApiRequest, Connection } from '../../src/cluster/connection.ts';
import { hasRunOut, see, whileLeading } from '../../src/converge/lease.ts';
import { Failure } from '../../src/failure/failure.ts';
import { statusBody } from '../fakes/kubernetes/connection.ts';

const held = { holder: 'other', durationMs: 15_000 };

describe('a lease of another holder', () => {
  it.each([
    ['counts while it was seen to change within its duration', held, 14_000, false],
    ['has run out when it was watched unchanged for longer', held, 15_001, true],
    ['is free at once when it was given back', { ...held, holder: '' }, 0, true],
  ])('%s', (_what, lease, watchedMs, expected) => {
    const seen = see(undefined, '7', 1_000);

    expect(hasRunOut(lease, see(seen, '7', 1_000 + watchedMs), 1_000 + watchedMs)).toBe(expected);
  });

  it('is watched anew from each change on, whatever time stands in it', () => {
    const seen = see(see(undefined, '7', 0), '8', 20_000);

    expect(hasRunOut(held, seen, 30_000)).toBe(false);
  });
});

const path = '/apis/coordination.k8s.io/v1/namespaces/holdfast/leases';

/** A server that keeps one lease; each contender has a connection of its own, which can be cut: then no answer comes. */
function leases() {
  let stored: { metadata: { resourceVersion: string }; spec: Record<string, unknown> } | undefined;
  let version = 0;
  const answer = ({ method = 'GET', body }: ApiRequest): { status: number; body: unknown } => {
    const sent = body as NonNullable<typeof stored>;
    const current = stored?.metadata.resourceVersion;
    if (method === 'GET' && stored === undefined) {
      const details = { name: 'converger', kind: 'leases' };
      return { status: 404, body: statusBody('NotFound', 'no such lease', { details }) };
    }
    if (method === 'POST' && stored !== undefined)
      return { status: 409, body: statusBody('AlreadyExists', '') };
    if (method === 'PUT' && sent.metadata.resourceVersion !== current)
      return { status: 409, body: statusBody('Conflict', '') };
    if (method !== 'GET') {
      version += 1;
      stored = { ...sent, metadata: { ...sent.metadata, resourceVersion: String(version) } };
    }
    return { status: 200, body: structuredClone(stored) };
  };
  const connect = () => {
    const link = { cut: false };
    const request = async (asked: ApiRequest) => {
      expect(asked.path.startsWith(path)).toBe(true);
      if (link.cut) await new Promise<never>((_, reject) => failing(asked.signal, reject));
      return { headers: {}, ...answer(asked) };
    };
    return { link, cluster: new Cluster({ request } as unknown as Connection) };
  };
  return { connect };
}

function failing(signal: AbortSignal | undefined, reject: (error: Error) => void): void {
  const fail = () => reject(new Failure('HF1301', 'it took too long'));
  if (signal?.aborted === true) fail();
  signal?.addEventListener('abort', fail, { once: true });
}

const durationMs = 600;

describe('who holds a lease', () => {
  const events: string[] = [];
  const contend = (holder: string, cluster: Cluster, onLead: (lost: AbortSignal) => Promise<void>) => {
    const stop = new AbortController();
    const options = { cluster, namespace: 'holdfast', name: 'converger', holder, durationMs };
    const done = whileLeading(options, stop.signal, async (leading, lost) => {
      events.push(`${holder} leads`);
      lost.addEventListener('abort', () => events.push(`${holder} lost`), { once: true });
      await new Promise<void>(resolve => leading.addEventListener('abort', () => resolve(), { once: true }));
      await onLead(lost);
      events.push(`${holder} ended`);
    });
    return { stop: () => stop.abort(), done };
  };
  const happened = (event: string) =>
    vi.waitUntil(() => events.includes(event), { timeout: 10_000, interval: 5 });

  beforeEach(() => {
    events.length = 0;
  });

  it('loses it before another may take it, though no request of its own is answered', async () => {
    const server = leases();
    const [first, second] = [server.connect(), server.connect()];
    const one = contend('first', first.cluster, async () => undefined);
    await happened('first leads');
    const other = contend('second', second.cluster, async () => undefined);
    first.link.cut = true;

    await happened('second leads');
    one.stop();
    other.stop();
    await Promise.all([one.done, other.done]);

    expect(events.slice(0, 4)).toEqual(['first leads', 'first lost', 'first ended', 'second leads']);
  });

  it('keeps it while its work comes to an end, however long that takes', async () => {
    const server = leases();
    const finish = Promise.withResolvers<void>();
    const one = contend('first', server.connect().cluster, () => finish.promise);
    await happened('first leads');
    const other = contend('second', server.connect().cluster, async () => undefined);
    one.stop();
    await setTimeout(durationMs * 3);
    finish.resolve();

    await happened('second leads');
    other.stop();
    await Promise.all([one.done, other.done]);

    expect(events.slice(0, 3)).toEqual(['first leads', 'first ended', 'second leads']);
  });
});
