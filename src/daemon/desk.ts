import type { SlackCalls } from '../alerts/slack/calls.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { Connection } from '../cluster/connection.ts';
import { defaultSettings } from '../declared/settings.ts';
import { IncidentDesk } from '../incidents/desk.ts';
import type { Incident } from '../incidents/incident.ts';
import { DriftReportStore } from '../incidents/store.ts';
import type { Log } from '../log/log.ts';
import { buttonsFor } from './asking.ts';
import type { Configuration } from './configuration.ts';
import type { Metrics } from './metrics.ts';
import { openOutlets } from './outlets.ts';
import type { Owning } from './owning.ts';
import type { RevisionKeeper } from './revisions.ts';
import { scheduleSummary } from './summary.ts';
import { namesOf, nextOf, tellingOf } from './telling.ts';

export interface DeskParts {
  configuration: Configuration;
  connection: Connection;
  cluster: Cluster;
  log: Log;
  /** The console, for alerts. */
  write: (text: string) => unknown;
  colour: boolean;
  calls: SlackCalls | undefined;
  metrics: Metrics;
  keeper: RevisionKeeper;
  owning: Owning;
}

/** The desk of incidents with all its outlets, its store and its summary at set times. */
export async function openDesk(parts: DeskParts, signal: AbortSignal): Promise<IncidentDesk> {
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
