import type { Cluster } from '../cluster/cluster.ts';
import { steadyClock } from '../concurrency/clock.ts';
import type { Declaration, DeclaredUnit } from '../declared/declaration.ts';
import { hashText } from '../declared/hash.ts';
import { toFailure } from '../failure/failure.ts';
import type { Comparison, DriverName } from '../findings/finding.ts';
import type { Log } from '../log/log.ts';
import { Publisher } from '../sharing/publisher.ts';
import { Receiver } from '../sharing/receiver.ts';
import { type Seating, Seats } from '../sharing/seats.ts';
import { shareOut, type Weighed } from '../sharing/share.ts';
import type { Sighting } from '../sharing/sighting.ts';
import { clusterSightings } from '../sharing/sighting-store.ts';

export interface SharingParts {
  cluster: Cluster;
  namespace: string;
  holder: string;
  log: Log;
}

/** What an observer does when its share changes, or hears what others saw. */
export interface Sharer {
  reshared(): void;
  heard(comparison: Comparison, converging: boolean): void;
}

const lookForSilenceEveryMs = 5_000;

const isWatched = (driver: DriverName) => driver === 'kubernetes' || driver === 'helm';

/**
 * Observers of one namespace share its units: each compares those of its seat. One of them tells; the others hand over to it what they
 * see. Until it is known who else there is, everything is ours: what two compare is only compared twice.
 */
export class Sharing {
  readonly #parts: SharingParts;
  readonly #publisher: Publisher;
  readonly #receiver: Receiver;
  readonly #store: ReturnType<typeof clusterSightings>;
  #sharer: Sharer | undefined;
  #seating: Seating | undefined;
  #units: readonly DeclaredUnit[] = [];
  #retired: ReadonlySet<string> = new Set();
  /** Of all that a unit is compared with. */
  #hashes: ReadonlyMap<string, string> = new Map();
  #scheduled: ReadonlySet<string> = new Set();
  /** The names of our units; undefined: all. */
  #mine: ReadonlySet<string> | undefined;
  /** Which observer compares which unit. */
  #owners: ReadonlyMap<string, string> = new Map();
  /** Units of others that were not heard of for too long while this process tells: it compares them itself. */
  #taken: ReadonlySet<string> = new Set();
  #leading: AbortController | undefined;

