import type http from 'node:http';
import type https from 'node:https';
import { createRequire } from 'node:module';
import type { Readable } from 'node:stream';
import { Failure } from '../failure/failure.ts';
import { asking } from '../telemetry/requests.ts';
import { type Config, loadKubeConfig } from './kubeconfig.ts';

// importing them evaluates all that they export, WebSocket and fetch among it, which costs as much as a whole comparison of 500
const require = createRequire(import.meta.url);
const { Agent, request: requestHttp } = require('node:http') as typeof http;
const { Agent: SecureAgent, request: requestHttps } = require('node:https') as typeof https;

export interface ApiRequest {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path with an absolute slash: `/api/v1/namespaces`. Parts from outside must be encoded by the caller. */
  path: string;
  query?: Record<string, string | number | boolean | undefined>;
  body?: unknown;
  contentType?: string;
  accept?: string;
  signal?: AbortSignal | undefined;
  /** From the request to the last byte; 30 s unless told. */
  timeoutMs?: number;
}

export interface ApiResponse {
  status: number;
  headers: http.IncomingHttpHeaders;
  /** Parsed JSON where the server sent JSON, else the text. Not validated: pass it through a schema. */
  body: unknown;
}

/**
 * The API server over raw JSON: the typed client drops unknown fields and rewrites dates, so only its configuration,
 * authentication and TLS are used. Connections are kept alive and bounded.
 */
export class Connection {
  readonly server: string;
  /** The namespace of the context, or `default`. */
  readonly namespace: string;
  readonly #config: Config;
  readonly #base: URL;
  #agent: http.Agent | https.Agent | undefined;
  /** Watches hold their connections for minutes: they have their own, and no bound. */
  #watchAgent: http.Agent | https.Agent | undefined;

  constructor(config: Config) {
    this.#config = config;
    this.server = config.server;
    this.namespace = config.namespace;
    this.#base = new URL(config.server);
  }

  /** Reads the kubeconfig as kubectl does. Throws HF1304. */
  static async open(
    options: { kubeconfig?: string | undefined; context?: string | undefined } = {},
  ): Promise<Connection> {
    return new Connection(await loadKubeConfig(options));
  }

