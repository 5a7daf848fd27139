import { Hono } from 'hono';
import { Once } from '../alerts/slack/inbound/once.ts';
import { type Asked, askedByButton, askedByCommand } from '../alerts/slack/inbound/payload.ts';
import { judgeSignature } from '../alerts/slack/inbound/signature.ts';
import type { FailureCode } from '../failure/codes.ts';
import { Failure } from '../failure/failure.ts';

export interface SlackEndpoint {
  signingSecret: string;
  /** Takes what was asked, and gives what Slack is to show at once; must not wait for anything slow. */
  take: (asked: Asked) => unknown;
  /** Hears of each request that is turned away; the failure holds nothing of its body. */
  onRefused: (failure: Failure) => void;
  now?: () => Date;
  /** In bytes; a press carries the whole message with its buttons. */
  limit?: number;
}

/** Where Slack sends commands and presses to, when it does so over HTTP. What Slack did not sign just now gets no word of an answer. */
export function slackRequests(endpoint: SlackEndpoint): Hono {
  const { signingSecret, take, onRefused, now = () => new Date(), limit = 262_144 } = endpoint;
  const once = new Once(() => now().getTime());
  const app = new Hono();

  const refuse = (status: number, code: FailureCode, what: string): Response => {
    onRefused(new Failure(code, what));
    return new Response(null, { status });
  };

  app.post('/slack/requests', async context => {
    const body = await bodyOf(context.req.raw, limit);
    if (body === undefined) return refuse(413, 'HF1749', `a request has more than ${limit} bytes`);
    const signature = context.req.header('x-slack-signature');
    const timestamp = context.req.header('x-slack-request-timestamp');
    switch (judgeSignature({ signature, timestamp, body }, signingSecret, now())) {
      case 'unsigned':
        return refuse(401, 'HF1746', 'a request carries no signature');
      case 'forged':
        return refuse(401, 'HF1746', 'a request carries a wrong signature');
      case 'stale':
        return refuse(401, 'HF1747', 'a request was signed more than five minutes ago');
      case 'future':
        return refuse(401, 'HF1747', 'a request was signed more than five minutes ahead of our clock');
      case 'ours':
    }
    const asked = read(body.toString('utf8'));
    const keys = [`signature ${signature}`];
    if (asked !== undefined && asked !== 'check' && asked.trigger !== undefined)
      keys.push(`trigger ${asked.trigger}`);
    if (!once.first(keys)) return refuse(401, 'HF1748', 'a request came a second time');
    if (asked === 'check') return new Response(null, { status: 200 });
    if (asked === undefined)
      return refuse(400, 'HF1750', 'a signed request is none of those that are understood');
    const answer = take(asked);
    return answer === undefined ? new Response(null, { status: 200 }) : context.json(answer as object);
  });
  return app;
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
async function bodyOf(request: Request, limit: number): Promise<Buffer | undefined> {
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
