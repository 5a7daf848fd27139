import { Cluster } from '../cluster/cluster.ts';
import type { Connection } from '../cluster/connection.ts';
import { DriftSyncs } from '../converge/drift-syncs.ts';
import { isFinal, phaseOf } from '../converge/sync.ts';
import { clusterSyncs } from '../converge/sync-store.ts';
import { driverNames, openDrivers } from '../drivers/open.ts';
import type { Log } from '../log/log.ts';
import { onAnswered } from '../telemetry/requests.ts';
import { inSpan, ofRevision } from '../telemetry/spans.ts';
import { serveDebugging } from '../web/debug.ts';
import { type Listening, serve } from '../web/server.ts';
import { Announcer } from './announcing.ts';
import { daemonApp } from './app.ts';
import { openAsking } from './asking.ts';
import { authorizedRevisions } from './authorized.ts';
import type { Configuration, Role } from './configuration.ts';
import { Convergence } from './convergence.ts';
import { Converging } from './converging.ts';
import { openDesk } from './desk.ts';
import { dueNow } from './due-now.ts';
import { History } from './history.ts';
import { judging } from './judging.ts';
import { leadDesk, observerLease } from './leading.ts';
import { Metrics } from './metrics.ts';
import { Observer } from './observer.ts';
import { openSlackCalls } from './outlets.ts';
import { Owning } from './owning.ts';
import { Pulse } from './pulse.ts';
import { RevisionKeeper } from './revisions.ts';
import { untilTested } from './self-test.ts';
import { Sharing } from './sharing.ts';
import { changesIn, openSources } from './sources.ts';
import { logTip, traceTip } from './tip.ts';
import { together } from './together.ts';

export interface DaemonParts {
  configuration: Configuration;
  role: Role;
  connection: Connection;
  log: Log;
  /** The console, for alerts. */
  write: (text: string) => unknown;
  colour: boolean;
}

