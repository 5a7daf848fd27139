import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Cluster } from '../cluster/cluster.ts';
import { collectionPath } from '../cluster/kind.ts';
import { fired } from '../concurrency/fired.ts';
import { hasRunOut, type Seen, see, whileLeading } from '../converge/lease.ts';
import { itemsOf, leaseKind } from '../converge/resources.ts';
import type { Log } from '../log/log.ts';

/** How many observers can share the units of a namespace. The names are fixed, so that an observer may write these Leases and no other. */
export const seatCount = 8;

export const seatLease = (seat: number): string => `holdfast-observer-seat-${seat}`;

const numbers = Array.from({ length: seatCount }, (_, seat) => seat);

/** Which seats observers sit on, and which of them is ours. */
export interface Seating {
  mine: number | undefined;
  /** Who sits on which seat; with ours. */
  taken: ReadonlyMap<number, string>;
}

export interface SeatsOptions {
  cluster: Cluster;
  namespace: string;
  holder: string;
  log: Log;
  /** Told whenever seats are taken or left. While the server cannot be asked, what was known last stays. */
  onSeating(seating: Seating): void;
  /** How long a seat counts as taken after it was last seen to be renewed. */
  leaseMs?: number;
  lookEveryMs?: number;
}

const leaseSchema = z.looseObject({
  metadata: z.looseObject({ name: z.string(), resourceVersion: z.string() }),
  spec: z.looseObject({ holderIdentity: z.string().nullish() }).default({}),
});

/** What was last seen of a seat. */
interface Seat {
  holder: string;
  seen: Seen;
}

/**
 * An observer's place among the observers of a namespace: it holds the Lease of one free seat until the signal, and sees who else
 * holds one. Clocks of two machines are never compared: another seat counts for as long as we see it being renewed.
 */
export class Seats {
  readonly #options: SeatsOptions;
  readonly #leaseMs: number;
  #seats = new Map<number, Seat>();
  #mine: number | undefined;
  #told = '';
  /** When the server answered last. */
  #lookedMs = Number.NEGATIVE_INFINITY;

  constructor(options: SeatsOptions) {
    this.#options = options;
    this.#leaseMs = options.leaseMs ?? 6_000;
  }

  async run(signal: AbortSignal): Promise<void> {
    let sitting: Promise<void> | undefined;
    while (!signal.aborted) {
      // an outage is told by everything else that asks the server
      const looked = await this.#look(signal).then(
        () => true,
        () => false,
      );
      if (looked) sitting ??= this.#sitting(signal);
      await sleep(this.#options.lookEveryMs ?? 1_000, undefined, { signal }).catch(() => undefined);
    }
    await sitting;
  }

  async #look(signal: AbortSignal): Promise<void> {
    const { cluster, namespace } = this.#options;
    const asked = { verb: 'list', resource: 'leases.coordination.k8s.io' };
    const answer = await cluster.call({ path: collectionPath(leaseKind, namespace), asked, signal });
    const leases = new Map(
      itemsOf(answer, leaseKind).flatMap(item => {
        const lease = leaseSchema.safeParse(item).data;
        return lease === undefined ? [] : [[lease.metadata.name, lease] as const];
      }),
    );
    const nowMs = performance.now();
    const before = this.#seats;
    const lookedMs = this.#lookedMs;
    const isBack = nowMs - lookedMs > this.#leaseMs / 3;
    this.#lookedMs = nowMs;
    this.#seats = new Map(
      numbers.flatMap(seat => {
        const lease = leases.get(seatLease(seat));
        if (lease === undefined) return [];
        const known = before.get(seat)?.seen;
        const { resourceVersion } = lease.metadata;
        // a seat that was never seen to be renewed may be of one that is dead: it counts for half the time, which is more than one renewal;
        // after an outage, in which nobody could renew, each that counted before it does so for its whole time anew
        const fresh = {
          version: known?.version ?? resourceVersion,
          sinceMs:
            known === undefined
              ? nowMs - this.#leaseMs / 2
              : isBack && known.sinceMs >= lookedMs - this.#leaseMs
                ? nowMs
                : known.sinceMs,
        };
        return [
          [seat, { holder: lease.spec.holderIdentity ?? '', seen: see(fresh, resourceVersion, nowMs) }],
        ];
      }),
    );
    this.#tell(nowMs);
  }

  #isTaken(seat: number, nowMs: number): boolean {
    const { holder, seen } = this.#seats.get(seat) ?? { holder: '', seen: { version: '', sinceMs: 0 } };
    return !hasRunOut({ holder, durationMs: this.#leaseMs }, seen, nowMs);
  }

  #tell(nowMs = performance.now()): void {
    const { holder, log, onSeating } = this.#options;
    const mine = this.#mine;
    const others = numbers.filter(seat => seat !== mine && this.#isTaken(seat, nowMs));
    const taken = new Map(others.map(seat => [seat, this.#seats.get(seat)?.holder ?? '']));
    if (mine !== undefined) taken.set(mine, holder);
    const told = JSON.stringify([mine, ...taken]);
    if (told === this.#told) return;
    this.#told = told;
    log.info({ mine, taken: Object.fromEntries(taken) }, 'the seats of the observers changed');
    onSeating({ mine, taken });
  }

  /** Takes a free seat and holds it; takes another one when it was lost. */
  async #sitting(signal: AbortSignal): Promise<void> {
    const { log } = this.#options;
    let warned = false;
    let tries = 0;
    while (!signal.aborted) {
      const nowMs = performance.now();
      const ours = numbers.find(seat => this.#seats.get(seat)?.holder === this.#options.holder);
      const free = numbers.filter(seat => !this.#isTaken(seat, nowMs));
      const seat = ours ?? free[tries % free.length];
      // who did not get one tries the next
      if (seat !== undefined) tries = (await this.#sit(seat, signal)) ? 0 : tries + 1;
      else if (!warned) {
        warned = true;
        log.warn(
          { seats: seatCount },
          'all seats of observers are taken: this one compares nothing until one is free',
        );
      }
      await sleep(200, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Holds one seat for as long as it can be held; false where it was not to be had. Who is not quick enough to get it looks for another. */
  async #sit(seat: number, signal: AbortSignal): Promise<boolean> {
    const { cluster, namespace, holder } = this.#options;
    const leave = new AbortController();
    const late = setTimeout(() => leave.abort(), this.#leaseMs / 3);
    const until = AbortSignal.any([signal, leave.signal]);
    const seen = this.#seats.get(seat)?.seen;
    let sat = false;
    await whileLeading(
      { cluster, namespace, holder, name: seatLease(seat), durationMs: this.#leaseMs, ...(seen && { seen }) },
      until,
      async leading => {
        clearTimeout(late);
        sat = true;
        this.#mine = seat;
        // right after an outage nothing is known of the others until the next look
        if (performance.now() - this.#lookedMs <= this.#leaseMs / 3) this.#tell();
        await fired(leading);
        // our share stays until others are seen to have it: what two compare is only compared twice
        this.#mine = undefined;
        leave.abort();
      },
    );
    clearTimeout(late);
    return sat;
  }
}
