import type { KnownBlock } from '@slack/web-api';
import { ConsoleOutlet } from '../alerts/console/console.ts';
import type { Outlet, Telling } from '../alerts/outlet.ts';
import { destinationsOf, routed } from '../alerts/routes.ts';
import type { SlackCalls } from '../alerts/slack/calls.ts';
import type { Channel } from '../alerts/slack/slack.ts';
import type { Connection } from '../cluster/connection.ts';
import type { Settings } from '../declared/settings.ts';
import type { Incident } from '../incidents/incident.ts';
import type { Configuration } from './configuration.ts';

export interface OutletParts {
  configuration: Pick<
    Configuration,
    'slack' | 'alertWebhook' | 'alertmanager' | 'events' | 'environment' | 'namespace' | 'holder'
  >;
  connection: Pick<Connection, 'request'>;
  /** The console: gets whole blocks. */
  write: (text: string) => unknown;
  colour: boolean;
  /** What the last authorized revision says of alerts, asked before each message. */
  alerts: () => Settings['alerts'];
  telling: (incident: Incident) => Telling;
  /** Shared by all that talks to Slack, so that its rates are kept; absent without a token. */
  calls: SlackCalls | undefined;
  /** Below a message; absent where nobody answers a press. */
  buttonsOf?: ((incident: Incident) => KnownBlock | undefined) | undefined;
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
  return [new ConsoleOutlet({ write, colour }), ...(await openSlack(parts))];
}

async function openSlack(parts: OutletParts): Promise<Outlet[]> {
  const { calls, buttonsOf, configuration } = parts;
  const { slack } = configuration;
  if (slack === undefined || calls === undefined) return [];
  const { SlackOutlet } = await import('../alerts/slack/slack.ts');
  return [new SlackOutlet({ calls, channelsOf: channelsBy(parts, slack.channel), buttonsOf })];
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
