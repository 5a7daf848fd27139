import type { Incident, Told } from './incident.ts';
import { Lanes, toldIn } from './lanes.ts';
import type { TermOptions } from './term.ts';

export interface RememberedOptions
  extends Pick<TermOptions, 'outlets' | 'clock' | 'steady' | 'telling' | 'onFailure'> {
  /** The ids of all incidents that whoever leads knows; undefined while that cannot be said. */
  known(): Promise<ReadonlySet<string> | undefined>;
}

/** So long whoever leads has to store what it was told of and what it tells itself. */
const settledMs = 30_000;

/**
 * What this process told while it led. Whoever leads next may not know all of it: it was told and could not be stored, or the store was
 * set back (an etcd restored from a backup), which names another leader and forgets what was told since. Nobody else would ever edit those
 * messages. When this process leads again it goes on with them; what is still unknown to whoever leads after a while it tells as over itself.
 */
export class Remembered {
  readonly #options: RememberedOptions;
  /** By their ids. */
  readonly #incidents = new Map<string, Incident>();
  /** What is being told as over, by their ids. */
  readonly #ended = new Map<string, Incident>();
  #lanes: Lanes | undefined;
  #cancel: (() => void) | undefined;

  constructor(options: RememberedOptions) {
    // only what stands somewhere, and is edited there, can be left standing
    this.#options = { ...options, outlets: options.outlets.filter(({ threads }) => threads === true) };
  }

  /** We lead no more. */
  keep(incidents: Iterable<Incident>): void {
    for (const incident of incidents) if (this.#wasTold(incident)) this.#incidents.set(incident.id, incident);
    this.#wait();
  }

  /** We lead again: what was loaded, with what it lacks of what we told. */
  restored(loaded: readonly Incident[]): Incident[] {
    const keys = new Set(loaded.map(({ key }) => key));
    const known = loaded.map(incident => {
      const ours = this.#incidents.get(incident.id);
      this.#incidents.delete(incident.id);
      if (ours === undefined) return incident;
      return isOlder(incident, ours) ? ours : { ...incident, told: { ...ours.told, ...incident.told } };
    });
    const lost = [...this.#incidents.values()].filter(one => !keys.has(one.key) && this.#stands(one));
    for (const { id } of lost) this.#incidents.delete(id);
    return [...known, ...new Map(lost.map(incident => [incident.key, incident])).values()];
  }

  async close(): Promise<void> {
    this.#cancel?.();
    this.#incidents.clear();
    await this.#lanes?.close();
  }

  #wasTold(incident: Incident): boolean {
    return this.#options.outlets.some(outlet => toldIn(outlet, incident).length > 0);
  }

  /** Whether people still see it as something that goes on. */
  #stands(incident: Incident): boolean {
    return this.#options.outlets.some(outlet =>
      toldIn(outlet, incident).some(lane => incident.told[lane]?.state !== 'resolved'),
    );
  }

  #wait(): void {
    this.#cancel?.();
    if (this.#incidents.size > 0)
      this.#cancel = this.#options.steady.after(settledMs, () => void this.#settle());
  }

  async #settle(): Promise<void> {
    const waited = [...this.#incidents.values()];
    const known = await this.#options.known().catch(() => undefined);
    if (known === undefined) {
      this.#wait();
      return;
    }
    for (const incident of waited) {
      if (this.#incidents.get(incident.id) !== incident) continue;
      this.#incidents.delete(incident.id);
      if (!known.has(incident.id) && this.#stands(incident)) this.#end(incident);
    }
  }

  #end({ flapping: _, suspectedAt: __, ...incident }: Incident): void {
    const at = new Date(this.#options.clock.now()).toISOString();
    const lanes = Object.keys(incident.told);
    const ended: Incident = {
      ...incident,
      key: incident.id,
      lanes,
      notes: [],
      state: 'resolved',
      resolvedAt: at,
      forgotten: true,
    };
    this.#ended.set(ended.key, ended);
    this.#lanes ??= new Lanes({
      ...this.#options,
      current: key => this.#ended.get(key),
      stored: async () => undefined,
      onSpared: () => undefined,
      onTold: (key, lane, told) => this.#told(key, lane, told),
    });
    this.#lanes.wake(ended);
  }

  /** Forgotten when it is told as over wherever it stands. */
  #told(key: string, lane: string, told: Told): void {
    const ended = this.#ended.get(key);
    if (ended === undefined) return;
    const after = { ...ended, told: { ...ended.told, [lane]: told } };
    if (this.#stands(after)) this.#ended.set(key, after);
    else this.#ended.delete(key);
  }
}

/** Whether what was loaded is an earlier state of what we know: the store was set back. */
function isOlder(loaded: Incident, ours: Incident): boolean {
  return loaded.seq < ours.seq || (loaded.seq === ours.seq && loaded.updatedAt < ours.updatedAt);
}
