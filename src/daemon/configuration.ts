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

const sha = z.string().regex(/^[0-9a-f]{40}$/, 'must be a full commit SHA: 40 lower-case hex digits');
const seconds = (fallback: number) => {
  const error = 'must be a number of seconds, from 0.1 to 86400';
  return z.coerce.number({ error }).min(0.1, error).max(86_400, error).default(fallback);
};
const repositoryName = z.string().regex(/^[^/\s]+(\/[^/\s]+)+$/, 'must be owner/name');

/**
 * The environment of an installation. Each secret may also be given as a file by the name with `_FILE`.
 * What belongs to the repository is in holdfast.yaml, not here.
 */
const environmentSchema = z.object({
  ...pageVariables,
  HOLDFAST_GIT_URL: z.string().min(1),
  HOLDFAST_GIT_BRANCH: z.string().min(1).default('main'),
  HOLDFAST_GIT_TOKEN: z.string().optional(),
  HOLDFAST_POLL_SECONDS: seconds(30),
  HOLDFAST_FORGE: z
    .enum(['gitea', 'github', 'gitlab', 'none'], 'must be gitea, github, gitlab or none')
    .default('none'),
  HOLDFAST_FORGE_URL: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }).optional(),
  HOLDFAST_FORGE_REPOSITORY: repositoryName.optional(),
  HOLDFAST_FORGE_TOKEN: z.string().optional(),
  HOLDFAST_FORGE_REPOSITORY_ID: z.string().regex(/^\d+$/, 'must be the number of the repository').optional(),
  HOLDFAST_FORGE_APP_ID: z.string().min(1).optional(),
  HOLDFAST_FORGE_APP_KEY: z.string().min(1).optional(),
  HOLDFAST_FORGE_APP_INSTALLATION: z
    .string()
    .regex(/^\d+$/, 'must be the number of the installation')
    .optional(),
  HOLDFAST_FORGE_WRITE_TOKEN: z.string().optional(),
  HOLDFAST_TRUST_ROOT: sha.optional(),
  HOLDFAST_WEBHOOK_SECRET: z.string().min(16, 'must have at least 16 characters').optional(),
  HOLDFAST_NAMESPACE: z.string().min(1).default('holdfast'),
  HOLDFAST_ENVIRONMENT: z.string().min(1).optional(),
  HOLDFAST_DATA: z.string().min(1).default(join(tmpdir(), 'holdfast')),
  HOLDFAST_LISTEN: z
    .string()
    .regex(/^.+:\d{1,5}$/, 'must be host:port')
    .default('127.0.0.1:8080'),
  HOLDFAST_DEBUG_PORT: z.coerce.number('must be a port').int().min(1).max(65_535).optional(),
  HOLDFAST_HEALTH_SECONDS: seconds(300),
  HOLDFAST_KEEP_DAYS: z.coerce.number('must be a number of days').int().min(1).max(3_650).default(90),
  HOLDFAST_KEEP_COUNT: z.coerce.number('must be a number').int().min(10).max(100_000).default(1_000),
  HOLDFAST_SUMMARY: z.string().refine(validate, 'must be a cron expression, such as 0 9 * * 1-5').optional(),
  HOLDFAST_SUMMARY_TIMEZONE: z
    .string()
    .refine(isTimeZone, 'must be a time zone, such as Europe/Berlin')
    .default('UTC'),
  HOLDFAST_ALERT_URL: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }).optional(),
  HOLDFAST_ALERT_SECRET: z.string().min(16, 'must have at least 16 characters').optional(),
  HOLDFAST_ALERTMANAGER_URL: z
    .url({ protocol: /^https?$/, error: 'must be an http or https address' })
    .optional(),
  HOLDFAST_EVENTS: z.enum(['true', 'false'], 'must be true or false').default('true'),
  SLACK_BOT_TOKEN: z.string().min(1).optional(),
  SLACK_API_URL: z.url('must be an http or https address').optional(),
  HOLDFAST_SLACK_CHANNEL: z.string().min(1).optional(),
  SLACK_APP_TOKEN: z.string().startsWith('xapp-', 'must be an app-level token: xapp-…').optional(),
  SLACK_SIGNING_SECRET: z.string().min(16, 'must have at least 16 characters').optional(),
  HOLDFAST_SLACK_TEAM: z
    .string()
    .regex(/^[TE][A-Z0-9]{2,20}$/, 'must be the id of a workspace (T…) or an organization (E…)')
    .optional(),
  HOLDFAST_SLACK_COMMAND: z
    .string()
    .regex(/^\/[a-z0-9_-]{1,31}$/, 'must be a slash and lower-case letters, such as /sync')
    .default('/sync'),
});

const secretNames = [
  'HOLDFAST_GIT_TOKEN',
  'HOLDFAST_FORGE_TOKEN',
  'HOLDFAST_FORGE_APP_KEY',
  'HOLDFAST_FORGE_WRITE_TOKEN',
  'HOLDFAST_WEBHOOK_SECRET',
  'HOLDFAST_PAGE_CLIENT_SECRET',
  'HOLDFAST_ALERT_SECRET',
  'SLACK_BOT_TOKEN',
  'SLACK_APP_TOKEN',
  'SLACK_SIGNING_SECRET',
] as const;

export interface ForgeConfiguration {
  kind: ForgeKind;
  url: string;
  repository: string;
  /** Empty where an App asks. */
  token: string;
  app?: AppKey;
  /** The number that the forge gives the repository, where it is pinned. */
  repositoryId?: string;
  /** For branches and pull requests; the other one where it is absent. */
  writeToken?: string;
}

/** How people ask for something in Slack: over a connection of ours (`appToken`), over HTTP (`signingSecret`), or both. */
export interface SlackAsking {
  /** The only workspace (`T…`) or organization (`E…`) whose people may. */
  team: string;
  command: string;
  appToken?: string;
  signingSecret?: string;
}

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
    listen: { host: env.HOLDFAST_LISTEN.slice(0, colon), port: Number(env.HOLDFAST_LISTEN.slice(colon + 1)) },
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