  /** Any HTTP status is an answer, except 401. Throws HF1301 when there is no answer, HF1302 on 401. */
  async request(request: ApiRequest): Promise<ApiResponse> {
    const response = await this.#send(request);
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of response) chunks.push(chunk as Buffer);
    } catch (error) {
      throw this.#unreachable(error);
    }
    const text = Buffer.concat(chunks).toString('utf8');
    return { status: this.#checked(response), headers: response.headers, body: parsed(text, response) };
  }

  /**
   * Streams an answer line by line (a watch). Resolves when the server ends it or the signal fires, with the status;
   * for a status other than 200 the body is given as one line. `onOpen` is called when the server has answered 200.
   */
  async lines(
    request: ApiRequest,
    onLine: (line: string) => void,
    onOpen: () => void = () => {},
  ): Promise<number> {
    const response = await this.#send({ timeoutMs: 0, ...request }, true);
    const status = this.#checked(response);
    if (status === 200) onOpen();
    let rest: Buffer[] = [];
    try {
      for await (const chunk of response as AsyncIterable<Buffer>) {
        let start = 0;
        for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
          rest.push(chunk.subarray(start, end));
          onLine(Buffer.concat(rest).toString('utf8'));
          rest = [];
          start = end + 1;
        }
        if (start < chunk.length) rest.push(chunk.subarray(start));
      }
    } catch (error) {
      if (request.signal?.aborted !== true) throw this.#unreachable(error);
    }
    if (rest.length > 0) onLine(Buffer.concat(rest).toString('utf8'));
    return status;
  }

  /**
   * Passes a request on as it came, with our credentials in place of its own, and gives the answer as it comes. For programs
   * that must reach the server without having credentials. Throws HF1301.
   */
  async forward(
    request: { method: string; path: string; headers: http.OutgoingHttpHeaders; body: Readable },
    signal: AbortSignal,
  ): Promise<http.IncomingMessage> {
    const options = await this.#config.requestOptions();
    this.#watchAgent ??= options.agent ?? this.#newAgent(options, Number.POSITIVE_INFINITY);
    const url = new URL(this.#base);
    const [path = '', query] = request.path.split(/\?(.*)/s);
    url.pathname = url.pathname.replace(/\/$/, '') + path;
    url.search = query ?? '';
    const send = url.protocol === 'https:' ? requestHttps : requestHttp;
    return new Promise((resolve, reject) => {
      const outgoing = send(url, {
        method: request.method,
        headers: { ...request.headers, ...options.headers },
        agent: this.#watchAgent,
        signal,
      });
      outgoing.on('response', resolve);
      outgoing.on('error', error => reject(this.#unreachable(error)));
      request.body.pipe(outgoing);
    });
  }

  close(): void {
    this.#agent?.destroy();
    this.#watchAgent?.destroy();
  }

  async #send(request: ApiRequest, watching = false): Promise<http.IncomingMessage> {
    const options = await this.#config.requestOptions();
    if (request.signal?.aborted === true) throw this.#unreachable(request.signal.reason);
    if (watching) this.#watchAgent ??= options.agent ?? this.#newAgent(options, Number.POSITIVE_INFINITY);
    else this.#agent ??= options.agent ?? this.#newAgent(options, 128);
    const agent = watching ? this.#watchAgent : this.#agent;
    const url = new URL(this.#base);
    url.pathname = url.pathname.replace(/\/$/, '') + request.path;
    for (const [key, value] of Object.entries(request.query ?? {})) {
      if (value !== undefined) url.searchParams.set(key, String(value));
    }
    const body = request.body === undefined ? undefined : Buffer.from(JSON.stringify(request.body));
    const headers: http.OutgoingHttpHeaders = {
      ...options.headers,
      accept: request.accept ?? 'application/json',
      'user-agent': 'holdfast',
      ...(body === undefined
        ? {}
        : { 'content-type': request.contentType ?? 'application/json', 'content-length': body.length }),
    };
    const timeoutMs = request.timeoutMs ?? 30_000;
    const signals = [request.signal, timeoutMs > 0 ? AbortSignal.timeout(timeoutMs) : undefined].filter(
      signal => signal !== undefined,
    );
    const signal = signals.length === 0 ? undefined : AbortSignal.any(signals);
    const send = url.protocol === 'https:' ? requestHttps : requestHttp;
    const { method = 'GET', path } = request;
    const dryRun = request.query?.['dryRun'] !== undefined;
    const sent = () =>
      new Promise<http.IncomingMessage>((resolve, reject) => {
        const outgoing = send(url, { method, headers, agent, ...(signal === undefined ? {} : { signal }) });
        outgoing.on('response', resolve);
        outgoing.on('error', error => reject(this.#unreachable(error)));
        outgoing.end(body);
      });
    return asking({ service: 'kubernetes', method, path, dryRun }, sent, ({ statusCode }) => statusCode ?? 0);
  }

  #newAgent(options: { tls: https.AgentOptions }, maxSockets: number): http.Agent | https.Agent {
    const pool = { keepAlive: true, maxSockets, maxFreeSockets: 64 };
    return this.#base.protocol === 'https:' ? new SecureAgent({ ...options.tls, ...pool }) : new Agent(pool);
  }

  #checked(response: http.IncomingMessage): number {
    const status = response.statusCode ?? 0;
    if (status === 401) {
      throw new Failure('HF1302', `the API server at ${this.server} does not accept the credentials (401)`);
    }
    return status;
  }

  #unreachable(error: unknown): Failure {
    const what =
      error instanceof Error
        ? error.message || (error as NodeJS.ErrnoException).code || error.name
        : String(error);
    return new Failure('HF1301', `cannot reach the API server at ${this.server}: ${what}`, { cause: error });
  }
}

function parsed(text: string, response: http.IncomingMessage): unknown {
  // the OpenAPI index is JSON sent as plain text
  if (!String(response.headers['content-type'] ?? '').includes('json') && !text.startsWith('{')) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
