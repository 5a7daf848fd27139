import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DaemonBench, daemonBench } from '../support/daemon.ts';

let bench: DaemonBench;
beforeAll(async () => {
  bench = await daemonBench();
});
afterAll(() => bench.close());

describe('a daemon that cannot start', () => {
  it.each([
    ['without a Git URL', { HOLDFAST_GIT_URL: '' }, 'HF1001', 'HOLDFAST_GIT_URL: is not set'],
    [
      'with an address that Git does not know',
      { HOLDFAST_GIT_URL: 'ftp://git.example.com/a' },
      'HF1001',
      'must be https, http, ssh, file or a path',
    ],
    ['with a poll interval in words', { HOLDFAST_POLL_SECONDS: 'often' }, 'HF1001', 'HOLDFAST_POLL_SECONDS'],
    ['with a forge but no trust root', { HOLDFAST_TRUST_ROOT: '' }, 'HF1503', 'HOLDFAST_TRUST_ROOT'],
    [
      'with a token file that is not there',
      { HOLDFAST_GIT_TOKEN_FILE: '/nowhere/token' },
      'HF1001',
      '/nowhere/token',
    ],
    [
      'with a kubeconfig that is not there',
      { KUBECONFIG: '/nowhere/kubeconfig' },
      'HF1304',
      '/nowhere/kubeconfig',
    ],
    ['with no kubeconfig at all', { KUBECONFIG: '' }, 'HF1304', 'KUBECONFIG'],
    [
      'where its folder cannot be made',
      { HOLDFAST_DATA: '/dev/null/holdfast' },
      'HF1207',
      '/dev/null/holdfast',
    ],
    ['at an address that is not its own', { HOLDFAST_LISTEN: '192.0.2.1:80' }, 'HF1001', '192.0.2.1:80'],
  ])('%s says what to do in one line and exits with 2', async (_, env, code, words) => {
    const { code: status, stdout, stderr } = await bench.holdfastWith(env, 'run');
    expect(status).toBe(2);
    expect(stdout).toBe('');
    const lines = stderr.trim().split('\n');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(new RegExp(`^holdfast: ${code} `));
    expect(lines[0]).toContain(words);
  });

  it.each([
    ['an unknown context', ['--context', 'elsewhere'], /HF1304 .*elsewhere/],
    ['an unknown role', ['--role', 'boss'], /boss/],
    ['an unknown option', ['--quiet'], /--quiet/],
  ])('with %s exits with 2 and names it', async (_, args, words) => {
    const { code, stdout, stderr } = await bench.holdfast('run', ...args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(words);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});
