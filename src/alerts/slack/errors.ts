import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from '@slack/web-api';
import { TellFailure } from '../outlet.ts';

/** Errors that concern one message or one channel; every other one stands for the whole workspace. */
const ofMessage: ReadonlySet<string> = new Set([
  'channel_not_found',
  'not_in_channel',
  'is_archived',
  'restricted_action',
  'invalid_blocks',
  'invalid_blocks_format',
  'msg_blocks_too_long',
  'msg_too_long',
  'no_text',
  'invalid_arguments',
]);

const ofChannel: ReadonlySet<string> = new Set(['channel_not_found', 'not_in_channel', 'is_archived']);

/** The word by which Slack names what is wrong, such as `message_not_found`. */
export function slackError(error: unknown): string | undefined {
  return error instanceof WebAPIPlatformError ? error.data.error : undefined;
}

/** What the client threw as a failure that says whether other messages are worth a try, and when. */
export function tellFailure(error: unknown, channel: string): TellFailure {
  const word = slackError(error);
  if (word !== undefined) {
    const scope = ofMessage.has(word) ? 'message' : 'outlet';
    const code = ofChannel.has(word) ? 'HF1702' : 'HF1701';
    return new TellFailure(code, `Slack refused a message for ${channel}: ${word}`, { scope, cause: error });
  }
  if (error instanceof WebAPIRateLimitedError) {
    const retryAfterMs = error.retryAfter * 1000;
    return new TellFailure('HF1701', 'Slack asks to slow down', { scope: 'outlet', retryAfterMs });
  }
  return new TellFailure('HF1701', unreached(error), { scope: 'outlet', cause: error });
}

function unreached(error: unknown): string {
  if (error instanceof WebAPIHTTPError) return `Slack answered ${error.statusCode}`;
  if (error instanceof WebAPIRequestError) {
    const { original } = error;
    const cause = original.cause instanceof Error ? original.cause.message : original.message;
    return `cannot reach Slack: ${cause}`;
  }
  return `Slack answered what its API does not allow: ${error instanceof Error ? error.message : String(error)}`;
}