  constructor(parts: SharingParts) {
    const { cluster, namespace, log } = parts;
    this.#parts = parts;
    this.#store = clusterSightings(cluster, namespace);
    const failed = (doing: string) => (error: unknown) =>
      log.warn({ error: toFailure(error, 'HF1308'), doing }, 'what was seen cannot be handed over');
    this.#publisher = new Publisher({
      store: this.#store,
      holder: parts.holder,
      clock: steadyClock,
      onFailure: failed('write a Sighting'),
    });
    this.#receiver = new Receiver({
      hashOf: unit => this.#hashes.get(unit),
      isMine: unit => this.isMine(unit),
      ownerOf: unit => this.#owners.get(unit),
      isScheduled: unit => this.#scheduled.has(unit),
      deliver: (comparison, converging) => this.#sharer?.heard(comparison, converging),
      onBad: (unit, why) => log.warn({ unit, why }, 'a Sighting cannot be read'),
      remove: (name, holder) => void this.#store.remove(name, holder).catch(failed('remove a Sighting')),
      now: () => performance.now(),
    });
  }

  /** Holds a seat until the signal, and tells the observer whenever its share changes. */
  async run(sharer: Sharer, signal: AbortSignal): Promise<void> {
    this.#sharer = sharer;
    const onSeating = (seating: Seating) => {
      this.#seating = seating;
      this.#reshare();
    };
    const looking = setInterval(() => this.#lookForSilence(), lookForSilenceEveryMs);
    try {
      await new Seats({ ...this.#parts, onSeating }).run(signal);
    } finally {
      clearInterval(looking);
      this.#leading?.abort();
      await this.#publisher.close();
    }
  }

  /** Those of all units that are ours. `retired` are those that are declared no more, and not in sight of every observer. */
  declare(
    declaration: Pick<Declaration, 'units' | 'settings'>,
    retired: readonly DeclaredUnit[] = [],
  ): DeclaredUnit[] {
    const units = [...declaration.units, ...retired];
    const ignored = JSON.stringify(declaration.settings.ignore);
    this.#units = units;
    this.#retired = new Set(retired.map(({ definition }) => definition.name));
    this.#hashes = new Map(
      units.map(({ definition, hash }) => [
        definition.name,
        hashText(JSON.stringify([hash, definition, ignored])),
      ]),
    );
    this.#scheduled = new Set(
      units
        .filter(({ definition }) => !isWatched(definition.driver))
        .map(({ definition }) => definition.name),
    );
    this.#share();
    this.#receiver.again();
    return this.mine();
  }

  mine(): DeclaredUnit[] {
    return this.#units.filter(({ definition }) => this.isMine(definition.name));
  }

  isMine(unit: string): boolean {
    return this.#mine === undefined || this.#mine.has(unit) || this.#taken.has(unit);
  }

  /** Whether this unit is in anybody's share. */
  shares(unit: string): boolean {
    return this.#hashes.has(unit);
  }

  /** What we saw of one of our units. */
  saw(sighting: Pick<Sighting, 'comparison' | 'converging'>): void {
    const { unit } = sighting.comparison;
    const hash = this.#hashes.get(unit);
    if (hash !== undefined && this.isMine(unit)) this.#publisher.saw({ ...sighting, unit, hash });
  }

  /** Nothing of a unit that is declared no more is left: nobody compares it. */
  over(unit: string): void {
    this.#units = this.#units.filter(({ definition }) => definition.name !== unit);
    this.#hashes = new Map([...this.#hashes].filter(([name]) => name !== unit));
  }

  /** We compare it no more. */
  left(unit: string): void {
    this.#publisher.forget(unit);
  }

  converging(units: ReadonlySet<string>): void {
    this.#publisher.converging(units);
    this.#receiver.converging(units);
  }

  /** Whether this process is the one that tells. */
  leading(held: boolean): void {
    this.#leading?.abort();
    this.#leading = undefined;
    this.#receiver.reset();
    const before = this.mine();
    if (held) {
      const until = new AbortController();
      this.#leading = until;
      void this.#store.watch(parts => this.#receiver.take(parts), until.signal);
    }
    this.#taken = new Set();
    this.#reshare(before);
  }

  #reshare(before = this.mine()): void {
    this.#share();
    this.#publisher.wanted(this.#leading === undefined && this.#seating !== undefined);
    const now = this.mine();
    const same = before.length === now.length && before.every((unit, index) => unit === now[index]);
    if (!same) this.#sharer?.reshared();
    this.#receiver.again();
  }

  /** Without a seat the last share stays; whoever never had one has everything while nobody else is there, and else nothing. */
  #share(): void {
    const seating = this.#seating;
    if (seating === undefined) return;
    const { mine, taken } = seating;
    const weighed = this.#units.map(({ definition, objects }) => ({
      unit: definition.name,
      weight: 1 + objects.length,
    }));
    const isRetired = ({ unit }: Weighed) => this.#retired.has(unit);
    const declared = weighed.filter(one => !isRetired(one));
    const shares = shareOut([...taken.keys()].sort(), declared, weighed.filter(isRetired));
    const owned = this.#owners;
    this.#owners = new Map([...shares].map(([unit, seat]) => [unit, taken.get(seat) ?? '']));
    if (mine === undefined) {
      if (this.#mine === undefined && taken.size > 0) this.#mine = new Set();
      return;
    }
    const before = this.#mine;
    this.#mine = new Set(weighed.map(({ unit }) => unit).filter(unit => shares.get(unit) === mine));
    for (const unit of this.#mine) if (before?.has(unit) === false) this.#receiver.drop(unit);
    if (this.#leading === undefined) return;
    this.#keepUntilHeard(before);
    for (const [unit, owner] of this.#owners) {
      if (!owned.has(unit) || owned.get(unit) === owner || this.#mine.has(unit)) continue;
      if (this.#taken.has(unit)) this.#receiver.expect(unit);
      else this.#receiver.moved(unit);
    }
  }

  /** Who tells goes on comparing what goes to another until that one has seen it. */
  #keepUntilHeard(before: ReadonlySet<string> | undefined): void {
    const gone = [...(before ?? this.#mine ?? [])].filter(unit => !this.#mine?.has(unit));
    for (const unit of gone) this.#receiver.expect(unit);
    this.#taken = new Set([...this.#taken, ...gone]);
  }

  #lookForSilence(): void {
    if (this.#leading === undefined) return;
    const others = this.#units
      .map(({ definition }) => definition.name)
      .filter(unit => !this.#mine?.has(unit));
    const silent = this.#mine === undefined ? [] : this.#receiver.silent(others);
    const taken = new Set(silent);
    if (taken.size === this.#taken.size && silent.every(unit => this.#taken.has(unit))) return;
    const more = silent.filter(unit => !this.#taken.has(unit));
    if (more.length > 0)
      this.#parts.log.warn(
        { units: more },
        'nobody hands over what it sees of these units: this observer compares them',
      );
    this.#taken = taken;
    this.#sharer?.reshared();
    this.#receiver.again();
  }
}
