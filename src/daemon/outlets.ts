import { ConsoleOutlet } from '../alerts/console/console.ts';
import type { Outlet } from '../alerts/outlet.ts';
import { channelFor } from '../alerts/routes.ts';
import type { Settings } from '../declared/settings.ts';
import type { Configuration } from './configuration.ts';

export interface OutletParts {
  slack: Configuration['slack'];
  /** The console: gets whole blocks. */
  write: (text: string) => unknown;
  colour: boolean;
  /** The routes of the last authorized revision, asked before each message. */
  routes: () => Settings['alerts']['routes'];
}

/** Where people are told: the console always, Slack when a token is set. Slack's library is loaded only then. */
export async function openOutlets({ slack, write, colour, routes }: OutletParts): Promise<Outlet[]> {
  const onConsole = new ConsoleOutlet({ write, colour });
  if (slack === undefined) return [onConsole];
  const { SlackOutlet } = await import('../alerts/slack/slack.ts');
  const { token, channel, apiUrl } = slack;
  const channelOf = (unit: string | undefined): string => channelFor(routes(), unit, channel);
  return [onConsole, new SlackOutlet({ token, channelOf, ...(apiUrl === undefined ? {} : { apiUrl }) })];
}
