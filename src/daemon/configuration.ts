import { isIPv6 } from 'node:net';
import { hostname } from 'node:os';
import { Failure } from '../failure/failure.ts';
import type { CiTokenOptions } from '../web/access/ci-token.ts';
import { type ForgeConfiguration, forgeOf } from './configuration/forge.ts';
import { optional } from './configuration/optional.ts';
import { type PageConfiguration, pageOf, previewsOf } from './configuration/page.ts';
import { alertmanagerOf, alertWebhookOf, summaryOf } from './configuration/receivers.ts';
import { withSecretFiles } from './configuration/secrets.ts';
import { type SlackConfiguration, slackOf } from './configuration/slack.ts';
import { environmentSchema, secretNames } from './configuration/variables.ts';

/** What a process of Holdfast does: the observer reads and tells, the converger alone changes what runs; `all` is both. */
export type Role = 'observer' | 'converger' | 'all';

export interface Configuration {
  git: { url: string; branch: string; token?: string };
  /** Absent: alert-only, the tip is followed and nothing is ever applied. */
  forge?: ForgeConfiguration & { trustRoot: string };
  pollMs: number;
  webhookSecret?: string;
  namespace: string;
  environment?: string;
  dataDirectory: string;
  listen: { host: string; port: number };
  /** Where other processes of the installation reach this one, as an address with a port; absent: not at all. */
  address?: string;
  /** Where profiles are given, on the loopback interface alone; absent: nowhere. */
  debugPort?: number;
  healthTimeoutMs: number;
  /** How long, and how many of each kind, records are kept. */
  keeping: { days: number; count: number };
  /** When what is still open is told anew. */
  summary?: { cron: string; timezone: string };
  slack?: SlackConfiguration;
  /** Where every transition is sent as signed JSON. */
  alertWebhook?: { url: string; secret: string };
  alertmanager?: { url: string };
  /** Whether drift is also told as a Kubernetes Event on the object. */
  events: boolean;
  page: PageConfiguration;
  /** How CI jobs that ask for previews prove themselves; absent: none are made. */
  previews?: CiTokenOptions;
  /** Names this process in Leases and records. */
  holder: string;
  /** Values that must never leave the process. */
  secrets: string[];
}

/** The configuration that an environment gives. Throws HF1001 naming every variable that is wrong; HF1503 without a trust root. */
export function configurationFrom(environment: Record<string, string | undefined>): Configuration {
  const given = withSecretFiles(environment);
  const parsed = environmentSchema.safeParse(given);
  if (!parsed.success) {
    const wrong = parsed.error.issues.map(
      issue =>
        `${issue.path.join('.')}: ${given[String(issue.path[0])] === undefined ? 'is not set' : issue.message}`,
    );
    throw new Failure('HF1001', wrong.join('; '));
  }
  const env = parsed.data;
  const forge = forgeOf(env);
  const colon = env.HOLDFAST_LISTEN.lastIndexOf(':');
  const port = Number(env.HOLDFAST_LISTEN.slice(colon + 1));
  return {
    git: {
      url: env.HOLDFAST_GIT_URL,
      branch: env.HOLDFAST_GIT_BRANCH,
      ...optional('token', env.HOLDFAST_GIT_TOKEN),
    },
    ...optional('forge', forge),
    pollMs: env.HOLDFAST_POLL_SECONDS * 1000,
    ...optional('webhookSecret', env.HOLDFAST_WEBHOOK_SECRET),
    namespace: env.HOLDFAST_NAMESPACE,
    ...optional('environment', env.HOLDFAST_ENVIRONMENT),
    dataDirectory: env.HOLDFAST_DATA,
    listen: { host: env.HOLDFAST_LISTEN.slice(0, colon), port },
    ...optional('address', env.HOLDFAST_POD_IP && addressOf(env.HOLDFAST_POD_IP, port)),
    ...optional('debugPort', env.HOLDFAST_DEBUG_PORT),
    healthTimeoutMs: env.HOLDFAST_HEALTH_SECONDS * 1000,
    page: pageOf(env),
    ...optional('previews', previewsOf(env)),
    keeping: { days: env.HOLDFAST_KEEP_DAYS, count: env.HOLDFAST_KEEP_COUNT },
    ...optional('summary', summaryOf(env)),
    ...optional('slack', slackOf(env)),
    ...optional('alertWebhook', alertWebhookOf(env)),
    ...optional('alertmanager', alertmanagerOf(env)),
    events: env.HOLDFAST_EVENTS === 'true',
    holder: `${hostname()}-${process.pid}-${Math.random().toString(36).slice(2, 8)}`,
    secrets: secretNames.map(name => env[name]).filter(value => value !== undefined),
  };
}

function addressOf(ip: string, port: number): string {
  return `http://${isIPv6(ip) ? `[${ip}]` : ip}:${port}`;
}
