import { Failure } from '../../failure/failure.ts';
import { optional } from './optional.ts';
import type { Environment } from './variables.ts';

/** How people ask for something in Slack: over a connection of ours (`appToken`), over HTTP (`signingSecret`), or both. */
export interface SlackAsking {
  /** The only workspace (`T…`) or organization (`E…`) whose people may. */
  team: string;
  command: string;
  appToken?: string;
  signingSecret?: string;
}

export interface SlackConfiguration {
  token: string;
  /** For what no route matches. */
  channel: string;
  apiUrl?: string;
  asking?: SlackAsking;
}

/** Slack, where a bot token is set. Throws HF1001 on a part that is missing. */
export function slackOf(env: Environment): SlackConfiguration | undefined {
  const asking = askingOf(env);
  if (env.SLACK_BOT_TOKEN === undefined) {
    if (asking === undefined) return undefined;
    throw new Failure('HF1001', 'people can ask in Slack only where SLACK_BOT_TOKEN is set too');
  }
  if (env.HOLDFAST_SLACK_CHANNEL === undefined) {
    throw new Failure(
      'HF1001',
      'SLACK_BOT_TOKEN is set, but HOLDFAST_SLACK_CHANNEL, the channel for what no route matches, is not',
    );
  }
  return {
    token: env.SLACK_BOT_TOKEN,
    channel: env.HOLDFAST_SLACK_CHANNEL,
    ...optional('apiUrl', env.SLACK_API_URL),
    ...optional('asking', asking),
  };
}

function askingOf(env: Environment): SlackAsking | undefined {
  const { SLACK_APP_TOKEN: appToken, SLACK_SIGNING_SECRET: signingSecret } = env;
  if (appToken === undefined && signingSecret === undefined) return undefined;
  if (env.HOLDFAST_SLACK_TEAM === undefined)
    throw new Failure(
      'HF1001',
      'HOLDFAST_SLACK_TEAM, the workspace whose people may ask, is not set; SLACK_APP_TOKEN or SLACK_SIGNING_SECRET is',
    );
  return {
    team: env.HOLDFAST_SLACK_TEAM,
    command: env.HOLDFAST_SLACK_COMMAND,
    ...optional('appToken', appToken),
    ...optional('signingSecret', signingSecret),
  };
}
