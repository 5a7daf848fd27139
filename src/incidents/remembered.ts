import type { Incident } from './incident.ts';
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
 * What this process told while it led. A store that was set back (an etcd restored from a backup) names another leader, and has forgotten
 * what was told since: nobody else would ever edit those messages. When this process leads again it goes on with them; what is still
 * unknown to whoever leads after a while it tells as over itself.
 */
export class Remembered {
  readonly #options: RememberedOptions;
  /** By their ids. */
  readonly #incidents = new Map<string, Incident>();
  readonly #ended = new Map<string, Incident>();
  #lanes: Lanes | undefined;
  #cancel: (() => void) | undefined;

  constructor(options: RememberedOptions) {
    // only what stands somewhere, and is edited there, can be left standing
    this.#options = { ...options, outlets: options.outlets.filter(({ threads }) => threads === true) };
  }

  /** We lead no more. */
  keep(incidents: Iterable<Incident>): void {
    for (const incident of incidents) if (this.#stands(incident)) this.#incidents.set(incident.id, incident);
    this.#wait();
  }

  /** We lead again: what was loaded, with what it lacks of what we told. */
  restored(loaded: readonly Incident[]): Incident[] {
    const keys = new Set(loaded.map(({ key }) => key));
    const known = loaded.map(incident => {
      const told = this.#incidents.get(incident.id)?.told;
      this.#incidents.delete(incident.id);
      return told === undefined ? incident : { ...incident, told: { ...told, ...incident.told } };
    });
    const lost = [...this.#incidents.values()].filter(({ key }) => !keys.has(key));
    for (const { id } of lost) this.#incidents.delete(id);
    return [...known, ...new Map(lost.map(incident => [incident.key, incident])).values()];
  }

  async close(): Promise<void> {
    this.#cancel?.();
    this.#incidents.clear();
    await this.#lanes?.close();
  }

  #stands({ told, ...incident }: Incident): boolean {
    return this.#options.outlets.some(outlet =>
      toldIn(outlet, { ...incident, told }).some(lane => told[lane]?.state !== 'resolved'),
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
      if (!known.has(incident.id)) this.#end(incident);
    }
  }

  #end(incident: Incident): void {
    const at = new Date(this.#options.clock.now()).toISOString();
    const lanes = Object.keys(incident.told);
    const ended: Incident = { ...incident, lanes, state: 'resolved', resolvedAt: at, forgotten: true };
    this.#ended.set(incident.key, ended);
    this.#lanes ??= new Lanes({
      ...this.#options,
      current: key => this.#ended.get(key),
      stored: async () => undefined,
      onSpared: key => void this.#ended.delete(key),
      onTold: key => void this.#ended.delete(key),
    });
    this.#lanes.wake(ended);
  }
}
