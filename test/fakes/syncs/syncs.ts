import { type Sync, type SyncSpec, syncStatusSchema } from '../../../src/converge/sync.ts';
import type { StatusPatch, SyncStore } from '../../../src/converge/sync-store.ts';
import { Failure } from '../../../src/failure/failure.ts';

/** Syncs in memory, with versions and watches as the API server has them, and an outage at will. */
export class FakeSyncs implements SyncStore {
  readonly #syncs = new Map<string, Sync>();
  readonly #listeners = new Set<(syncs: Sync[]) => void>();
  #version = 0;
  /** While true every request fails as if nobody answered. */
  down = false;
  /** The phases that each Sync was stored with, in order, without repetitions. */
  readonly phases = new Map<string, string[]>();

  async create(spec: SyncSpec): Promise<Sync> {
    this.#answer();
    const number = this.#syncs.size + 1;
    const name = `${spec.unit}-${spec.revision.slice(0, 8)}-${number}`;
    const creationTimestamp = new Date(Date.UTC(2026, 0, 1, 0, 0, number)).toISOString();
    return this.#store({
      metadata: { name, namespace: 'holdfast', uid: `uid-${number}`, resourceVersion: '', creationTimestamp },
      spec,
    });
  }

  async list(): Promise<Sync[]> {
    this.#answer();
    return this.#all();
  }

  async get(name: string): Promise<Sync | undefined> {
    this.#answer();
    return structuredClone(this.#syncs.get(name));
  }

  async patchStatus(sync: Sync, patch: StatusPatch): Promise<Sync | 'moved'> {
    this.#answer();
    const stored = this.#syncs.get(sync.metadata.name);
    if (stored?.metadata.resourceVersion !== sync.metadata.resourceVersion) return 'moved';
    const merged = Object.entries({ ...stored.status, ...patch }).filter(([, value]) => value !== null);
    const status = syncStatusSchema.parse(JSON.parse(JSON.stringify(Object.fromEntries(merged))));
    return this.#store({ ...stored, status });
  }

  async watch(listener: (syncs: Sync[]) => void, signal: AbortSignal): Promise<void> {
    this.#listeners.add(listener);
    listener(this.#all());
    await new Promise<void>(resolve => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    this.#listeners.delete(listener);
  }

  /** Changes a Sync as somebody else would. */
  touch(name: string, status: Sync['status']): void {
    const stored = this.#syncs.get(name);
    if (stored !== undefined) this.#store({ ...stored, ...(status === undefined ? {} : { status }) });
  }

  delete(name: string): void {
    this.#syncs.delete(name);
    this.#tell();
  }

  #store(sync: Sync): Sync {
    this.#version += 1;
    const stored = { ...sync, metadata: { ...sync.metadata, resourceVersion: String(this.#version) } };
    this.#syncs.set(sync.metadata.name, stored);
    const phases = this.phases.get(sync.metadata.name) ?? [];
    const phase = stored.status?.phase;
    if (phase !== undefined && phases.at(-1) !== phase) phases.push(phase);
    this.phases.set(sync.metadata.name, phases);
    this.#tell();
    return structuredClone(stored);
  }

  #all(): Sync[] {
    return structuredClone([...this.#syncs.values()]);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener(this.#all());
  }

  #answer(): void {
    if (this.down) throw new Failure('HF1301', 'cannot reach the API server');
  }
}
