import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureText } from '../../src/cli/failure-text.ts';
import { Failure } from '../../src/failure/failure.ts';

const token = 'gt-0123456789abcdef';
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-test-'));
  writeFileSync(join(folder, 'token'), `${token}\n`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const failure = () => new Failure('HF1201', `cannot fetch http://x:${token}@forge/ \u001b[31mred`);

describe('what a command that failed prints', () => {
  it('is one line with code and advice', () => {
    expect(failureText(new Failure('HF1201', 'cannot fetch'), {})).toMatch(
      /^holdfast: HF1201 cannot fetch\. \S.*\n$/,
    );
  });

  it('has where it was thrown only if asked for', () => {
    expect(failureText(failure(), {})).not.toContain('failure-text.test.ts');
    expect(failureText(failure(), { HOLDFAST_DEBUG: '1' })).toContain('failure-text.test.ts');
  });

  it.each([
    ['as it is', () => ({ HOLDFAST_GIT_TOKEN: token })],
    ['in a file', () => ({ HOLDFAST_GIT_TOKEN_FILE: join(folder, 'token') })],
    ['beside a file that is not there', () => ({ HOLDFAST_GIT_TOKEN: token, SLACK_BOT_TOKEN_FILE: '/none' })],
  ])('shows no secret of the environment, given %s, and moves no cursor', (_how, environment) => {
    const text = failureText(failure(), { ...environment(), HOLDFAST_DEBUG: '1' });

    expect(text).toContain('[secret]');
    expect(text).not.toContain(token);
    expect(text).not.toContain('\u001b');
  });
});
