import { setTimeout as sleep } from 'node:timers/promises';
import { backoff } from '../concurrency/clock.ts';
import { isFinal, phaseOf, type Sync } from '../converge/sync.ts';
import { type Line, say, words } from '../incidents/say.ts';
import type { Thread } from '../incidents/threads.ts';
import { syncLine } from './said.ts';
import type { Person, World } from './world.ts';

const lookEveryMs = 5_000;
/** A Sync that is not known by then will not come back; Syncs are kept much longer. */
const mostAgeMs = 24 * 3_600_000;

/**
 * Tells channels of the syncs that were asked for in them: that they were, and below it how they ended. What is still to be told is
 * kept with the incidents, so that a restart, another leader or an outage of Slack loses none and repeats none.
 */
export class ChannelThreads {
  readonly #world: World;
  readonly #onFailure: (error: unknown) => void;
  /** Of these it is certain that nothing of what comes next was posted yet. */
  readonly #certain = new Set<string>();
  readonly #tries = new Map<string, { attempts: number; notBefore: number }>();
  #syncs: readonly Sync[] = [];
  #working: Promise<void> | undefined;

  constructor(world: World, onFailure: (error: unknown) => void) {
    this.#world = world;
    this.#onFailure = onFailure;
  }

  /** Somebody asked for these. */
  open(made: readonly Sync[], { slack, login, channel }: Person): void {
    const syncs = made.map(sync => sync.metadata.name);
    const units = made.map(({ spec }) => `${spec.unit} at ${spec.revision.slice(0, 7)}`).join(', ');
    const what = words(made.length === 1 ? 'a sync' : 'syncs');
    const asked: Line[] = [{ pieces: say`${login} (${slack}) asked for ${what} of ${units}` }];
    const id = syncs.join(' ');
    const thread: Thread = { id, channel, at: this.#world.now().toISOString(), syncs, asked };
    this.#certain.add(id);
    this.#world.desk.setThread(id, thread);
    void this.look();
  }

  /** All Syncs as they are now. */
  seen(syncs: readonly Sync[]): void {
    this.#syncs = syncs;
    void this.look();
  }

  /** Tells what can be told by now. */
  async look(): Promise<void> {
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
    });
    await this.#working;
  }

  /** Looks again and again until the signal: what could not be told, and what an earlier process left. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.look();
      await sleep(lookEveryMs, undefined, { signal }).catch(() => undefined);
    }
  }

  async #work(): Promise<void> {
    for (const thread of this.#world.desk.threads) {
      const { attempts = 0, notBefore = 0 } = this.#tries.get(thread.id) ?? {};
      const now = this.#world.now().getTime();
      if (now < notBefore) continue;
      try {
        await this.#tell(thread);
        this.#tries.delete(thread.id);
      } catch (error) {
        this.#certain.delete(thread.id);
        const pause = backoff(attempts + 1, lookEveryMs, 300_000);
        this.#tries.set(thread.id, { attempts: attempts + 1, notBefore: now + pause });
        this.#onFailure(error);
      }
    }
  }

  async #tell(thread: Thread): Promise<void> {
    const { id, asked, syncs } = thread;
    let { channel, ts } = thread;
    if (ts === undefined) {
      ({ channel, ts } = await this.#post(thread, `asked ${id}`, asked));
      this.#certain.add(id);
      this.#world.desk.setThread(id, { ...thread, channel, ts });
    }
    const found = this.#syncs.filter(sync => syncs.includes(sync.metadata.name));
    const over = found.length === syncs.length && found.every(sync => isFinal(phaseOf(sync)));
    const lost = this.#world.now().getTime() - Date.parse(thread.at) > mostAgeMs;
    if (!over && !lost) return;
    const ended = over ? found.map(syncLine) : [{ pieces: say`It is not known any more how this ended.` }];
    await this.#post({ ...thread, channel, ts }, `ended ${id}`, ended);
    this.#certain.delete(id);
    this.#world.desk.setThread(id, undefined);
  }

  async #post({ id, channel, ts, at }: Thread, name: string, lines: readonly Line[]) {
    const since = this.#certain.has(id) ? undefined : Date.parse(at);
    this.#certain.delete(id);
    return this.#world.channel.post({ channel, id: name, thread: ts, perhapsSinceMs: since }, lines);
  }
}
