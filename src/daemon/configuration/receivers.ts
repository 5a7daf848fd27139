import { Failure } from '../../failure/failure.ts';
import type { Environment } from './variables.ts';

export function summaryOf(env: Environment): { cron: string; timezone: string } | undefined {
  const { HOLDFAST_SUMMARY: cron, HOLDFAST_SUMMARY_TIMEZONE: timezone } = env;
  return cron === undefined ? undefined : { cron, timezone };
}

export function alertmanagerOf({ HOLDFAST_ALERTMANAGER_URL: url }: Environment): { url: string } | undefined {
  return url === undefined ? undefined : { url };
}

export function alertWebhookOf(env: Environment): { url: string; secret: string } | undefined {
  const { HOLDFAST_ALERT_URL: url, HOLDFAST_ALERT_SECRET: secret } = env;
  if (url === undefined) return undefined;
  if (secret !== undefined) return { url, secret };
  throw new Failure(
    'HF1001',
    'HOLDFAST_ALERT_URL is set, but HOLDFAST_ALERT_SECRET, with which what is sent there is signed, is not',
  );
}
