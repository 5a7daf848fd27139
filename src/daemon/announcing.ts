import { isFinal, phaseOf, type Sync } from '../converge/sync.ts';
import type { Announcement, Forge } from '../forge/forge.ts';
import type { Log } from '../log/log.ts';

export interface AnnouncerParts {
  forge: Pick<Forge, 'announce'>;
  /** Only Syncs that this process works on are told: another converger tells of its own. */
  holder: string;
  environment?: string | undefined;
  log: Pick<Log, 'warn'>;
}

/**
 * Shows on the forge how the syncs of a merged commit go. It is told of every change of a Sync, tells the forge what is new,
 * one after the other, and never keeps anybody waiting: what the forge does not take is logged, and told with the next change.
 */
export class Announcer {
  readonly #parts: AnnouncerParts;
  readonly #told = new Map<string, string>();
  #sending: Promise<void> = Promise.resolve();

  constructor(parts: AnnouncerParts) {
    this.#parts = parts;
  }

  /** All Syncs as they are now. */
  seen(syncs: readonly Sync[]): void {
    const announcement = announcementOf(syncs, this.#parts.holder);
    if (announcement === undefined) return;
    const { commit, state, description } = announcement;
    const text = `${state} ${description}`;
    if (this.#told.get(commit) === text) return;
    this.#told.set(commit, text);
    for (const oldest of [...this.#told.keys()].slice(0, -100)) this.#told.delete(oldest);
    this.#sending = this.#sending.then(() => this.#send(announcement));
  }

  /** Resolves when all that was to be told is told, or was tried. */
  async settled(): Promise<void> {
    await this.#sending;
  }

  async #send(announcement: Announcement): Promise<void> {
    const { forge, environment, log } = this.#parts;
    try {
      await forge.announce({ ...announcement, ...(environment === undefined ? {} : { environment }) });
    } catch (error) {
      this.#told.delete(announcement.commit);
      log.warn({ error, commit: announcement.commit }, 'cannot show the sync on the forge');
    }
  }
}

/**
 * How the newest merge that this process works on goes: pending until each of its units has come to an end, a failure if one
 * did not come to a good one. Undefined where there is none.
 */
export function announcementOf(syncs: readonly Sync[], holder: string): Announcement | undefined {
  const merges = syncs.filter(({ spec }) => spec.reason === 'merge');
  const own = merges.filter(({ status }) => status?.holder === holder);
  const newest = own.toSorted((a, b) => (created(a) < created(b) ? 1 : -1))[0];
  if (newest === undefined) return undefined;
  const commit = newest.spec.revision;
  // of several attempts of one unit the last one counts
  const units = new Map<string, Sync>();
  for (const sync of merges.toSorted((a, b) => (created(a) < created(b) ? -1 : 1))) {
    if (sync.spec.revision === commit) units.set(sync.spec.unit, sync);
  }
  return { commit, ...stateOf([...units.values()]) };
}

function created({ metadata }: Sync): string {
  return `${metadata.creationTimestamp} ${metadata.name}`;
}

function stateOf(syncs: readonly Sync[]): Pick<Announcement, 'state' | 'description'> {
  const open = syncs.filter(sync => !isFinal(phaseOf(sync)));
  const bad = syncs.filter(sync => ['Failed', 'Refused'].includes(phaseOf(sync)));
  const [first] = bad;
  const done = `${syncs.length - open.length} of ${syncs.length} ${syncs.length === 1 ? 'unit' : 'units'} done`;
  if (first !== undefined) {
    const more = bad.length === 1 ? '' : ` (and ${bad.length - 1} more)`;
    const { unit } = first.spec;
    return { state: 'failure', description: `${unit}: ${first.status?.message ?? phaseOf(first)}${more}` };
  }
  const [next] = open;
  if (next !== undefined) {
    const phase = phaseOf(next).toLowerCase();
    return { state: 'pending', description: `${next.spec.unit} is ${phase}; ${done}` };
  }
  if (syncs.some(sync => phaseOf(sync) === 'Superseded')) {
    return { state: 'success', description: 'superseded: a newer merge is synced instead' };
  }
  return { state: 'success', description: `live is as merged: ${countsOf(syncs)}` };
}

function countsOf(syncs: readonly Sync[]): string {
  const sum = (key: 'creates' | 'changes' | 'recreates' | 'prunes') =>
    syncs.reduce((all, { status }) => all + (status?.plan?.[key] ?? 0), 0);
  const parts = [
    [sum('creates'), 'created'],
    [sum('changes'), 'changed'],
    [sum('recreates'), 'recreated'],
    [sum('prunes'), 'pruned'],
  ] as const;
  const told = parts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return told.length === 0 ? 'nothing had to change' : told.join(', ');
}
