import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { methods } from './methods.ts';
import {
  type Answer,
  type ChannelState,
  type FakeEphemeral,
  type FakeMessage,
  type FakeWorkspace,
  refusal,
} from './state.ts';
import { Tiers } from './tiers.ts';

/** A call as it came in, and how it was answered. */
export interface FakeCall {
  method: string;
  arguments: Record<string, string>;
  answer: string;
}

/**
 * What goes wrong with one of the next calls: an HTTP status, a rate limit (seconds), an error of Slack, no answer at all, a
 * connection that breaks (`late`) or an answer that never comes (`silent`) after the call was carried out, or a call that is
 * carried out only at `deliver()`, and never answered (`deferred`).
 */
export type Trouble =
  | { status: number }
  | { rateLimited: number }
  | { error: string }
  | { hang: true }
  | { late: true }
  | { silent: true }
  | { deferred: true };

export interface FakeSlackOptions {
  token?: string;
  /** Channels by id, with what is special about each. */
  channels?: Record<string, ChannelState>;
  /** What the token may do: chat:write and channels:history unless told. */
  scopes?: readonly string[];
  /** Holds callers to Slack's rates. */
  rates?: boolean;
  heedsClientIds?: boolean;
  now?: () => number;
}

type Route = (request: http.IncomingMessage, body: string, response: http.ServerResponse) => void;

/**
 * Slack's Web API on a loopback port, as far as Holdfast uses it, and as strict: tokens, scopes, channels, threads, rates, the
 * documented limits of messages and blocks. Errors are answered as Slack does, with status 200 and `ok: false`.
 */
