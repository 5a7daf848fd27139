import type { Logger } from 'pino';
import type { FailureCode } from '../../failure/codes.ts';
import { Failure } from '../../failure/failure.ts';
import { asking } from '../../telemetry/requests.ts';
import { errorMessage, readBody } from './body.ts';
import { EtagCache } from './etags.ts';
import { pauseOf, SlowDown } from './slow-down.ts';
import { type Clean, createClean } from './words.ts';

/** A 200, or an error status that the caller said it understands. The text is not yet checked. */
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
}

export interface RequesterOptions {
  /** The root of the API, without a trailing slash. */
  root: string;
  /** Of every request; asked for each, since a token may be renewed. Where that fails, the request fails so. */
  headers: Record<string, string> | (() => Promise<Record<string, string>>);
  secrets: readonly string[] | (() => readonly string[]);
  /** Told when the forge refuses the token, so that a new one can be had. */
  onRefused?: () => void;
  /** For one request with its whole body, in milliseconds. */
  timeoutMs?: number;
  /** Of one answer, in bytes. */
  maxBytes?: number;
  now?: () => Date;
  log?: Pick<Logger, 'debug'>;
}

/** The one way to read from a forge: GET only, so that nothing that is given this can change it. */
export interface Requester {
  /**
   * Asks for a path under the root, or an absolute address of the same origin. Statuses other than 200 and those in
   * `understood` are Failures: HF1401 (no answer, 5xx), HF1402 (401, 403), HF1403 (redirect, 404), HF1404 (rate limit),
   * HF1405 (all else). Redirects are never followed: the token goes to the configured origin alone.
   */
  get(path: string, understood?: readonly number[]): Promise<Answer>;
  readonly clean: Clean;
  /** As it was given. */
  readonly root: string;
}

/** A requester that may also change something. */
export interface WritingRequester extends Requester {
  /**
   * Sends JSON once and never again by itself: after HF1401 the caller must look whether it was done. Every 2xx is an answer;
   * other statuses mean what they mean for `get`.
   */
  send(
    method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body: unknown,
    understood?: readonly number[],
  ): Promise<Answer>;
}

const defaults = { timeoutMs: 10_000, maxBytes: 20 * 1024 * 1024, cacheCharacters: 16 * 1024 * 1024 };

export function createRequester(options: RequesterOptions): WritingRequester {
  const { root, log } = options;
  const now = options.now ?? (() => new Date());
  const clean = createClean(options.secrets);
  const cache = new EtagCache(defaults.cacheCharacters);
  let pausedUntil = new Date(0);
  let strikes = 0;

  async function ask(
    address: string,
    subject: string,
    request: { method?: string; headers?: Record<string, string>; body?: string } = {},
  ): Promise<Answer> {
    const own = typeof options.headers === 'function' ? await options.headers() : options.headers;
    try {
      const { method = 'GET' } = request;
      const send = () =>
        fetch(address, {
          ...request,
          headers: { ...own, ...request.headers },
          redirect: 'manual',
          signal: AbortSignal.timeout(options.timeoutMs ?? defaults.timeoutMs),
        });
      const response = await asking({ service: 'forge', method }, send, ({ status }) => status);
      const text = await readBody(response, options.maxBytes ?? defaults.maxBytes);
      return { status: response.status, headers: response.headers, text };
    } catch (thrown) {
      if (thrown instanceof Failure) throw thrown;
      throw new Failure('HF1401', `the forge did not answer: ${clean(networkWords(thrown))}`, {
        where: { subject },
      });
    }
  }

  function slowDown(until: Date): SlowDown {
    if (now() >= pausedUntil) strikes += 1;
    if (until > pausedUntil) pausedUntil = until;
    return new SlowDown('the forge limits requests', pausedUntil);
  }

  function refusal(answer: Answer, subject: string): Failure {
    const { status, headers, text } = answer;
    const said = errorMessage(text, clean);
    if (status === 401) options.onRefused?.();
    const limited = status === 403 || status === 429 ? pauseOf(status, headers, said, now(), strikes) : null;
    if (limited !== null) return slowDown(limited);
    const target = clean(headers.get('location') ?? 'an unnamed place');
    const [code, what] = meaningOf(status, target);
    const words = said === '' ? `status ${status}` : `status ${status}, ${said}`;
    return new Failure(code, `${what}: ${words}`, { where: { subject } });
  }

  return {
    clean,
    root,
    async get(path, understood = []) {
      const address = sameOrigin(root, path, clean);
      const subject = clean(`GET ${address.slice(new URL(address).origin.length)}`);
      if (now() < pausedUntil) throw new SlowDown('the forge limits requests', pausedUntil);
      const kept = cache.find(address);
      const answer = await ask(address, subject, kept && { headers: { 'if-none-match': kept.tag } });
      log?.debug({ subject, status: answer.status }, 'asked the forge');
      if (answer.status === 304 && kept !== undefined) return kept.answer;
      if (answer.status !== 200 && !understood.includes(answer.status)) throw refusal(answer, subject);
      strikes = 0;
      if (answer.status === 200) cache.keep(address, answer);
      return answer;
    },

    async send(method, path, body, understood = []) {
      const address = sameOrigin(root, path, clean);
      const subject = clean(`${method} ${address.slice(new URL(address).origin.length)}`);
      if (now() < pausedUntil) throw new SlowDown('the forge limits requests', pausedUntil);
      const json = { 'content-type': 'application/json' };
      const answer = await ask(address, subject, { method, headers: json, body: JSON.stringify(body) });
      log?.debug({ subject, status: answer.status }, 'asked the forge');
      const done = answer.status >= 200 && answer.status < 300;
      if (!done && !understood.includes(answer.status)) throw refusal(answer, subject);
      strikes = 0;
      return answer;
    },
  };
}

function meaningOf(status: number, target: string): [FailureCode, string] {
  if (status === 401) return ['HF1402', 'the forge refused the token'];
  if (status === 403 || status === 429) return ['HF1402', 'the token may not do this'];
  if (status === 404) return ['HF1403', 'the forge does not know it'];
  if (status === 304) return ['HF1405', 'the forge confirmed what was not asked for'];
  if (status >= 300 && status < 400) return ['HF1403', `it was moved to ${target}`];
  if (status >= 500) return ['HF1401', 'the forge failed'];
  return ['HF1405', 'the forge answered what its API does not'];
}

function sameOrigin(root: string, path: string, clean: Clean): string {
  if (path.startsWith('/')) return root + path;
  if (URL.canParse(path) && new URL(path).origin === new URL(root).origin) return path;
  throw new Failure('HF1405', `the forge named another place to go on reading: ${clean(path)}`);
}

function networkWords(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  if (thrown.name === 'TimeoutError') return 'no complete answer in time';
  const cause = thrown.cause;
  if (cause instanceof Error) {
    const code = 'code' in cause && typeof cause.code === 'string' ? `${cause.code} ` : '';
    return `${code}${cause.message}`;
  }
  return thrown.message;
}
