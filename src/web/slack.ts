import { Hono } from 'hono';
import { Once } from '../alerts/slack/inbound/once.ts';
import { type Asked, askedByButton, askedByCommand } from '../alerts/slack/inbound/payload.ts';
import { judgeSignature } from '../alerts/slack/inbound/signature.ts';
import type { FailureCode } from '../failure/codes.ts';
import { Failure } from '../failure/failure.ts';

/**
 * Passes a request on to the process that can carry it out, with the headers that hold its signature. Undefined: nothing was sent, and this process is to take it;
 * `lost`: nobody knows whether it arrived.
 */
export type Relay = (
  body: Buffer<ArrayBuffer>,
  headers: Record<string, string>,
) => Promise<{ status: number; text: string } | 'lost' | undefined>;

/** Marks what was passed on: it is passed on once. */
const relayedHeader = 'x-holdfast-relayed';
const passing = { 'content-type': 'application/x-www-form-urlencoded', [relayedHeader]: '1' };

const unsigned: Record<'unsigned' | 'forged' | 'stale' | 'future', readonly [FailureCode, string]> = {
  unsigned: ['HF1746', 'a request carries no signature'],
  forged: ['HF1746', 'a request carries a wrong signature'],
  stale: ['HF1747', 'a request was signed more than five minutes ago'],
  future: ['HF1747', 'a request was signed more than five minutes ahead of our clock'],
};

export interface SlackEndpoint {
  signingSecret: string;
  /** Takes what was asked, and gives what Slack is to show at once; must not wait for anything slow. */
  take: (asked: Asked) => unknown;
  /** Where another process may be the one that carries things out. */
  relay?: Relay | undefined;
  /** Hears of each request that is turned away; the failure holds nothing of its body. */
  onRefused: (failure: Failure) => void;
  now?: () => Date;
  /** In bytes; a press carries the whole message with its buttons. */
  limit?: number;
}

/** Where Slack sends commands and presses to, when it does so over HTTP. What Slack did not sign just now gets no word of an answer. */
export function slackRequests(endpoint: SlackEndpoint): Hono {
  const { signingSecret, take, relay, onRefused, now = () => new Date(), limit = 262_144 } = endpoint;
  const once = new Once(() => now().getTime());
  const app = new Hono();

  const refuse = (status: number, code: FailureCode, what: string): Response => {
    onRefused(new Failure(code, what));
    return new Response(null, { status });
  };

  /** What is asked for, or why not. */
  const admitted = (body: Buffer, signature: string | undefined, timestamp: string | undefined) => {
    const judged = judgeSignature({ signature, timestamp, body }, signingSecret, now());
    if (judged !== 'ours') return refuse(401, ...unsigned[judged]);
    const asked = read(body.toString('utf8'));
    if (!once.first(keysOf(signature, asked))) return refuse(401, 'HF1748', 'a request came a second time');
    if (asked === 'check') return new Response(null, { status: 200 });
    return asked ?? refuse(400, 'HF1750', 'a signed request is none of those that are understood');
  };

  const passOn = async (asked: Asked, body: Buffer<ArrayBuffer>, signed: Record<string, string>) => {
    const passed = await relay?.(body, { ...signed, ...passing });
    if (passed !== 'lost') return passed === undefined ? undefined : passedOn(passed);
    onRefused(new Failure('HF1755', 'the observer that tells does not answer'));
    // a press is answered here: by who does not tell it is not carried out
    return asked.kind === 'command' ? Response.json(askAgain()) : undefined;
  };

  app.post('/slack/requests', async context => {
    const body = await bodyOf(context.req.raw, limit);
    if (body === undefined) return refuse(413, 'HF1749', `a request has more than ${limit} bytes`);
    const signature = context.req.header('x-slack-signature');
    const timestamp = context.req.header('x-slack-request-timestamp');
    const asked = admitted(body, signature, timestamp);
    if (asked instanceof Response) return asked;
    if (context.req.header(relayedHeader) === undefined) {
      const signed = { 'x-slack-signature': signature ?? '', 'x-slack-request-timestamp': timestamp ?? '' };
      const passed = await passOn(asked, body, signed);
      if (passed !== undefined) return passed;
    }
    const answer = take(asked);
    return answer === undefined ? new Response(null, { status: 200 }) : context.json(answer as object);
  });
  return app;
}

/** What the person is told who used the command. */
function askAgain(): object {
  const { code, message, advice } = new Failure('HF1755', 'the observer that tells does not answer');
  return { response_type: 'ephemeral', text: `${code} ${message}. ${advice}` };
}

/** Of another's answer only what Slack understands. */
function passedOn({ status, text }: { status: number; text: string }): Response {
  if (status !== 200) return new Response(null, { status: status >= 400 && status < 600 ? status : 502 });
  if (text === '') return new Response(null, { status });
  return new Response(text, { headers: { 'content-type': 'application/json' } });
}

/** What is the same in a request that is sent again. */
function keysOf(signature: string | undefined, asked: Asked | 'check' | undefined): string[] {
  const trigger = asked === undefined || asked === 'check' ? undefined : asked.trigger;
  return [`signature ${signature}`, ...(trigger === undefined ? [] : [`trigger ${trigger}`])];
}

/** Slack tests from time to time whether a certificate is well, with `ssl_check`. */
function read(body: string): Asked | 'check' | undefined {
  const fields = Object.fromEntries(new URLSearchParams(body));
  if (fields['ssl_check'] === '1') return 'check';
  if (fields['payload'] === undefined) return askedByCommand(fields);
  try {
    return askedByButton(JSON.parse(fields['payload']));
  } catch {
    return undefined;
  }
}

/** Read up to the limit and no further. */
async function bodyOf(request: Request, limit: number): Promise<Buffer<ArrayBuffer> | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of request.body ?? []) {
      size += chunk.byteLength;
      if (size > limit) return undefined;
      chunks.push(chunk);
    }
  } catch {
    return Buffer.alloc(0);
  }
  return Buffer.concat(chunks);
}
