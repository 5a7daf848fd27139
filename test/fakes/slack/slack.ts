import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { blocksError } from './blocks.ts';

/** A message as it stands in a channel now. */
export interface FakeMessage {
  channel: string;
  ts: string;
  text: string;
  blocks: unknown[];
  edits: number;
}

/** A call as it came in, and how it was answered. */
export interface FakeCall {
  method: string;
  arguments: Record<string, string>;
  answer: string;
}

/**
 * What goes wrong with one of the next calls: an HTTP status, a rate limit (seconds), an error of Slack, no answer at all, or a
 * connection that breaks after (`late`) the call was carried out.
 */
export type Trouble =
  | { status: number }
  | { rateLimited: number }
  | { error: string }
  | { hang: true }
  | { late: true };

export interface FakeSlackOptions {
  token?: string;
  /** Channels by id, with what is special about each. */
  channels?: Record<string, 'member' | 'not-member' | 'archived'>;
}

/**
 * Slack's Web API on a loopback port, as far as Holdfast uses it, and as strict: tokens, channels, the documented limits of
 * messages and blocks. Errors are answered as Slack does, with status 200 and `ok: false`.
 */
export class FakeSlack {
  readonly token: string;
  readonly channels: Record<string, 'member' | 'not-member' | 'archived'>;
  readonly calls: FakeCall[] = [];
  readonly #messages = new Map<string, FakeMessage>();
  readonly #server = http.createServer((request, response) => void this.#serve(request, response));
  #troubles: Trouble[] = [];
  #down = false;
  #sent = 0;

  private constructor(options: FakeSlackOptions) {
    this.token = options.token ?? 'xoxb-fake-token';
    this.channels = options.channels ?? { C0ALERTS: 'member' };
  }

  static async start(options: FakeSlackOptions = {}): Promise<FakeSlack> {
    const slack = new FakeSlack(options);
    await new Promise<void>(resolve => slack.#server.listen(0, '127.0.0.1', resolve));
    return slack;
  }

  /** For the client's `slackApiUrl`. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/api/`;
  }

  /** What people see now, in the order in which it was posted. */
  get messages(): FakeMessage[] {
    return [...this.#messages.values()];
  }

  /** The next calls go wrong like this, one after the other. */
  trouble(...troubles: Trouble[]): void {
    this.#troubles.push(...troubles);
  }

  /** Every call goes wrong until this is taken back. */
  set down(down: boolean) {
    this.#down = down;
  }

  /** Removes a message, as a person may do. */
  remove(ts: string): void {
    this.#messages.delete(ts);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
  }

  async #serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const args = argumentsOf(request, Buffer.concat(chunks).toString('utf8'));
    const call: FakeCall = {
      method: (request.url ?? '').replace(/^\/api\//, ''),
      arguments: args,
      answer: '',
    };
    this.calls.push(call);
    const trouble = this.#down ? { status: 503 } : this.#troubles.shift();
    if (trouble !== undefined && this.#meets(trouble, call, response)) return;
    const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    const answer = this.#answer(call, bearer ?? args['token']);
    call.answer = answer['ok'] === true ? 'ok' : String(answer['error']);
    if (trouble !== undefined) response.destroy();
    else response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
  }

  /** Whether the trouble is all the answer there is. */
  #meets(trouble: Trouble, call: FakeCall, response: http.ServerResponse): boolean {
    call.answer = Object.entries(trouble).join(' ').replace(',', ' ');
    if ('hang' in trouble) return true;
    if ('status' in trouble) response.writeHead(trouble.status).end('upstream error');
    else if ('rateLimited' in trouble) {
      response.writeHead(429, { 'retry-after': String(trouble.rateLimited) });
      response.end(JSON.stringify({ ok: false, error: 'ratelimited' }));
    } else if ('error' in trouble) {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ ok: false, error: trouble.error }));
    } else return false;
    return true;
  }

  #answer(call: FakeCall, token: string | undefined): Record<string, unknown> {
    if (token === undefined) return refusal('not_authed');
    if (token !== this.token) return refusal('invalid_auth');
    switch (call.method) {
      case 'auth.test':
        return { ok: true, team_id: 'T0FAKE', user_id: 'U0HOLDFAST', bot_id: 'B0HOLDFAST' };
      case 'chat.postMessage':
        return this.#post(call.arguments);
      case 'chat.update':
        return this.#update(call.arguments);
      default:
        return refusal('unknown_method');
    }
  }

  #post(args: Record<string, string>): Record<string, unknown> {
    const channel = args['channel'] ?? '';
    const wrong = this.#channelError(channel) ?? contentError(args);
    if (wrong !== undefined) return wrong;
    this.#sent += 1;
    const ts = `1785765731.${String(this.#sent).padStart(6, '0')}`;
    this.#messages.set(ts, { channel, ts, ...content(args), edits: 0 });
    return { ok: true, channel, ts, message: { ts, text: args['text'] } };
  }

  #update(args: Record<string, string>): Record<string, unknown> {
    const { channel = '', ts = '' } = args;
    const wrong = this.#channelError(channel) ?? contentError(args);
    if (wrong !== undefined) return wrong;
    const message = this.#messages.get(ts);
    if (message === undefined || message.channel !== channel) return refusal('message_not_found');
    const { text, blocks } = content(args);
    message.text = text;
    // Blocks that are not sent stay as they were, so that a text alone changes nothing that people see.
    if (args['blocks'] !== undefined) message.blocks = blocks;
    message.edits += 1;
    return { ok: true, channel, ts, text };
  }

  #channelError(channel: string): Record<string, unknown> | undefined {
    const state = this.channels[channel];
    if (state === undefined) return refusal('channel_not_found');
    if (state === 'member') return undefined;
    return refusal(state === 'archived' ? 'is_archived' : 'not_in_channel');
  }
}

function argumentsOf(request: http.IncomingMessage, body: string): Record<string, string> {
  if (!String(request.headers['content-type']).includes('json'))
    return Object.fromEntries(new URLSearchParams(body));
  const json = JSON.parse(body) as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(json).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
}

function contentError(args: Record<string, string>): Record<string, unknown> | undefined {
  const { text = '', blocks } = args;
  if (text === '' && blocks === undefined) return refusal('no_text');
  if (text.length > 40_000) return refusal('msg_too_long');
  const wrong = blocks === undefined ? undefined : blocksError(blocks);
  return wrong === undefined ? undefined : refusal(wrong.error, wrong.messages);
}

function content(args: Record<string, string>): { text: string; blocks: unknown[] } {
  return { text: args['text'] ?? '', blocks: JSON.parse(args['blocks'] ?? '[]') as unknown[] };
}

function refusal(error: string, messages: string[] = []): Record<string, unknown> {
  return { ok: false, error, ...(messages.length === 0 ? {} : { response_metadata: { messages } }) };
}
