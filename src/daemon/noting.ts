import type { StoredVerdict, TrailEntry } from '../converge/audit/trail.ts';
import { trailOf } from '../converge/audit/trail.ts';
import { isFinal, phaseOf, type Sync } from '../converge/sync.ts';
import type { NoteWriter } from '../git/notes.ts';
import type { Log } from '../log/log.ts';

export interface NotingParts {
  notes: Pick<NoteWriter, 'add'>;
  verdicts(): Promise<StoredVerdict[]>;
  syncs(): Promise<Sync[]>;
  environment?: string | undefined;
  /** Text that must never leave the process. */
  secrets(): readonly string[];
  log: Pick<Log, 'warn'>;
}

/** Of one push; the others follow. */
const mostAtOnce = 100;
const mostMessage = 1_000;

/**
 * Puts the audit trail into Git: each verdict of the gate, and each sync that is over, is a line of JSON in the note of its
 * revision. It keeps nobody waiting: what cannot be pushed is logged, and tried again with the next `tick`.
 */
export class Noting {
  readonly #parts: NotingParts;
  readonly #noted = new Set<string>();
  #working = false;

  constructor(parts: NotingParts) {
    this.#parts = parts;
  }

  /** Never throws. Does nothing while an earlier one goes on. */
  async tick(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    try {
      await this.#note();
    } catch (error) {
      this.#parts.log.warn({ error }, 'the audit trail could not be put into Git notes');
    } finally {
      this.#working = false;
    }
  }

  async #note(): Promise<void> {
    const { notes, verdicts, syncs, environment, secrets } = this.#parts;
    const [decided, all] = await Promise.all([verdicts(), syncs()]);
    const over = all.filter(sync => isFinal(phaseOf(sync)));
    const trail = trailOf({ syncs: over, verdicts: decided, freezes: [], records: [] });
    const open = trail.filter(entry => !this.#noted.has(keyOf(entry))).slice(0, mostAtOnce);
    const lines = new Map<string, string[]>();
    for (const entry of open) {
      const { revision = '' } = entry;
      if (!/^[0-9a-f]{40}$/.test(revision)) continue;
      lines.set(revision, [...(lines.get(revision) ?? []), noteOf(entry, environment, secrets())]);
    }
    if (lines.size > 0) await notes.add(lines);
    for (const entry of open) this.#noted.add(keyOf(entry));
    const there = new Set(trail.map(keyOf));
    for (const key of this.#noted) if (!there.has(key)) this.#noted.delete(key);
  }
}

function keyOf({ what, name }: TrailEntry): string {
  return `${what} ${name}`;
}

/**
 * One line about one entry, always the same for the same one. The evidence, plan and steps stay in the cluster; `name` is the
 * object that holds them. All that is not plain ASCII is escaped, as a terminal will show it.
 */
export function noteOf(
  { record: _record, message, ...entry }: TrailEntry,
  environment: string | undefined,
  secrets: readonly string[],
): string {
  const text = message === undefined ? undefined : message.slice(0, mostMessage);
  const line = JSON.stringify({
    ...entry,
    ...(environment === undefined ? {} : { environment }),
    ...(text === undefined ? {} : { message: text }),
  });
  const clean = secrets
    .filter(secret => secret !== '')
    .reduce((rest, secret) => rest.replaceAll(secret, '[secret]'), line);
  return clean.replaceAll(/[^\x20-\x7e]/g, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
