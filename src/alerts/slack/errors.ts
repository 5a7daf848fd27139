import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from '@slack/web-api';
import { TellFailure } from '../../incidents/outlet.ts';

/** Errors that concern one message; every other one stands for the channel or the whole workspace. */
const ofMessage: ReadonlySet<string> = new Set([
  'restricted_action',
  'invalid_blocks',
  'invalid_blocks_format',
  'msg_blocks_too_long',
  'msg_too_long',
  'no_text',
  'invalid_arguments',
  'thread_not_found',
]);

const ofChannel: ReadonlySet<string> = new Set(['channel_not_found', 'not_in_channel', 'is_archived']);

/** Slack’s own words for having failed in the middle: what was asked for may have been done. */
const unanswered: ReadonlySet<string> = new Set([
  'fatal_error',
  'internal_error',
  'request_timeout',
  'service_unavailable',
]);

/** The connection did not come about, so nothing was asked. */
const unsent: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH']);

/** The word by which Slack names what is wrong, such as `message_not_found`. */
export function slackError(error: unknown): string | undefined {
  return error instanceof WebAPIPlatformError ? error.data.error : undefined;
}

/** Whether it is unknown if the call was carried out. */
export function isUnanswered(error: unknown): boolean {
  if (error instanceof WebAPIRateLimitedError) return false;
  if (error instanceof WebAPIHTTPError) return error.statusCode >= 500;
  if (error instanceof WebAPIPlatformError) return unanswered.has(error.data.error);
  return !(error instanceof WebAPIRequestError) || !unsent.has(causeOf(error).code ?? '');
}

/** What the client threw as a failure that says whether other messages are worth a try, and when. */
export function tellFailure(error: unknown, channel: string): TellFailure {
  const ambiguous = isUnanswered(error);
  const word = slackError(error);
  if (word !== undefined) {
    const scope = ofMessage.has(word) ? 'message' : 'outlet';
    const code = ofChannel.has(word) ? 'HF1702' : 'HF1701';
    const what = `Slack refused a message for ${channel}: ${word}`;
    return new TellFailure(code, what, { scope, ambiguous, cause: error });
  }
  if (error instanceof WebAPIRateLimitedError) {
    const retryAfterMs = error.retryAfter * 1000;
    return new TellFailure('HF1701', 'Slack asks to slow down', { scope: 'outlet', retryAfterMs });
  }
  return new TellFailure('HF1701', unreached(error), { scope: 'outlet', ambiguous, cause: error });
}

function unreached(error: unknown): string {
  if (error instanceof WebAPIHTTPError) return `Slack answered ${error.statusCode}`;
  if (error instanceof WebAPIRequestError) return `cannot reach Slack: ${causeOf(error).message}`;
  return `Slack answered what its API does not allow: ${error instanceof Error ? error.message : String(error)}`;
}

function causeOf({ original }: WebAPIRequestError): NodeJS.ErrnoException {
  return original.cause instanceof Error ? original.cause : original;
}
