import type { KnownBlock } from '@slack/web-api';
import { ConsoleOutlet } from '../alerts/console/console.ts';
import { destinationsOf, routed } from '../alerts/routes.ts';
import type { SlackCalls } from '../alerts/slack/calls.ts';
import type { Channel } from '../alerts/slack/slack.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { Settings } from '../declared/settings.ts';
import { toFailure } from '../failure/failure.ts';
import type { Incident } from '../incidents/incident.ts';
import type { Outlet, Telling } from '../incidents/outlet.ts';
import type { Log } from '../log/log.ts';
import type { Configuration } from './configuration.ts';

export interface OutletParts {
  configuration: Pick<
    Configuration,
    'slack' | 'alertWebhook' | 'alertmanager' | 'events' | 'environment' | 'holder'
  >;
  cluster: Cluster;
  /** The console: gets whole blocks. */
  write: (text: string) => unknown;
  colour: boolean;
  /** What the last authorized revision says of alerts, asked before each message. */
  alerts: () => Settings['alerts'];
  telling: (incident: Incident) => Telling;
  /** All incidents as they are now. */
  incidents: () => readonly Incident[];
  log: Log;
  /** Shared by all that talks to Slack, so that its rates are kept; absent without a token. */
  calls: SlackCalls | undefined;
  /** Below a message; absent where nobody answers a press. */
  buttonsOf?: ((incident: Incident) => KnownBlock | undefined) | undefined;
  /** What comes next, in the words of a chat. */
  nextOf?: ((incident: Incident) => string) | undefined;
}

/** Slack's calls where a token is set. Its library is loaded only then. */
export async function openSlackCalls(slack: Configuration['slack']): Promise<SlackCalls | undefined> {
  if (slack === undefined) return undefined;
  const { SlackCalls } = await import('../alerts/slack/calls.ts');
  const { token, apiUrl } = slack;
  return new SlackCalls({ token, ...(apiUrl === undefined ? {} : { apiUrl }) });
}

/** Where people are told: the console always, the others where they are set. What only one of them needs is loaded only then. */
export async function openOutlets(parts: OutletParts): Promise<Outlet[]> {
  const { write, colour } = parts;
  const others = await Promise.all([
    openSlack(parts),
    openWebhook(parts),
    openAlertmanager(parts),
    openEvents(parts),
  ]);
  return [new ConsoleOutlet({ write, colour }), ...others.flat()];
}

async function openSlack(parts: OutletParts): Promise<Outlet[]> {
  const { calls, buttonsOf, nextOf, configuration } = parts;
  const { slack } = configuration;
  if (slack === undefined || calls === undefined) return [];
  const { SlackOutlet } = await import('../alerts/slack/slack.ts');
  return [new SlackOutlet({ calls, channelsOf: channelsBy(parts, slack.channel), buttonsOf, nextOf })];
}

async function openWebhook({ configuration: { alertWebhook } }: OutletParts): Promise<Outlet[]> {
  if (alertWebhook === undefined) return [];
  const { WebhookOutlet } = await import('../alerts/webhook/webhook.ts');
  return [new WebhookOutlet(alertWebhook)];
}

async function openAlertmanager(parts: OutletParts): Promise<Outlet[]> {
  const { configuration, incidents, telling, log } = parts;
  if (configuration.alertmanager === undefined) return [];
  const { AlertmanagerOutlet } = await import('../alerts/alertmanager/alertmanager.ts');
  const { url } = configuration.alertmanager;
  const onFailure = (error: unknown) =>
    log.warn({ error: toFailure(error, 'HF1703') }, 'what goes on cannot be sent to Alertmanager again');
  return [new AlertmanagerOutlet({ url, incidents, telling, onFailure })];
}

async function openEvents({ configuration: { events, holder }, cluster }: OutletParts): Promise<Outlet[]> {
  if (!events) return [];
  const { EventsOutlet } = await import('../alerts/events/events.ts');
  return [new EventsOutlet({ cluster, holder })];
}

/** The routes of the last authorized revision, applied to an incident now. */
function channelsBy(
  { configuration, alerts, telling }: OutletParts,
  fallback: string,
): (incident: Incident) => readonly Channel[] {
  return incident => {
    const { routes, owners: slackIds } = alerts();
    const { severity, owners = [] } = telling(incident);
    const { environment } = configuration;
    const asked = routed(incident, { environment, severity, owners });
    return destinationsOf(routes, asked, { fallback, now: Date.now(), slackIds });
  };
}