export class FakeSlack {
  readonly token: string;
  readonly workspace: FakeWorkspace;
  readonly calls: FakeCall[] = [];
  /** For whoever adds to it: Socket Mode, addresses for answers. */
  readonly server = http.createServer((request, response) => void this.#serve(request, response));
  readonly #routes: { prefix: string; route: Route }[] = [];
  readonly #tiers: Tiers | undefined;
  readonly #deferred: FakeCall[] = [];
  #troubles: Trouble[] = [];
  #down = false;

  constructor(options: FakeSlackOptions = {}) {
    this.token = options.token ?? 'xoxb-fake-token';
    this.#tiers = options.rates === true ? new Tiers() : undefined;
    this.workspace = {
      channels: options.channels ?? { C0ALERTS: 'member' },
      scopes: new Set(options.scopes ?? ['chat:write', 'channels:history']),
      messages: new Map(),
      ephemerals: [],
      history: [],
      clientIds: new Map(),
      heedsClientIds: options.heedsClientIds === true,
      now: options.now ?? (() => Date.now()),
      sent: 0,
    };
  }

  static async start(options: FakeSlackOptions = {}): Promise<FakeSlack> {
    const slack = new FakeSlack(options);
    await new Promise<void>(resolve => slack.server.listen(0, '127.0.0.1', resolve));
    return slack;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** For the client's `slackApiUrl`. */
  get url(): string {
    return `${this.origin}/api/`;
  }

  /** What people see now, in the order in which it was posted, without what stands in threads. */
  get messages(): FakeMessage[] {
    return [...this.workspace.messages.values()].filter(one => one.thread === undefined);
  }

  get ephemerals(): readonly FakeEphemeral[] {
    return this.workspace.ephemerals;
  }

  /** What stands below a message. */
  thread(ts: string): FakeMessage[] {
    return [...this.workspace.messages.values()].filter(one => one.thread === ts);
  }

  /** Answers requests to paths that begin like this. */
  route(prefix: string, route: Route): void {
    this.#routes.push({ prefix, route });
  }

  /** The next calls go wrong like this, one after the other. */
  trouble(...troubles: Trouble[]): void {
    this.#troubles.push(...troubles);
  }

  /** Nothing goes wrong that was still to. */
  calm(): void {
    this.#troubles.length = 0;
  }

  /** Every call goes wrong until this is taken back. */
  set down(down: boolean) {
    this.#down = down;
  }

  /** Carries out what was deferred. */
  deliver(): void {
    for (const call of this.#deferred.splice(0)) this.#answer(call, this.token);
  }

  /** Removes a message with its thread, as a person may do. */
  remove(ts: string): void {
    for (const { ts: below } of this.thread(ts)) this.workspace.messages.delete(below);
    this.workspace.messages.delete(ts);
  }

  /** A call without a connection: what would come back, or a broken connection as an error. */
  fetch = async (url: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers);
    const body = String(init.body ?? '');
    const args = argumentsOf(headers.get('content-type') ?? '', body);
    const method = new URL(String(url)).pathname.replace(/^\/api\//, '');
    const result = this.#call(method, args, bearerOf(headers.get('authorization')));
    if (result === 'nothing') return new Promise<never>(() => undefined);
    if (result === 'broken') throw new TypeError('fetch failed', { cause: new Error('socket hang up') });
    return new Response(result.body, { status: result.status, headers: result.headers });
  };

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise(resolve => this.server.close(resolve));
  }

  async #serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('utf8');
    const path = request.url ?? '';
    const routed = this.#routes.find(({ prefix }) => path.startsWith(prefix));
    if (routed !== undefined) {
      routed.route(request, body, response);
      return;
    }
    const args = argumentsOf(String(request.headers['content-type']), body);
    const method = path.replace(/^\/api\//, '');
    const result = this.#call(method, args, bearerOf(request.headers.authorization));
    if (result === 'nothing') return;
    if (result === 'broken') response.destroy();
    else response.writeHead(result.status, result.headers).end(result.body);
  }

  #call(
    method: string,
    args: Record<string, string>,
    bearer: string | undefined,
  ): { status: number; headers: Record<string, string>; body: string } | 'nothing' | 'broken' {
    const call: FakeCall = { method, arguments: args, answer: '' };
    this.calls.push(call);
    const trouble = this.#down ? { status: 503 } : this.#troubles.shift();
    if (trouble !== undefined) call.answer = Object.entries(trouble).join(' ').replace(',', ' ');
    if (trouble !== undefined && 'status' in trouble)
      return { status: trouble.status, headers: {}, body: 'upstream error' };
    if (trouble !== undefined && 'hang' in trouble) return 'nothing';
    if (trouble !== undefined && 'deferred' in trouble) {
      this.#deferred.push(call);
      return 'nothing';
    }
    const limit =
      trouble !== undefined && 'rateLimited' in trouble
        ? trouble.rateLimited
        : this.#tiers?.retryAfter(method, args['channel'] ?? '', this.workspace.now());
    if (limit !== undefined) {
      call.answer = `rateLimited ${limit}`;
      return {
        status: 429,
        headers: { 'retry-after': String(limit) },
        body: JSON.stringify(refusal('ratelimited')),
      };
    }
    const answer =
      trouble !== undefined && 'error' in trouble
        ? refusal(trouble.error)
        : this.#answer(call, bearer ?? args['token']);
    if (trouble === undefined || !('error' in trouble))
      call.answer = answer['ok'] === true ? 'ok' : String(answer['error']);
    if (trouble !== undefined && 'late' in trouble) return 'broken';
    if (trouble !== undefined && 'silent' in trouble) return 'nothing';
    return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(answer) };
  }

  #answer({ method, arguments: args }: FakeCall, token: string | undefined): Answer {
    if (token === undefined) return refusal('not_authed');
    if (token !== this.token) return refusal('invalid_auth');
    const known = Object.hasOwn(methods, method) ? methods[method] : undefined;
    return known === undefined ? refusal('unknown_method') : known(this.workspace, args);
  }
}

function bearerOf(header: string | null | undefined): string | undefined {
  return /^Bearer (.+)$/.exec(header ?? '')?.[1];
}

function argumentsOf(contentType: string, body: string): Record<string, string> {
  if (!contentType.includes('json')) return Object.fromEntries(new URLSearchParams(body));
  const json = JSON.parse(body) as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(json).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
}
