import { channel } from 'node:diagnostics_channel';

/** Whom Holdfast asks, or tells. */
export type Service = 'kubernetes' | 'git' | 'forge' | 'slack' | 'aws' | 'receiver';

/** What is asked, in words that hold no secret: no header, no body, no query. */
export interface Call {
  service: Service;
  method?: string;
  path?: string;
  /** A request of the API server that changes nothing. */
  dryRun?: boolean;
}

/** A request that came to its end. */
export interface Answered extends Call {
  /** The status of HTTP; `ok` or `failed` where there is none; `none` when no answer came. */
  code: string;
  /** When it began, in milliseconds since 1970, and how long it took. */
  beganMs: number;
  ms: number;
}

/**
 * Every request to another service is published here where it is made, so that metrics and traces need no part of their own
 * in each of those places. Nobody listens outside of the daemon, and then it costs nothing.
 */
const answers = channel('holdfast:answered');

/** Sends, and publishes how it went. What is thrown is thrown on. */
export async function asking<T>(
  call: Call,
  send: () => Promise<T>,
  codeOf: (answer: T) => string | number,
): Promise<T> {
  if (!answers.hasSubscribers) return send();
  const [beganMs, began] = [Date.now(), performance.now()];
  const publish = (code: string | number) =>
    answers.publish({
      ...call,
      code: String(code),
      beganMs,
      ms: performance.now() - began,
    } satisfies Answered);
  try {
    const answer = await send();
    publish(codeOf(answer));
    return answer;
  } catch (error) {
    publish(call.service === 'git' ? 'failed' : 'none');
    throw error;
  }
}

/** Hears of every request, in the context in which it was made; returns what ends that. */
export function onAnswered(listener: (answered: Answered) => void): () => void {
  // only `asking` publishes
  const hear = (message: unknown) => listener(message as Answered);
  answers.subscribe(hear);
  return () => void answers.unsubscribe(hear);
}
