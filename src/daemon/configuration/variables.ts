import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { validate } from 'node-cron';
import { z } from 'zod';
import { isTimeZone } from '../../declared/settings/time-zone.ts';
import { pageVariables } from './page.ts';

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
export const environmentSchema = z.object({
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
  HOLDFAST_POD_IP: z.union([z.ipv4(), z.ipv6()], 'must be an address by number').optional(),
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

/** The variables that hold secrets; each may also be given as a file, by its name with `_FILE`. */
export const secretNames = [
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

/** The variables of an environment, each in its form. */
export type Environment = z.output<typeof environmentSchema>;
