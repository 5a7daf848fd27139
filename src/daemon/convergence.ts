import type { Cluster } from '../cluster/cluster.ts';
import type { Ending } from '../converge/attempt/ending.ts';
import { tidy } from '../converge/audit/tidy.ts';
import { storedVerdicts } from '../converge/audit/verdicts.ts';
import { Converger } from '../converge/converger.ts';
import { clusterFreezes } from '../converge/freeze/freezes.ts';
import { holdOf } from '../converge/freeze/hold.ts';
import { clusterInventories } from '../converge/inventory/inventories.ts';
import { convergerLease, whileLeading } from '../converge/lease.ts';
import { defaultTiming } from '../converge/parts.ts';
import type { Sync } from '../converge/sync.ts';
import type { SyncStore } from '../converge/sync-store.ts';
import type { Driver } from '../drivers/driver.ts';
import type { DriverName } from '../findings/finding.ts';
import type { Authorization } from '../gate/authorization.ts';
import type { Log } from '../log/log.ts';
import { inSpan, ofItsOwn, ofRevision } from '../telemetry/spans.ts';
import { isBehind } from './behind.ts';
import type { Configuration } from './configuration.ts';
import { dueNow } from './due-now.ts';
import type { Metrics } from './metrics.ts';
import { newestReadable } from './newest-readable.ts';
import { Noting } from './noting.ts';
import type { Revisions } from './revisions.ts';
import type { Sources } from './sources.ts';
import { tracedDriver } from './traced-driver.ts';

export interface ConvergenceParts {
  configuration: Configuration;
  cluster: Cluster;
  sources: Sources & { authority: NonNullable<Sources['authority']> };
  syncs: SyncStore;
  drivers: ReadonlyMap<DriverName, Driver>;
  metrics: Metrics;
  log: Log;
  /** Told when the Lease is ours, and when the ledger turns out to have gone on without us: what is due can be asked for after another look. */
  look(): void;
}

const leaseMs = 9_000;
const tidyEveryMs = 3_600_000;
const noteEveryMs = 10_000;

/** The role that writes: while it holds the Lease it asks for the syncs that are due and works on all that are asked for. */
export class Convergence {
  readonly #parts: ConvergenceParts;
  readonly #noting: Noting;
  #leading = false;
  /** As the last authorized revision says. */
  #notesAllowed = false;

