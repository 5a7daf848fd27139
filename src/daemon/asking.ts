import type { Hono } from 'hono';
import { slackLines } from '../alerts/slack/blocks.ts';
import { incidentButtons } from '../alerts/slack/buttons.ts';
import type { SlackCalls } from '../alerts/slack/calls.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { clusterAuditRecords } from '../converge/audit/audit-records.ts';
import { clusterFreezes } from '../converge/freeze/freezes.ts';
import { convergerLease, leaseHolder } from '../converge/lease.ts';
import type { Sync } from '../converge/sync.ts';
import type { SyncStore } from '../converge/sync-store.ts';
import type { Declaration } from '../declared/declaration.ts';
import type { Driver } from '../drivers/driver.ts';
import { Failure } from '../failure/failure.ts';
import { type DriverName, type Finding, resourceKey } from '../findings/finding.ts';
import type { IncidentDesk } from '../incidents/desk.ts';
import type { Incident } from '../incidents/incident.ts';
import type { Log } from '../log/log.ts';
import { adopt } from '../propose/adopt/adopt.ts';
import { rollback } from '../propose/rollback/rollback.ts';
import { Requests } from '../requests/requests.ts';
import { responseUrls } from '../requests/response-url.ts';
import type { World } from '../requests/world.ts';
import { slackRequests } from '../web/slack.ts';
import type { SlackAsking } from './configuration/slack.ts';
import type { Configuration } from './configuration.ts';
import type { Metrics } from './metrics.ts';
import { proposingWith } from './proposing.ts';
import { relaying } from './relaying.ts';
import type { Sources } from './sources.ts';

export interface AskingParts {
  configuration: Configuration;
  cluster: Cluster;
  calls: SlackCalls;
  desk: IncidentDesk;
  /** What the last authorized revision declares; null while none could be read. */
  declaration: () => Declaration | null;
  sources: Sources;
  syncs: SyncStore;
  drivers: ReadonlyMap<DriverName, Driver>;
  metrics: Metrics;
  log: Log;
}

/** What people ask for in Slack, ready to be served. */
export interface Asking {
  /** Where Slack posts to; absent where no signing secret is set. */
  route: Hono | undefined;
  syncs(list: readonly Sync[]): void;
  /** Holds the connection to Slack, where an app token is set. */
  run(signal: AbortSignal): Promise<void>;
}

/** The buttons below incidents: none unless somebody answers a press. */
export function buttonsFor({ slack, forge }: Pick<Configuration, 'slack' | 'forge'>) {
  if (slack?.asking === undefined) return undefined;
  const abilities = { converge: forge !== undefined, adopt: forge !== undefined };
  return (incident: Incident) => incidentButtons(incident, abilities);
}

/** Wires what people ask for to what answers it. */
export function openAsking(asking: SlackAsking, parts: AskingParts): Asking {
  const { configuration, desk, metrics, log } = parts;
  const apiUrl = configuration.slack?.apiUrl;
  const requests = new Requests({
    world: worldOf(asking, parts),
    send: responseUrls(apiUrl),
    onRequest: ({ outcome, ...request }) => {
      metrics.slackRequest(request.kind, outcome);
      if (outcome === 'done') log.info(request, 'a request from Slack');
      else log.warn({ ...request, code: outcome }, 'a request from Slack was turned away');
    },
    onFailure: (error, doing) => log.warn({ error, doing }, 'Slack could not be answered'),
  });
  const { signingSecret, appToken } = asking;
  const take = (asked: Parameters<Requests['take']>[0]) => requests.take(asked);
  const relay = relaying({
    cluster: parts.cluster,
    namespace: configuration.namespace,
    leading: () => desk.leading,
  });
  const onRefused = (failure: Failure) => {
    metrics.slackRequest('http', failure.code);
    log.warn({ error: failure }, 'a request to /slack/requests was refused');
  };
  return {
    route: signingSecret === undefined ? undefined : slackRequests({ signingSecret, take, relay, onRefused }),
    syncs: list => requests.syncs(list),
    async run(signal) {
      const threads = requests.run(signal);
      if (appToken === undefined) return threads;
      const { runSocketMode } = await import('../alerts/slack/inbound/socket.ts');
      const onTrouble = (failure: Failure, retryMs: number | undefined) => {
        metrics.slackRequest('socket', failure.code);
        log.warn(
          { error: failure, ...(retryMs === undefined ? {} : { retryMs }) },
          'Socket Mode is in trouble',
        );
      };
      const wanted = () => desk.leading;
      await runSocketMode(
        { appToken, take, onTrouble, wanted, ...(apiUrl === undefined ? {} : { apiUrl }) },
        signal,
      );
      await threads;
    },
  };
}

function worldOf({ team, command }: SlackAsking, parts: AskingParts): World {
  const { configuration, cluster, calls, desk, declaration, sources, syncs } = parts;
  const { namespace, forge, environment } = configuration;
  const proposing = forge === undefined ? undefined : proposingWith(forge, sources.repository);
  return {
    rules: () => ({
      team,
      settings: declaration()?.settings.alerts.slack,
      permissionOf: proposing && (login => proposing.proposals.permissionOf(login)),
    }),
    command,
    desk,
    syncs,
    freezes: clusterFreezes(cluster, namespace),
    audit: clusterAuditRecords(cluster, namespace),
    async converges() {
      try {
        return (await leaseHolder({ cluster, namespace, name: convergerLease })) !== undefined;
      } catch (error) {
        if (error instanceof Failure && error.code === 'HF1303') return undefined;
        throw error;
      }
    },
    rollback: proposing && ((targets, by) => rollback(targets, proposing, by)),
    adopt:
      proposing &&
      (async (incident, by) => adopt(await findingNow(incident, parts), { ...proposing, environment }, by)),
    channel: {
      async post({ perhapsSinceMs, ...where }, lines) {
        const found =
          perhapsSinceMs === undefined ? 'absent' : await calls.find({ ...where, sinceMs: perhapsSinceMs });
        return typeof found === 'object' ? found : calls.post(where, slackLines(lines));
      },
    },
    now: () => new Date(),
  };
}

/** What differs at this moment, in whole: what an incident keeps is of an earlier one, and shortened. */
async function findingNow({ subject }: Incident, { declaration, drivers }: AskingParts): Promise<Finding> {
  if (subject.kind !== 'drift')
    throw new Failure(
      'HF1456',
      'only one object at a time can be adopted: press the button of its own message',
    );
  const now = declaration();
  const unit = now?.units.find(one => one.definition.name === subject.unit);
  if (now === null || unit === undefined) throw new Failure('HF1456', 'the unit is declared no more');
  const driver = drivers.get(unit.definition.driver);
  if (driver === undefined) throw new Failure('HF1456', 'nothing compares this unit');
  const { findings } = await driver.compare(unit, now, AbortSignal.timeout(120_000), 'declared');
  const key = resourceKey(subject.finding.resource);
  const found = findings.find(finding => resourceKey(finding.resource) === key);
  if (found === undefined) throw new Failure('HF1455', 'it is as declared now');
  return found;
}
