import { describe, expect, it } from 'vitest';
import { together } from '../../src/daemon/together.ts';

/** Ends when it is told to, and says so. */
const patient = (ended: string[], name: string) => (signal: AbortSignal) =>
  new Promise<void>(resolve => {
    signal.addEventListener('abort', () => {
      ended.push(name);
      resolve();
    });
  });

describe('tasks that run together', () => {
  it('end with the signal', async () => {
    const ended: string[] = [];
    const stop = new AbortController();
    const running = together(stop.signal, [patient(ended, 'one'), () => undefined, patient(ended, 'two')]);
    stop.abort();
    await running;
    expect(ended).toEqual(['one', 'two']);
  });

  it.each([
    ['rejects', () => Promise.reject(new Error('broken'))],
    [
      'throws',
      () => {
        throw new Error('broken');
      },
    ],
  ])('are all stopped when one %s, which is told when they have ended', async (_how, broken) => {
    const ended: string[] = [];
    const running = together(new AbortController().signal, [patient(ended, 'one'), broken]);
    await expect(running).rejects.toThrow('broken');
    expect(ended).toEqual(['one']);
  });
});
