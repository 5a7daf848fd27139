import { isFinal, phaseOf, type Sync } from '../converge/sync.ts';

interface Following {
  names: ReadonlySet<string>;
  onChange: (syncs: readonly Sync[]) => void;
  done: (syncs: readonly Sync[]) => void;
  shown: string;
}

/** Follows Syncs to their end, by the lists that the daemon watches anyway. */
export class SyncFollower {
  #latest: readonly Sync[] = [];
  readonly #following = new Set<Following>();

  get latest(): readonly Sync[] {
    return this.#latest;
  }

  /** All Syncs as they are now. */
  seen(syncs: readonly Sync[]): void {
    this.#latest = syncs;
    for (const following of [...this.#following]) this.#look(following);
  }

  /**
   * Resolves to the Syncs once all have ended, or after `mostMs` as they are then; one that is not there any more counts as ended.
   * `onChange` hears of each change before.
   */
  follow(
    made: readonly Sync[],
    onChange: (syncs: readonly Sync[]) => void,
    mostMs: number,
  ): Promise<readonly Sync[]> {
    return new Promise(resolve => {
      const names = new Set(made.map(sync => sync.metadata.name));
      const end = (syncs: readonly Sync[]) => {
        clearTimeout(timer);
        this.#following.delete(following);
        resolve(syncs);
      };
      const following: Following = { names, onChange, done: end, shown: '' };
      const timer = setTimeout(() => end(this.#of(following, made)), mostMs);
      timer.unref();
      this.#following.add(following);
      this.#look(following);
    });
  }

  #of({ names }: Following, otherwise: readonly Sync[]): readonly Sync[] {
    const found = this.#latest.filter(sync => names.has(sync.metadata.name));
    return found.length > 0 ? found : otherwise;
  }

  #look(following: Following): void {
    const syncs = this.#latest.filter(sync => following.names.has(sync.metadata.name));
    // the list may be older than what was just created
    if (syncs.length < following.names.size) return;
    const shown = JSON.stringify(
      syncs.map(({ metadata, status }) => [metadata.name, status?.phase, status?.message]),
    );
    if (shown === following.shown) return;
    following.shown = shown;
    if (syncs.every(sync => isFinal(phaseOf(sync)))) following.done(syncs);
    else following.onChange(syncs);
  }
}
