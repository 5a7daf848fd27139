import { isIP } from 'node:net';
import type { Cluster } from '../cluster/cluster.ts';
import { leaseAnnotations } from '../converge/lease.ts';
import type { Relay } from '../web/slack.ts';
import { addressKey, observerLease } from './leading.ts';

export interface RelayingParts {
  cluster: Cluster;
  namespace: string;
  /** Whether this process tells: then nothing is passed on. */
  leading(): boolean;
  fetch?: typeof fetch;
}

/** Slack waits three seconds in all. */
const answerWithinMs = 2_200;
const mostAnswer = 65_536;

/** Passes what Slack asks on to the observer that tells, as it was signed: that one judges the signature anew. */
export function relaying(parts: RelayingParts): Relay {
  const { cluster, namespace, leading, fetch: send = fetch } = parts;
  return async (body, headers) => {
    if (leading()) return undefined;
    const signal = AbortSignal.timeout(answerWithinMs);
    const lease = { cluster, namespace, name: observerLease };
    const address = addressOf(
      await leaseAnnotations(lease, signal).then(
        annotations => annotations[addressKey],
        () => undefined,
      ),
    );
    if (address === undefined) return undefined;
    try {
      const url = new URL('/slack/requests', address);
      const init = { method: 'POST', body, headers, signal, redirect: 'error' } as const;
      const answer = await send(url, init);
      return { status: answer.status, text: await textOf(answer) };
    } catch {
      // it may have arrived: nobody else carries it out as well
      return 'lost';
    }
  };
}

/** An address by number, with a port and nothing else: the annotation is text that others could write. */
function addressOf(text: string | undefined): URL | undefined {
  if (text === undefined || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const bare =
    url.pathname === '/' &&
    url.search === '' &&
    url.hash === '' &&
    url.username === '' &&
    url.password === '';
  return url.protocol === 'http:' && url.port !== '' && isIP(host) !== 0 && bare ? url : undefined;
}

async function textOf(answer: Response): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of answer.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (text.length > mostAnswer) throw new Error('more than an answer has');
  }
  return text;
}
