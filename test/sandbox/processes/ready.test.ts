import { expect, it, onTestFinished } from 'vitest';
import { groupRuns } from '../../../sandbox/processes/groups.ts';
import { PortTaken } from '../../../sandbox/processes/ports.ts';
import { untilReady } from '../../../sandbox/processes/ready.ts';
import { openWorkplace } from '../../../sandbox/processes/workplace.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

function start(script: string) {
  const workplace = openWorkplace('a', temporaryFolder());
  onTestFinished(() => workplace.close());
  return workplace.start('part', '/bin/sh', ['-c', script]);
}

it('resolves when the part answers', async () => {
  const part = start('exec sleep 1000');
  let asked = 0;

  await untilReady(part, async () => ++asked === 3);

  expect(asked).toBe(3);
  expect(part.running()).toBe(true);
});

it('a part that ends before is told with its last words', async () => {
  const part = start('echo "no such flag: --wrong"; exit 1');

  const ready = untilReady(part, async () => false);

  await expect(ready).rejects.toThrow(/part ended before it was ready:\nno such flag: --wrong/);
});

it('a part whose port is taken says so in a way that is tried again', async () => {
  const part = start('echo "listen tcp 127.0.0.1:1: bind: address already in use"; exit 1');

  await expect(untilReady(part, async () => false)).rejects.toBeInstanceOf(PortTaken);
});

it('an answer by another process, ours having ended, is no answer', async () => {
  const part = start('echo "bind: address already in use"; exit 1');
  await part.ended;

  await expect(untilReady(part, async () => true)).rejects.toBeInstanceOf(PortTaken);
});

it('a part that never answers is killed', async () => {
  const part = start('exec sleep 1000');

  await expect(untilReady(part, () => Promise.reject(new Error('refused')), 100)).rejects.toThrow(
    'was not ready in 0.1 s',
  );

  expect(groupRuns(part.pid)).toBe(false);
});
