import { Hono } from 'hono';
import type { SlackCalls } from '../alerts/slack/calls.ts';
import { Cluster } from '../cluster/cluster.ts';
import type { Connection } from '../cluster/connection.ts';
import { DriftSyncs } from '../converge/drift-syncs.ts';
import { clusterFreezes } from '../converge/freeze/freezes.ts';
import { clusterInventories } from '../converge/inventory/inventories.ts';
import { isFinal, phaseOf } from '../converge/sync.ts';
import { clusterSyncs } from '../converge/sync-store.ts';
import { defaultSettings } from '../declared/settings.ts';
import { driverNames, openDrivers } from '../drivers/open.ts';
import { IncidentDesk } from '../incidents/desk.ts';
import type { Incident } from '../incidents/incident.ts';
import { DriftReportStore } from '../incidents/store.ts';
import type { Log } from '../log/log.ts';
import { onAnswered } from '../telemetry/requests.ts';
import { inSpan, ofRevision, pastSpan, revisionSpan } from '../telemetry/spans.ts';
import { serveDebugging } from '../web/debug.ts';
import { hooks } from '../web/hooks.ts';
import { probes } from '../web/probes.ts';
import { type Listening, serve } from '../web/server.ts';
import { Announcer } from './announcing.ts';
import { buttonsFor, openAsking } from './asking.ts';
import { authorizedRevisions } from './authorized.ts';
import type { Configuration, Role } from './configuration.ts';
import { Convergence } from './convergence.ts';
import { Converging } from './converging.ts';
import { dueNow } from './due-now.ts';
import { History } from './history.ts';
import { leadDesk, observerLease } from './leading.ts';
import { Metrics } from './metrics.ts';
import { Observer } from './observer.ts';
import { openOutlets, openSlackCalls } from './outlets.ts';
import { Owning } from './owning.ts';
import { pages } from './pages.ts';
import { Pulse } from './pulse.ts';
import { type Judging, RevisionKeeper } from './revisions.ts';
import { untilTested } from './self-test.ts';
import { openSources, type Sources } from './sources.ts';
import { scheduleSummary } from './summary.ts';
import { namesOf, nextOf, tellingOf } from './telling.ts';
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
        onLeading: () => pulse.nudge(),
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
  const observer =
    desk === undefined
      ? undefined
      : new Observer({
          desk,
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
    report(log, before, state);
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

  const onLeading = (held: boolean) => metrics.leading(observerLease, held);
  onLeading(false);
  metrics.follow(
    () => desk?.incidents ?? [],
    Date.now,
    () => ({ ...desk?.waiting, syncs: openSyncs }),
  );
  const app = new Hono();
  const health = {
    alive: () =>
      performance.now() - beat.at > configuration.pollMs + 600_000
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
    app.route(
      '/',
      hooks(configuration.webhookSecret, () => {
        hookedMs ??= Date.now();
        pulse.nudge();
      }),
    );
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
  if (asking?.route !== undefined) app.route('/', asking.route);
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
          : leadDesk({ cluster, namespace, holder, desk, log, onLeading }, until),
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

/** What is known of a new tip when it has been judged, for its trace. One process makes the root of it. */
function traceTip(tip: string, look: { beganMs: number; hookedMs: number | undefined }, root: boolean): void {
  const beganMs = look.hookedMs ?? look.beganMs;
  if (root) revisionSpan(tip, { beganMs, endedMs: Date.now() });
  if (look.hookedMs !== undefined)
    pastSpan('webhook', {}, { beganMs: look.hookedMs, endedMs: look.beganMs }, ofRevision(tip));
  pastSpan('look at the branch', {}, { beganMs: look.beganMs, endedMs: Date.now() }, ofRevision(tip));
}

function judging({ authority }: Sources, role: Role, metrics: Metrics): Judging | undefined {
  if (authority === undefined) return undefined;
  const { gate, ledger } = authority;
  return {
    judge: async (...asked) => {
      const decide = () => gate.decide(...asked);
      const about = { 'holdfast.from': asked[0], 'holdfast.revision': asked[1] };
      const { authorization } = await inSpan('judge', about, decide, ofRevision(asked[1]));
      metrics.judged(authorization.verdict);
      return authorization;
    },
    reach: () => gate.reach(),
    ledger: {
      chain: () => ledger.chain(),
      // Only the converger writes verdicts down; an observer judges for itself.
      append: role === 'observer' ? async () => undefined : authorization => ledger.append(authorization),
    },
  };
}

async function openDesk(
  parts: DaemonParts & {
    calls: SlackCalls | undefined;
    metrics: Metrics;
    keeper: RevisionKeeper;
    owning: Owning;
    cluster: Cluster;
  },
  signal: AbortSignal,
): Promise<IncidentDesk> {
  const { configuration, connection, log, write, colour, calls, metrics, keeper, owning, cluster } = parts;
  const telling = (incident: Incident) =>
    tellingOf(configuration, { revisions: keeper.state, ownersOf: file => owning.of(file) }, incident);
  const alerts = () => keeper.state.declaration?.settings.alerts ?? defaultSettings.alerts;
  const incidents = () => desk.incidents;
  const buttonsOf = buttonsFor(configuration);
  const nextInChat = (incident: Incident) => nextOf(configuration, keeper.state.declaration, incident, true);
  const outlets = await openOutlets({
    ...{
      configuration,
      cluster,
      write,
      colour,
      alerts,
      telling,
      incidents,
      log,
      calls,
      buttonsOf,
      nextOf: nextInChat,
    },
  });
  const desk: IncidentDesk = new IncidentDesk({
    outlets,
    store: new DriftReportStore(connection, {
      namespace: configuration.namespace,
      onUnreadable: what => log.warn({ what }, 'a stored incident cannot be read'),
    }),
    telling,
    onFailure: (error, doing, retryMs) => log.warn({ error, doing, retryMs }, 'something is tried again'),
    onTransition: transition => {
      metrics.transition(transition);
      log.info({ what: transition.what, incident: transition.incident.key }, 'an incident changed');
    },
  });
  if (configuration.summary !== undefined) {
    const facts = namesOf(configuration);
    const stop = scheduleSummary(configuration.summary, {
      outlets,
      incidents: () => desk.incidents,
      facts,
      log,
    });
    signal.addEventListener('abort', () => void stop(), { once: true });
  }
  return desk;
}

function changesIn({ repository }: Sources) {
  const verbs = { added: 'adds', changed: 'changes', deleted: 'deletes' } as const;
  return async (from: string, to: string): Promise<string[]> =>
    (await repository.changedPaths(from, to)).map(({ path, change }) => `${verbs[change]} ${path}`);
}

/** Says in the log what changed since the last look. */
function report(log: Log, before: RevisionKeeper['state'], now: RevisionKeeper['state']): void {
  if (now.authorized !== before.authorized)
    log.info({ authorized: now.authorized }, 'another revision is authorized');
  if (now.tip !== before.tip || now.tipState !== before.tipState)
    log.info({ tip: now.tip, state: now.tipState }, 'the tip of the branch');
  const known = new Set(before.problems.map(problem => problem.failure.line));
  for (const { origin, failure } of now.problems) {
    if (!known.has(failure.line)) log.warn({ origin, error: failure }, 'something cannot be seen');
  }
}
