import { afterEach, describe, expect, it } from 'vitest';
import { type Answered, asking, onAnswered } from '../../src/telemetry/requests.ts';

let stop: () => void = () => undefined;
afterEach(() => stop());

function hearing(): Omit<Answered, 'beganMs' | 'ms'>[] {
  const heard: Omit<Answered, 'beganMs' | 'ms'>[] = [];
  stop = onAnswered(({ beganMs: _beganMs, ms: _ms, ...rest }) => heard.push(rest));
  return heard;
}

describe('a request to another service', () => {
  it('is published with the status of its answer', async () => {
    const heard = hearing();
    const answer = await asking(
      { service: 'forge', method: 'GET' },
      async () => ({ status: 404 }),
      ({ status }) => status,
    );

    expect(answer).toEqual({ status: 404 });
    expect(heard).toEqual([{ service: 'forge', method: 'GET', code: '404' }]);
  });

  it.each([
    ['kubernetes', 'none'],
    ['git', 'failed'],
  ] as const)(
    'of %s that gets no answer is published as %s, and what was thrown is thrown on',
    async (service, code) => {
      const heard = hearing();
      const gone = new Error('gone');

      await expect(
        asking(
          { service },
          () => Promise.reject(gone),
          () => 'ok',
        ),
      ).rejects.toBe(gone);
      expect(heard).toEqual([{ service, code }]);
    },
  );
});
