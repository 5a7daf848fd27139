import { createHash } from 'node:crypto';
import { type Logger, LogLevel, WebClient } from '@slack/web-api';
import { z } from 'zod';
import { type Clock, steadyClock } from '../../concurrency/clock.ts';
import { asking } from '../../telemetry/requests.ts';
import type { SlackMessage } from './blocks.ts';
import { isUnanswered, slackError, tellFailure } from './errors.ts';
import { Pace, slackRates } from './pace.ts';

export interface SlackCallsOptions {
  /** A bot token (`xoxb-…`) with the scope chat:write. Register it with the scrubber first. */
  token: string;
  /** `https://slack.com/api/` unless told. */
  apiUrl?: string;
  timeoutMs?: number;
  clock?: Clock;
  /** Instead of the global one. */
  fetch?: typeof fetch;
}

/** Where something was posted. */
export interface Posted {
  channel: string;
  ts: string;
}

const postedSchema = z.looseObject({ ts: z.string().min(1), channel: z.string().min(1) });
const identitySchema = z.looseObject({ bot_id: z.string().optional(), user_id: z.string().optional() });
const historySchema = z.looseObject({
  messages: z.array(
    z.looseObject({
      ts: z.string(),
      bot_id: z.string().optional(),
      metadata: z
        .looseObject({ event_type: z.string().optional(), event_payload: z.looseObject({}).optional() })
        .optional(),
    }),
  ),
  has_more: z.boolean().optional(),
  response_metadata: z.looseObject({ next_cursor: z.string().optional() }).optional(),
});

/** Errors of chat.update after which the message can only be posted anew. */
const gone: ReadonlySet<string> = new Set([
  'message_not_found',
  'edit_window_closed',
  'cant_update_message',
  'channel_not_found',
  'is_inactive',
]);

const eventType = 'holdfast_message';
const mostPages = 5;
/** So far Slack's clock may be behind ours. */
const mostSkewMs = 600_000;

/**
 * The calls of Slack's Web API that Holdfast makes: one try each, within Slack's rates, nothing unfurled and nobody looked up by
 * name. They throw a TellFailure, which says whether it is unknown if the call was carried out. For all who talk to Slack.
 */
export class SlackCalls {
  readonly #client: WebClient;
  readonly #pace: Pace;
  /** The ids of channels that were named otherwise, as Slack told them: history is read by id alone. */
  readonly #ids = new Map<string, string>();
  #identity: Promise<string | undefined> | undefined;

  constructor(options: SlackCallsOptions) {
    this.#pace = new Pace(options.clock ?? steadyClock);
    this.#client = new WebClient(options.token, {
      slackApiUrl: options.apiUrl ?? 'https://slack.com/api/',
      allowAbsoluteUrls: false,
      timeout: options.timeoutMs ?? 10_000,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      logger: silent,
      fetch: (...asked) =>
        asking(
          { service: 'slack' },
          () => (options.fetch ?? fetch)(...asked),
          ({ status }) => status,
        ),
    });
  }

  /** Posts to a channel, or below the message `thread`. `id` names the message for `find`, and for Slack itself. */
  async post(
    to: { channel: string; thread?: string | undefined; id: string },
    message: SlackMessage,
  ): Promise<Posted> {
    const { channel, thread, id } = to;
    await this.#pace.turn(`post ${channel}`, slackRates.post);
    const named = {
      metadata: { event_type: eventType, event_payload: { id } },
      // Not in the documented arguments, though in the documented errors: where Slack heeds it, it drops a repeat by itself.
      client_msg_id: uuidOf(`${channel} ${id}`),
    };
    const still = { unfurl_links: false, unfurl_media: false, link_names: false, mrkdwn: false };
    const below = thread === undefined ? {} : { thread_ts: thread };
    try {
      const call = { channel, ...message, ...still, ...below, ...named };
      const { ts, channel: where } = postedSchema.parse(await this.#client.chat.postMessage(call));
      this.#ids.set(channel, where);
      return { ts, channel: where };
    } catch (error) {
      throw this.#failure(error, channel, `post ${channel}`);
    }
  }

  /** Text and blocks are both sent, since blocks that are left out stay as they were. False when the message can be edited no more. */
  async update({ channel, ts }: Posted, message: SlackMessage): Promise<boolean> {
    await this.#pace.turn('update', slackRates.tier3);
    try {
      await this.#client.chat.update({ channel, ts, ...message, link_names: false, parse: 'none' });
      return true;
    } catch (error) {
      if (gone.has(slackError(error) ?? '')) return false;
      throw this.#failure(error, channel, 'update');
    }
  }

  /** Shows a message to one person alone. It is gone when they reload, so nothing else may depend on it. */
  async ephemeral(
    to: { channel: string; user: string; thread?: string | undefined },
    message: SlackMessage,
  ): Promise<void> {
    const { channel, user, thread } = to;
    await this.#pace.turn(`post ${channel}`, slackRates.post);
    try {
      const below = thread === undefined ? {} : { thread_ts: thread };
      await this.#client.chat.postEphemeral({ channel, user, ...message, ...below, link_names: false });
    } catch (error) {
      throw this.#failure(error, channel, `post ${channel}`);
    }
  }

  /**
   * A message of ours that was posted under this id since then; `absent` where there is none, `unknown` where we may not look
   * (that takes the scope channels:history, and groups:history for private channels).
   */
  async find(where: {
    channel: string;
    thread?: string | undefined;
    id: string;
    sinceMs: number;
  }): Promise<Posted | 'absent' | 'unknown'> {
    const { thread, id, sinceMs } = where;
    const channel = this.#ids.get(where.channel) ?? where.channel;
    const oldest = ((sinceMs - mostSkewMs) / 1000).toFixed(6);
    let cursor: string | undefined;
    try {
      const bot = await this.#bot();
      for (let page = 0; page < mostPages; page += 1) {
        await this.#pace.turn('history', slackRates.tier3);
        const asked = {
          channel,
          oldest,
          limit: 200,
          include_all_metadata: true,
          ...(cursor ? { cursor } : {}),
        };
        const answer = await (thread === undefined
          ? this.#client.conversations.history(asked)
          : this.#client.conversations.replies({ ...asked, ts: thread }));
        const { messages, response_metadata } = historySchema.parse(answer);
        const found = messages.find(
          ({ metadata, bot_id }) =>
            metadata?.event_type === eventType &&
            metadata.event_payload?.['id'] === id &&
            (bot === undefined || bot_id === undefined || bot_id === bot),
        );
        if (found !== undefined) return { channel, ts: found.ts };
        cursor = response_metadata?.next_cursor || undefined;
        if (cursor === undefined) return 'absent';
      }
      return 'unknown';
    } catch (error) {
      // Whatever Slack says against looking: it is only that we cannot know.
      if (slackError(error) !== undefined && !isUnanswered(error)) return 'unknown';
      throw this.#failure(error, channel, 'history');
    }
  }

  #bot(): Promise<string | undefined> {
    this.#identity ??= this.#client.auth.test().then(
      answer => identitySchema.parse(answer).bot_id,
      error => {
        this.#identity = undefined;
        throw error;
      },
    );
    return this.#identity;
  }

  #failure(error: unknown, channel: string, pace: string) {
    const failure = tellFailure(error, channel);
    if (failure.retryAfterMs !== undefined) this.#pace.hold(pace, failure.retryAfterMs);
    return failure;
  }
}

/** An id as Slack's own clients make them, always the same for the same text. */
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
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
