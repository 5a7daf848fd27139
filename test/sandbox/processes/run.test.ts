import { expect, it } from 'vitest';
import { runCommand } from '../../../sandbox/processes/run.ts';

it('what a command prints is kept apart, with its exit code', async () => {
  const result = await runCommand('/bin/sh', ['-c', 'cat; echo oops >&2; exit 3'], { stdin: 'given' });

  expect(result).toEqual({ stdout: 'given', stderr: 'oops\n', code: 3 });
});

it.each([
  ['fails without a word', '/bin/sh', ['-c', 'exit 1', 'password'], { stdout: '', stderr: '', code: 1 }],
  [
    'does not exist',
    '/proc/nowhere',
    ['password'],
    { stdout: '', stderr: 'cannot run /proc/nowhere: ENOENT', code: 127 },
  ],
  [
    'does not end',
    '/bin/sh',
    ['-c', 'exec sleep 1000', 'password'],
    { stdout: '', stderr: '/bin/sh did not end in time', code: 124 },
  ],
])('a command that %s never has its arguments repeated', async (_, program, args, expected) => {
  expect(await runCommand(program, args, { timeoutMs: 300 })).toEqual(expected);
});

it('a command that ends before it has read its input is no error', async () => {
  expect((await runCommand('/bin/sh', ['-c', 'exit 0'], { stdin: 'x'.repeat(1_000_000) })).code).toBe(0);
});
