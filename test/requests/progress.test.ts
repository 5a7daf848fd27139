import { expect, it } from 'vitest';
import { say } from '../../src/incidents/say.ts';
import { answersBy } from '../../src/requests/progress.ts';

const line = (text: string) => [{ pieces: say`${text}` }];

function sink() {
  const bodies: Record<string, unknown>[] = [];
  const failures: unknown[] = [];
  let now = 0;
  const progress = (replaces: boolean) =>
    answersBy({
      send: async body => void bodies.push(body as Record<string, unknown>),
      replaces,
      onFailure: error => failures.push(error),
      now: () => now,
    });
  const pass = (ms: number) => {
    now += ms;
  };
  return { bodies, failures, progress, pass };
}

it('never takes more than five answers, and the last of them is the end', async () => {
  const { bodies, progress } = sink();
  const answers = progress(true);
  for (let step = 0; step < 20; step++) {
    answers.say(line(`step ${step}`));
    await Promise.resolve();
    await Promise.resolve();
    await Promise.resolve();
  }
  await answers.end(line('the end'));
  expect(bodies).toHaveLength(5);
  expect(JSON.stringify(bodies.at(-1))).toContain('the end');
  expect(
    bodies.every(body => body['replace_original'] === true && body['response_type'] === 'ephemeral'),
  ).toBe(true);
});

it('never replaces the message that a button stands in', async () => {
  const { bodies, progress } = sink();
  const answers = progress(false);
  answers.say(line('meanwhile'));
  await answers.end(line('the end'));
  expect(bodies).toMatchObject([{ replace_original: false, response_type: 'ephemeral' }]);
});

it('says nothing after half an hour', async () => {
  const { bodies, failures, progress, pass } = sink();
  const answers = progress(true);
  pass(1_800_001);
  await answers.end(line('the end'));
  expect(bodies).toEqual([]);
  expect(failures).toHaveLength(1);
});
