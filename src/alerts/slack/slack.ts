import { type Logger, LogLevel, WebClient } from '@slack/web-api';
import { z } from 'zod';
import { type Transition, unitOf } from '../../incidents/incident.ts';
import { type Message, messageOf } from '../message.ts';
import type { Outlet, Telling } from '../outlet.ts';
import { type SlackMessage, slackMessage } from './blocks.ts';
import { slackError, tellFailure } from './errors.ts';

export interface SlackOptions {
  /** A bot token (`xoxb-…`) with the scope chat:write. Register it with the scrubber first. */
  token: string;
  /** The channel (id) for a unit; for undefined the one for incidents of no unit. Asked when a message is first posted. */
  channelOf: (unit: string | undefined) => string;
  /** `https://slack.com/api/` unless told. */
  apiUrl?: string;
  timeoutMs?: number;
}

const posted = z.looseObject({ ts: z.string().min(1), channel: z.string().min(1) });
const place = z.looseObject({ channel: z.string().min(1), ts: z.string().min(1) });

/** Errors of chat.update after which the message can only be posted anew. */
const gone: ReadonlySet<string> = new Set([
  'message_not_found',
  'edit_window_closed',
  'cant_update_message',
  'channel_not_found',
  'is_inactive',
]);

/**
 * Tells incidents in Slack: one message for each, posted once and then edited in place. It never mentions anybody, never
 * unfurls a link and never holds a secret value. Nothing is repeated in here: the caller keeps what could not be told.
 */
export class SlackOutlet implements Outlet {
  readonly name = 'slack';
  readonly #client: WebClient;
  readonly #options: SlackOptions;

  constructor(options: SlackOptions) {
    this.#options = options;
    this.#client = new WebClient(options.token, {
      slackApiUrl: options.apiUrl ?? 'https://slack.com/api/',
      allowAbsoluteUrls: false,
      timeout: options.timeoutMs ?? 10_000,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      logger: silent,
    });
  }

  async tell(transition: Transition, telling: Telling): Promise<Record<string, string>> {
    const message = slackMessage(messageOf(transition, telling));
    const earlier = place.safeParse(transition.incident.told[this.name]?.place);
    if (earlier.success && (await this.#edited(earlier.data, message)))
      return earlier.data as Record<string, string>;
    return this.#posted(this.#options.channelOf(unitOf(transition.incident)), message);
  }

  async remind(message: Message): Promise<void> {
    await this.#posted(this.#options.channelOf(undefined), slackMessage(message));
  }

  async close(): Promise<void> {}

  async #posted(channel: string, message: SlackMessage): Promise<Record<string, string>> {
    const still = { unfurl_links: false, unfurl_media: false, link_names: false, mrkdwn: false };
    try {
      const answer = posted.parse(await this.#client.chat.postMessage({ channel, ...message, ...still }));
      return { channel: answer.channel, ts: answer.ts };
    } catch (error) {
      throw tellFailure(error, channel);
    }
  }

  /** Text and blocks are both sent, since blocks that are left out stay as they were. False when the message is gone. */
  async #edited(at: { channel: string; ts: string }, message: SlackMessage): Promise<boolean> {
    const { channel, ts } = at;
    try {
      await this.#client.chat.update({ channel, ts, ...message, link_names: false, parse: 'none' });
      return true;
    } catch (error) {
      if (gone.has(slackError(error) ?? '')) return false;
      throw tellFailure(error, channel);
    }
  }
}

/** The client would write to the console, requests among it; what matters comes back as errors. */
const silent: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  getLevel: () => LogLevel.ERROR,
  setName() {},
};
