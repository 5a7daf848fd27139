import type { Cluster } from '../../../cluster/cluster.ts';
import type { Declaration, DeclaredUnit } from '../../../declared/declaration.ts';
import type { FindingType } from '../../../findings/finding.ts';
import type { Facts } from './facts.ts';
import type { Feed, Feeds } from './feeds.ts';
import { type Ground, groundOf } from './ground.ts';
import { type Place, placeName, placesOf } from './places.ts';
import { type Beyond, tell } from './tell.ts';
import { namespaceKind, type Surroundings, terminatingOf } from './terminating.ts';

/** What is made just now may get its owner in a moment. */
const settleMs = 2_000;

export interface BeyondOptions {
  cluster: Cluster;
  feeds: Feeds;
  now: () => number;
  /** What lives beside the declaration may be another now. */
  onChange: () => void;
}

/** What lives beside what a unit declares, kept true by watches of metadata. */
export class BeyondWatch {
  readonly #options: BeyondOptions;
  readonly #feeds = new Map<string, { place: Place; feed: Feed }>();
  #namespaces: Feed | undefined;
  #ground: Ground | undefined;
  #declared: { unit: DeclaredUnit; declaration: Declaration };
  #closed = false;
  #again: NodeJS.Timeout | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(unit: DeclaredUnit, declaration: Declaration, options: BeyondOptions) {
    this.#options = options;
    this.#declared = { unit, declaration };
    void this.#arrange();
  }

  declare(unit: DeclaredUnit, declaration: Declaration): void {
    this.#declared = { unit, declaration };
    this.#ground = undefined;
    void this.#arrange();
  }

  /** The server may serve other kinds by now. */
  kindsChanged(): void {
    const { unit, declaration } = this.#declared;
    if (unit.manages === undefined && declaration.earlier === undefined) return;
    this.#options.cluster.forgetKinds();
    void this.#arrange();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#again);
    clearTimeout(this.#timer);
    for (const { feed } of this.#feeds.values()) feed.close();
    this.#namespaces?.close();
  }

  /** Whether it looks for what the present declaration leaves beside it. */
  get arranged(): boolean {
    return this.#ground !== undefined;
  }

  now(): Surroundings {
    const ground = this.#ground;
    const members = ground?.inNamespace ?? new Map();
    const namespaces = [...(this.#namespaces?.rows() ?? [])].filter(({ name }) => members.has(name));
    const { findings, exempt } = ground === undefined ? nothing : this.#beyond(ground);
    return { findings, exempt, members, terminating: terminatingOf(namespaces), unsure: this.#unsure() };
  }

  #beyond(ground: Ground): Beyond {
    const rows = new Map<string, Facts>();
    const young: Facts[] = [];
    const now = this.#options.now();
    for (const { feed } of this.#feeds.values()) {
      for (const row of feed.rows()) {
        rows.set(row.uid, row);
        if (!feed.isOlder(row, settleMs, now)) young.push(row);
      }
    }
    const failures = [...this.#feeds.values()].flatMap(({ place, feed: { failure } }) =>
      failure === undefined ? [] : [{ ...place, failure }],
    );
    if (young.length > 0) this.#lookAgain();
    const making = new Set(young.map(({ uid }) => uid));
    return tell(ground, { rows: [...rows.values()], failures }, ({ uid }) => !making.has(uid));
  }

  #lookAgain(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#options.onChange();
    }, settleMs);
  }

  /** Until all was listed, what is not found may be there. */
  #unsure(): FindingType[] {
    const { unit, declaration } = this.#declared;
    const settled = this.#ground !== undefined && [...this.#feeds.values()].every(({ feed }) => feed.settled);
    return [
      ...(settled && declaration.earlier !== undefined ? [] : (['orphaned'] as const)),
      ...(settled || unit.manages === undefined ? [] : (['unmanaged'] as const)),
    ];
  }

  async #arrange(): Promise<void> {
    clearTimeout(this.#again);
    const { unit, declaration } = this.#declared;
    try {
      const kinds = await this.#options.cluster.kinds();
      if (this.#closed || this.#declared.declaration !== declaration) return;
      this.#ground = groundOf(unit, declaration, kinds);
      this.#follow(this.#ground);
      this.#options.onChange();
    } catch {
      // told by what is declared
      this.#again = setTimeout(() => void this.#arrange(), 1_000);
    }
  }

  #follow(ground: Ground): void {
    const { feeds, onChange } = this.#options;
    const places = new Map(placesOf(ground).map(place => [placeName(place), place]));
    for (const [key, { feed }] of this.#feeds) {
      if (places.has(key)) continue;
      feed.close();
      this.#feeds.delete(key);
    }
    for (const [key, place] of places)
      if (!this.#feeds.has(key)) this.#feeds.set(key, { place, feed: feeds.open(place, onChange) });
    const kind = namespaceKind(ground.kinds);
    if (kind !== undefined && ground.inNamespace.size > 0)
      this.#namespaces ??= feeds.open({ kind, namespace: undefined }, onChange);
  }
}

const nothing: Beyond = { findings: [], exempt: [] };