  constructor(parts: ConvergenceParts) {
    this.#parts = parts;
    const { configuration, cluster, syncs, sources, log } = parts;
    this.#noting = new Noting({
      notes: sources.repository.notes(),
      verdicts: () => storedVerdicts(cluster, configuration.namespace),
      syncs: () => syncs.list(),
      environment: configuration.environment,
      secrets: () => [...sources.authority.forge.secrets, ...sources.repository.secrets],
      log,
    });
  }

  /** Resolves after the signal, when what was in flight is finished. */
  async run(signal: AbortSignal): Promise<void> {
    const { cluster, configuration, metrics, log } = this.#parts;
    const { namespace, holder } = configuration;
    const onChange = (held: boolean, message: string) => {
      metrics.leading(convergerLease, held);
      log.info({ held, message }, 'the lease of the converger changed');
    };
    metrics.leading(convergerLease, false);
    const options = { cluster, namespace, name: convergerLease, holder, durationMs: leaseMs, onChange };
    await whileLeading(options, signal, async (leading, lost) => {
      this.#leading = true;
      this.#parts.look();
      // also right now: who leads may change more often than that
      void this.#tidy();
      const tidying = setInterval(() => void this.#tidy(), tidyEveryMs);
      const noting = setInterval(() => void (this.#notesAllowed && this.#noting.tick()), noteEveryMs);
      try {
        await this.#converger().run(leading, lost);
      } finally {
        clearInterval(tidying);
        clearInterval(noting);
        this.#leading = false;
      }
    });
  }

  async #tidy(): Promise<void> {
    const { cluster, configuration, log } = this.#parts;
    try {
      const gone = await tidy(cluster, configuration.namespace, configuration.keeping);
      if (gone > 0) log.info({ gone }, 'old records were deleted');
    } catch (error) {
      log.warn({ error }, 'old records could not be deleted');
    }
  }

  /** Asks for the syncs that are due, when it holds the Lease and knows what was authorized last. */
  async request(revisions: Revisions): Promise<void> {
    this.#notesAllowed = revisions.declaration?.settings.audit.gitNotes ?? this.#notesAllowed;
    if (!this.#leading) return;
    const { cluster, configuration, syncs, sources, drivers, log } = this.#parts;
    const { authority, repository } = sources;
    const inventories = clusterInventories(cluster, configuration.namespace);
    const parts = { syncs, drivers, inventories, declarationAt: sources.declarationAt };
    const due = await dueNow(parts, revisions);
    if (revisions.authorized === null || due.length === 0) return;
    if (await isBehind(revisions.authorized, await authority.ledger.chain(), repository)) {
      this.#parts.look();
      return;
    }
    for (const spec of due) {
      const sync = await syncs.create(spec);
      log.info({ sync: sync.metadata.name, unit: spec.unit, revision: spec.revision }, 'asked for a sync');
    }
  }

  #converger(): Converger {
    const { cluster, syncs, drivers, sources, configuration, metrics, log } = this.#parts;
    const { ledger } = sources.authority;
    return new Converger({
      syncs,
      driverOf: name => tracedDriver(drivers.get(name)),
      authorize: revision =>
        inSpan('authorize', { 'holdfast.revision': revision }, () => this.#authorize(revision)),
      around: (sync, attempt) => this.#traced(sync, attempt),
      authorizedRevisions: () => ledger.chain(),
      declarationAt: revision => sources.declarationAt(revision),
      inventories: clusterInventories(cluster, configuration.namespace),
      holds: () => this.#holds(),
      holder: configuration.holder,
      timing: { ...defaultTiming, healthMs: configuration.healthTimeoutMs },
      now: () => new Date(),
      onEvent: event => {
        if (event.what === 'ended') metrics.syncEnded(event.phase ?? '');
        log[event.what === 'trouble' ? 'warn' : 'info'](event, 'a sync went on');
      },
    });
  }

  async #traced(sync: Sync, attempt: () => Promise<Ending>): Promise<Ending> {
    const { unit, revision, reason } = sync.spec;
    const about = {
      'holdfast.unit': unit,
      'holdfast.revision': revision,
      'holdfast.sync': sync.metadata.name,
    };
    const began = Date.now();
    const place = reason === 'merge' ? ofRevision(revision) : ofItsOwn;
    const ending = await inSpan(`sync ${unit}`, about, attempt, place);
    const since = Date.parse(sync.status?.startedAt ?? '') || began;
    if (ending.what === 'final') this.#parts.metrics.syncTook(reason, ending.phase, Date.now() - since);
    return ending;
  }

  /** By the manual freezes, and by the windows of the newest authorized revision that can be read. */
  async #holds(): Promise<(unit: string) => string | undefined> {
    const { cluster, configuration, sources } = this.#parts;
    const freezes = await clusterFreezes(cluster, configuration.namespace).current();
    const chain = await sources.authority.ledger.chain();
    const settings = await newestReadable(chain, sources.settingsAt);
    const now = new Date();
    return unit => holdOf(unit, { windows: settings.freezes, freezes, now });
  }

  /** Derives the verdict anew from the forge and the object store, under the policy of the revision before. */
  async #authorize(revision: string): Promise<Authorization> {
    const { gate, ledger, trustRoot } = this.#parts.sources.authority;
    if (revision === trustRoot) {
      return {
        verdict: 'authorized',
        from: trustRoot,
        revision,
        pulls: [],
        digest: '',
        note: 'the trust root',
      };
    }
    const chain = await ledger.chain();
    const earlier = chain.slice(chain.indexOf(revision) + 1);
    const from = earlier[0] ?? trustRoot;
    const { policy } = await newestReadable(earlier, this.#parts.sources.settingsAt);
    const { authorization } = await gate.decide(from, revision, policy);
    this.#parts.metrics.judged(authorization.verdict);
    if (authorization.verdict === 'authorized') await ledger.append(authorization);
    return authorization;
  }
}
