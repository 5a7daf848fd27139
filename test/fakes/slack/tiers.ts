import { perMinute } from './methods.ts';

/** Slack's rates: about one message a second in a channel, with a burst of a few; tiers by the minute for other methods. */
export class Tiers {
  readonly #calls = new Map<string, number[]>();

  /** The seconds of Retry-After for a call that comes too soon; undefined for one that may pass. */
  retryAfter(method: string, channel: string, nowMs: number): number | undefined {
    const posts = method === 'chat.postMessage' || method === 'chat.postEphemeral';
    const name = posts ? `post ${channel}` : method;
    const { most, withinMs } = posts
      ? { most: 3, withinMs: 3_000 }
      : { most: perMinute[method], withinMs: 60_000 };
    if (most === undefined) return undefined;
    const recent = (this.#calls.get(name) ?? []).filter(at => nowMs - at < withinMs);
    if (recent.length >= most)
      return Math.max(1, Math.ceil(((recent[0] ?? nowMs) + withinMs - nowMs) / 1000));
    this.#calls.set(name, [...recent, nowMs]);
    return undefined;
  }
}