/** The service: wires everything and runs until the signal. Throws only when it cannot start at all. */
export async function runDaemon(parts: DaemonParts, signal: AbortSignal): Promise<void> {
  const { configuration, role, connection, log } = parts;
  const { namespace, holder } = configuration;
  const metrics = new Metrics();
  const unheard = onAnswered(answered => metrics.answered(answered));
  const pulse = new Pulse();
  const cluster = new Cluster(connection);
  if (role === 'observer') {
    const onWait = (error: unknown) =>
      log.warn({ error }, 'whether this observer can write is not known yet');
    if (!(await untilTested(cluster, configuration.namespace, { signal, onWait }))) return;
  }
  const drivers = await openDrivers(driverNames, { connection: async () => connection });
  const syncs = clusterSyncs(cluster, configuration.namespace);
  const sources = await openSources(configuration, cluster);
  const keeper = new RevisionKeeper({
    repository: sources.repository,
    declare: revision =>
      inSpan(
        'declare',
        { 'holdfast.revision': revision },
        () => sources.declarationAt(revision),
        ofRevision(revision),
      ),
    settings: sources.settingsAt,
    gate: judging(sources, role, metrics),
    now: () => performance.now(),
  });
  const { authority } = sources;
  const writes = role !== 'observer' && authority !== undefined;
  const convergence = writes
    ? new Convergence({
        configuration,
        cluster,
        sources: { ...sources, authority },
        syncs,
        drivers,
        metrics,
        log,
        look: () => {
          keeper.reread();
          pulse.nudge();
        },
      })
    : undefined;
  const announcer =
    writes && authority !== undefined
      ? new Announcer({
          forge: authority.forge,
          holder: configuration.holder,
          environment: configuration.environment,
          log,
        })
      : undefined;
  const converging = new Converging(() => performance.now(), configuration.healthTimeoutMs + 60_000);
  const owning = new Owning(configuration.forge?.kind ?? 'github', revision =>
    sources.repository.tree(revision),
  );
  const calls = role === 'converger' ? undefined : await openSlackCalls(configuration.slack);
  const desk =
    role === 'converger'
      ? undefined
      : await openDesk({ ...parts, calls, metrics, keeper, owning, cluster }, signal);
  const sharing = new Sharing({ cluster, namespace, holder, log });
  const observer =
    desk === undefined
      ? undefined
      : new Observer({
          desk,
          sharing,
          drivers,
          converging,
          metrics,
          drift:
            authority === undefined
              ? undefined
              : new DriftSyncs({
                  create: spec => syncs.create(spec),
                  now: () => performance.now(),
                  onFailure: error => log.warn({ error }, 'cannot ask for a sync of what was edited by hand'),
                }),
          branch: configuration.git.branch,
          changesOf: changesIn(sources),
          look: () => pulse.nudge(),
        });
  const ask = configuration.slack?.asking;
  const asking =
    ask === undefined || desk === undefined || calls === undefined
      ? undefined
      : openAsking(ask, {
          ...{ configuration, cluster, calls, desk, sources, syncs, drivers, metrics, log },
          declaration: () => keeper.state.declaration,
        });
  const history = new History({
    revisions: () =>
      authorizedRevisions(keeper.state.authorized, {
        repository: sources.repository,
        ledger: authority?.ledger,
      }),
    declarationAt: sources.declarationAt,
    changedPaths: (from, to) => sources.repository.changedPaths(from, to),
    now: () => new Date(),
    onRead: () => pulse.nudge(),
    onFailure: error => log.warn({ error }, 'what earlier revisions declared cannot be read yet'),
  });
  const beat = { at: performance.now() };
  /** When the forge said that something was pushed, if it did since the last look. */
  let hookedMs: number | undefined;
  let openSyncs = 0;

  const step = async (): Promise<number> => {
    beat.at = performance.now();
    const before = keeper.state;
    const look = { beganMs: Date.now(), hookedMs };
    hookedMs = undefined;
    const state = await keeper.step();
    metrics.revisions(state);
    if (before.tip !== null && state.tip !== null && state.tip !== before.tip)
      traceTip(state.tip, look, writes || authority === undefined);
    logTip(log, before, state);
    // also without a converger in this process: one elsewhere carries out what is due
    if (observer !== undefined && authority !== undefined && state.authorized !== null) {
      const due = await dueNow({ syncs, drivers, declarationAt: sources.declarationAt }, state).catch(
        () => [],
      );
      converging.expect(
        due.map(({ unit }) => unit),
        state.authorized,
      );
    }
    const { declaration } = state;
    if (desk !== undefined) {
      await owning
        .at(declaration?.revision ?? null)
        .catch(error => log.warn({ error }, 'cannot read who owns the files'));
    }
    await observer?.revisions({ ...state, declaration: declaration && history.complete(declaration) });
    await convergence
      ?.request(state)
      .catch(error => log.warn({ error }, 'cannot ask for the syncs that are due'));
    return Math.min(configuration.pollMs, state.retryMs ?? configuration.pollMs);
  };

  metrics.leading(observerLease, false);
  const onLeading = (held: boolean) => {
    metrics.leading(observerLease, held);
    // of what is over nobody else knows better
    if (held) desk?.keepSeen(unit => observer?.sees(unit) === true || !sharing.shares(unit));
    sharing.leading(held);
  };
  metrics.follow(
    () => desk?.incidents ?? [],
    Date.now,
    () => ({ ...desk?.waiting, syncs: openSyncs }),
  );
  const app = daemonApp({
    ...{
      configuration,
      role,
      connection,
      cluster,
      log,
      metrics,
      keeper,
      desk,
      observer,
      sources,
      syncs,
      drivers,
    },
    beatMs: () => beat.at,
    hooked: () => {
      hookedMs ??= Date.now();
      pulse.nudge();
    },
    asking: asking?.route,
  });
  let listening: Listening | undefined;
  try {
    listening = await serve(app, configuration.listen);
    log.info(
      { role, url: listening.url, server: connection.server, alertOnly: sources.authority === undefined },
      'Holdfast runs',
    );
    await together(signal, [
      until => pulse.run(step, until),
      until => convergence?.run(until),
      until => announcer && syncs.watch(list => announcer.seen(list), until),
      until =>
        desk === undefined
          ? undefined
          : leadDesk(
              {
                ...{ cluster, namespace, holder, desk, log, onLeading },
                address: configuration.address ?? '',
              },
              until,
            ),
      until => observer && sharing.run(observer, until),
      until =>
        observer === undefined
          ? undefined
          : syncs.watch(list => {
              observer.syncs(list);
              openSyncs = list.filter(sync => !isFinal(phaseOf(sync))).length;
              asking?.syncs(list);
            }, until),
      until => asking?.run(until),
      until => serveDebugging(configuration.debugPort, until),
    ]);
  } finally {
    // Timers and sockets would keep a process alive that could not start.
    await observer?.close();
    await desk?.close();
    await listening?.close();
    unheard();
    connection.close();
  }
}
