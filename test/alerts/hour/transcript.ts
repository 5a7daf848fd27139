import type { FakeEvent } from '../../fakes/slack/state.ts';

/** What people saw happen, as lines: when, where, whether a message was posted or edited, and all of its text. */
export function transcript(history: readonly FakeEvent[]): string {
  const numbers = new Map<string, number>();
  const lines = history.flatMap(({ at, what, message }) => {
    if (!numbers.has(message.ts)) numbers.set(message.ts, numbers.size + 1);
    const number = numbers.get(message.ts);
    const below = message.thread === undefined ? '' : ` below ${numbers.get(message.thread)}`;
    const time = new Date(at).toISOString().slice(11, 19);
    return [
      `${time} ${message.channel} ${what} ${number}${below}`,
      `  "${message.text}"`,
      ...message.blocks.flatMap(block => textsOf(block)).map(line => `  | ${line}`),
      '',
    ];
  });
  return lines.join('\n');
}

function textsOf(block: unknown): string[] {
  const { type, text } = block as { type: string; text?: { text: string } };
  return text === undefined ? [`(${type})`] : text.text.split('\n');
}
