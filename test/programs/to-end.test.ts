import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { type RunOptions, runToEnd } from '../../src/programs/to-end.ts';

function run(script: string, more: Partial<RunOptions> = {}) {
  const output = mkdtempSync(join(tmpdir(), 'holdfast-to-end-'));
  onTestFinished(() => rmSync(output, { recursive: true, force: true }));
  const ended = runToEnd({
    program: '/bin/sh',
    args: ['-c', script],
    folder: output,
    environment: {},
    output,
    timeMs: 10_000,
    ...more,
  });
  return { ended, output };
}

it('gives what it printed, its exit code, and each line once', async () => {
  const lines: string[] = [];
  const { ended } = run('echo ä; printf b; echo c; echo trouble >&2; exit 3', {
    onLine: line => void lines.push(line),
  });
  expect(await ended).toEqual({ by: 'itself', exitCode: 3, stdout: 'ä\nbc\n', stderr: 'trouble\n' });
  expect(lines).toEqual(['ä', 'bc']);
});

it('is asked once to end by SIGINT, and waited for', async () => {
  const ending = new AbortController();
  const script =
    'trap "echo asked; sleep 0.3; echo done; exit 1" INT; echo ready; while :; do sleep 0.05; done';
  const { ended } = run(script, {
    signal: ending.signal,
    onLine: line => line === 'ready' && ending.abort(),
  });
  expect(await ended).toMatchObject({ by: 'signal', exitCode: 1, stdout: 'ready\nasked\ndone\n' });
});

it('is asked to end when its time is over, and killed with what it started after the grace', async () => {
  const { ended } = run('trap "" INT; sleep 30 & while :; do sleep 0.05; done', {
    timeMs: 100,
    graceMs: 100,
  });
  expect(await ended).toMatchObject({ by: 'time', exitCode: null });
});

it('writes down its number, so that it is known after our death', async () => {
  const { ended, output } = run('echo $$');
  expect((await ended).stdout.trim()).toBe(readFileSync(join(output, 'pid'), 'utf8'));
});

it('a program that is not there does not end well', async () => {
  const { ended } = run('', { program: '/nonexistent', args: [] });
  expect((await ended).exitCode).toBeGreaterThan(125);
});
