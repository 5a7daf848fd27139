import { Hono } from 'hono';
import type { Cluster } from '../cluster/cluster.ts';
import type { Connection } from '../cluster/connection.ts';
import { clusterFreezes } from '../converge/freeze/freezes.ts';
import { clusterInventories } from '../converge/inventory/inventories.ts';
import type { SyncStore } from '../converge/sync-store.ts';
import type { IncidentDesk } from '../incidents/desk.ts';
import { DriftReportStore } from '../incidents/store.ts';
import type { Log } from '../log/log.ts';
import { hooks } from '../web/hooks.ts';
import { probes } from '../web/probes.ts';
import type { Configuration, Role } from './configuration.ts';
import type { Metrics } from './metrics.ts';
import type { Observer, ObserverParts } from './observer.ts';
import { pages } from './pages.ts';
import type { RevisionKeeper } from './revisions.ts';
import type { Sources } from './sources.ts';

export interface AppParts {
  configuration: Configuration;
  role: Role;
  connection: Connection;
  cluster: Cluster;
  log: Log;
  metrics: Metrics;
  keeper: RevisionKeeper;
  desk: IncidentDesk | undefined;
  observer: Observer | undefined;
  sources: Sources;
  syncs: SyncStore;
  drivers: ObserverParts['drivers'];
  /** When the branch was looked at last, in milliseconds of `performance.now()`. */
  beatMs(): number;
  /** The forge says that something was pushed. */
  hooked(): void;
  /** Where Slack asks by HTTP. */
  asking: Hono | undefined;
}

/** All that the daemon serves: probes and metrics in every role; webhooks, the page and what Slack asks where somebody observes. */
export function daemonApp(parts: AppParts): Hono {
  const { configuration, role, connection, cluster, log, metrics, keeper, desk, observer } = parts;
  const { sources, syncs, drivers, beatMs, hooked, asking } = parts;
  const app = new Hono();
  const health = {
    alive: () =>
      performance.now() - beatMs() > configuration.pollMs + 600_000
        ? ['the branch is not looked at any more']
        : [],
    ready: () => [
      ...(keeper.state.declaration === null ? ['no authorized revision could be read yet'] : []),
      ...(desk?.loading === true ? ['the earlier incidents are not loaded yet'] : []),
      ...(observer?.uncompared() ?? []).map(unit => `the unit ${unit} was not compared yet`),
    ],
  };
  app.route('/', probes(health, metrics.registry));
  if (configuration.webhookSecret !== undefined && role !== 'converger') {
    app.route('/', hooks(configuration.webhookSecret, hooked));
  }
  if (role !== 'converger') {
    const { page, previews, namespace, environment, git } = configuration;
    const store = new DriftReportStore(connection, { namespace });
    const shown = { page, previews, branch: git.branch, environment, store, syncs, drivers, log };
    const freezes = clusterFreezes(cluster, namespace);
    const inventories = clusterInventories(cluster, namespace);
    const windows = () => keeper.state.declaration?.settings.freezes ?? [];
    app.route('/', pages({ ...shown, freezes, inventories, windows, repository: sources.repository }));
  }
  if (asking !== undefined) app.route('/', asking);
  return app;
}
