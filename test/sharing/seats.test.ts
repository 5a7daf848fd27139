import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Cluster } from '../../src/cluster/cluster.ts';
import type { ApiRequest, Connection } from '../../src/cluster/connection.ts';
import { Failure } from '../../src/failure/failure.ts';
import { type Seating, Seats, seatCount, seatLease } from '../../src/sharing/seats.ts';
import { statusBody } from '../fakes/kubernetes/connection.ts';

const root = '/apis/coordination.k8s.io/v1/namespaces/holdfast/leases';
const leaseMs = 900;

/** A server that keeps Leases, and can be away. */
class Leases {
  away = false;
  readonly stored = new Map<string, { metadata: { name: string; resourceVersion: string }; spec: object }>();
  #version = 0;

  readonly cluster = new Cluster({
    request: async (asked: ApiRequest) => ({ headers: {}, ...this.#answer(asked) }),
  } as unknown as Connection);

  put(name: string, spec: object): void {
    this.#version += 1;
    this.stored.set(name, { metadata: { name, resourceVersion: String(this.#version) }, spec });
  }

  #answer({ method = 'GET', path, body }: ApiRequest): { status: number; body: unknown } {
    if (this.away) throw new Failure('HF1301', 'it is away');
    if (method === 'GET' && path === root)
      return { status: 200, body: { metadata: {}, items: structuredClone([...this.stored.values()]) } };
    const sent = body as { metadata: { name: string; resourceVersion?: string }; spec: object } | undefined;
    const name = sent?.metadata.name ?? path.slice(root.length + 1);
    const current = this.stored.get(name);
    const details = { name, kind: 'leases' };
    if (method === 'GET' && current === undefined)
      return { status: 404, body: statusBody('NotFound', 'no such lease', { details }) };
    if (method === 'POST' && current !== undefined)
      return { status: 409, body: statusBody('AlreadyExists', '') };
    if (method === 'PUT' && sent?.metadata.resourceVersion !== current?.metadata.resourceVersion)
      return { status: 409, body: statusBody('Conflict', '') };
    if (sent !== undefined) this.put(name, sent.spec);
    return { status: method === 'POST' ? 201 : 200, body: structuredClone(this.stored.get(name)) };
  }
}

let leases: Leases;
let running: { stop: AbortController; done: Promise<void> }[];
let warned: string[];

beforeEach(() => {
  leases = new Leases();
  running = [];
  warned = [];
});
afterEach(async () => {
  for (const { stop } of running) stop.abort();
  await Promise.all(running.map(({ done }) => done));
});

/** An observer that looks for a seat; what it was told of seats, the newest last. */
function observer(holder: string): { seatings: Seating[]; now: () => Seating | undefined } {
  const seatings: Seating[] = [];
  const stop = new AbortController();
  const log = pino({ level: 'warn' }, { write: line => void warned.push(line) });
  const onSeating = (seating: Seating) => void seatings.push(seating);
  const { cluster } = leases;
  const seats = new Seats({
    ...{ cluster, namespace: 'holdfast', holder, log, onSeating },
    leaseMs,
    lookEveryMs: 100,
  });
  running.push({ stop, done: seats.run(stop.signal) });
  return { seatings, now: () => seatings.at(-1) };
}

const until = (what: () => unknown) => vi.waitUntil(what, { timeout: 20_000, interval: 10 });

it('observers take seats of their own, and see each other', async () => {
  const [a, b] = [observer('a'), observer('b')];
  await until(() => a.now()?.taken.size === 2 && b.now()?.taken.size === 2);
  expect(a.now()?.mine).not.toBe(b.now()?.mine);
  expect(new Set(a.now()?.taken.values())).toEqual(new Set(['a', 'b']));
});

it.each([[[0]], [[0, 1, 2]], [Array.from({ length: seatCount }, (_, seat) => seat)]])(
  'the seats %j of observers that were killed keep nobody from sitting down',
  async dead => {
    for (const seat of dead)
      leases.put(seatLease(seat), { holderIdentity: `killed-${seat}`, leaseDurationSeconds: 1 });
    const a = observer('a');
    await until(() => a.now()?.mine !== undefined && a.now()?.taken.size === 1);
  },
);

it('after an outage each sits where it sat, and nobody counted as gone', async () => {
  const [a, b] = [observer('a'), observer('b')];
  await until(() => a.now()?.taken.size === 2 && b.now()?.taken.size === 2);
  const seats = [a.now()?.mine, b.now()?.mine];
  const before = [a.seatings.length, b.seatings.length] as const;
  leases.away = true;
  await sleep(leaseMs * 2);
  leases.away = false;
  await until(() => a.now()?.mine !== undefined && b.now()?.mine !== undefined);
  await sleep(leaseMs * 2);
  expect([a.now()?.mine, b.now()?.mine]).toEqual(seats);
  const told = [...a.seatings.slice(before[0]), ...b.seatings.slice(before[1])];
  // at most that an observer has lost its own seat for a moment
  expect(told.filter(({ taken, mine }) => taken.size < (mine === undefined ? 1 : 2))).toEqual([]);
});

it('after an outage the seats of those that were killed before it do not count again', async () => {
  for (const seat of [4, 5]) leases.put(seatLease(seat), { holderIdentity: `killed-${seat}` });
  const a = observer('a');
  await until(() => a.now()?.mine !== undefined && a.now()?.taken.size === 1);
  const before = a.seatings.length;
  leases.away = true;
  await sleep(leaseMs * 2);
  leases.away = false;
  await sleep(leaseMs * 2);
  expect(a.seatings.slice(before).filter(({ taken }) => taken.size > 1)).toEqual([]);
});

it('one more than there are seats says so, and sits down when one is free', async () => {
  const all = Array.from({ length: seatCount }, (_, index) => observer(`o${index}`));
  await until(() => all.every(one => one.now()?.taken.size === seatCount));
  const late = observer('late');
  await until(() => warned.some(line => line.includes('all seats of observers are taken')));
  expect(late.now()?.mine).toBeUndefined();
  running[3]?.stop.abort();
  await until(() => late.now()?.mine !== undefined);
});
