import { slackLines } from '../alerts/slack/blocks.ts';
import type { Line } from '../incidents/say.ts';

/** Slack takes five answers to one use, within half an hour. */
const mostAnswers = 5;
const lastsMs = 1_800_000;

/** Shows one answer that changes as the work goes on, to who asked alone. */
export interface Progress {
  /** Shows how it stands; left out where answers are running short. */
  say(lines: readonly Line[]): void;
  /** Shows the end. Resolves when it was sent, or could not be. */
  end(lines: readonly Line[]): Promise<void>;
}

export interface ProgressOptions {
  /** Sends a body to the response_url; throws when it was not taken. */
  send: (body: object) => Promise<void>;
  /** Replaces what the acknowledgement showed. Never for a button: what would be replaced is the message that it stands in. */
  replaces: boolean;
  onFailure: (error: unknown) => void;
  now?: () => number;
}

/** Answers over a response_url: one after the other, the last of five kept for the end. */
export function answersBy(options: ProgressOptions): Progress {
  const { send, replaces, onFailure, now = Date.now } = options;
  const began = now();
  let used = 0;
  let sending = Promise.resolve();
  let next: readonly Line[] | undefined;

  const show = async (lines: readonly Line[]) => {
    used += 1;
    const body = { response_type: 'ephemeral', replace_original: replaces, ...slackLines(lines) };
    await send(body).catch(onFailure);
  };
  const flush = async () => {
    const lines = next;
    next = undefined;
    if (lines === undefined || used >= mostAnswers - 1 || now() - began > lastsMs) return;
    await show(lines);
  };

  return {
    say(lines) {
      if (!replaces) return;
      const waits = next !== undefined;
      next = lines;
      // of several that come while one is sent the newest is shown
      if (!waits) sending = sending.then(flush);
    },
    async end(lines) {
      next = undefined;
      await sending;
      if (now() - began <= lastsMs && used < mostAnswers) await show(lines);
      else onFailure(new Error('the time for an answer was over'));
    },
  };
}
