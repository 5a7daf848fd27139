import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configurationFrom } from '../../src/daemon/configuration.ts';
import { Failure } from '../../src/failure/failure.ts';

const least = { HOLDFAST_GIT_URL: 'https://git.example.com/acme/infrastructure.git' };
const withForge = {
  ...least,
  HOLDFAST_FORGE: 'gitea',
  HOLDFAST_FORGE_URL: 'https://git.example.com',
  HOLDFAST_FORGE_REPOSITORY: 'acme/infrastructure',
  HOLDFAST_FORGE_TOKEN: 'forge-token',
  HOLDFAST_TRUST_ROOT: 'a'.repeat(40),
};

function refusal(environment: Record<string, string | undefined>): Failure {
  try {
    configurationFrom(environment);
  } catch (error) {
    if (error instanceof Failure) return error;
  }
  throw new Error('the environment was accepted');
}

describe('the configuration', () => {
  it('needs the Git URL alone, and is alert-only then', () => {
    const configuration = configurationFrom(least);
    expect(configuration).toMatchObject({ git: { branch: 'main' }, namespace: 'holdfast', pollMs: 30_000 });
    expect(configuration.forge).toBeUndefined();
  });

  it('takes a forge with its trust root', () => {
    expect(configurationFrom(withForge).forge).toMatchObject({ kind: 'gitea', trustRoot: 'a'.repeat(40) });
  });

  it('knows the address of GitHub', () => {
    const { HOLDFAST_FORGE_URL: _, ...rest } = withForge;
    expect(configurationFrom({ ...rest, HOLDFAST_FORGE: 'github' }).forge?.url).toBe('https://github.com');
  });

  it.each([
    ['no Git URL', {}, 'HF1001', 'HOLDFAST_GIT_URL: is not set'],
    ['an empty Git URL', { HOLDFAST_GIT_URL: '' }, 'HF1001', 'HOLDFAST_GIT_URL'],
    ['another forge', { ...withForge, HOLDFAST_FORGE: 'svn' }, 'HF1001', 'HOLDFAST_FORGE'],
    [
      'a forge without a repository',
      { ...withForge, HOLDFAST_FORGE_REPOSITORY: undefined },
      'HF1001',
      'HOLDFAST_FORGE_REPOSITORY is not set',
    ],
    [
      'a repository that is no owner/name',
      { ...withForge, HOLDFAST_FORGE_REPOSITORY: 'infrastructure' },
      'HF1001',
      'owner/name',
    ],
    [
      'a forge without a token',
      { ...withForge, HOLDFAST_FORGE_TOKEN: undefined },
      'HF1001',
      'HOLDFAST_FORGE_TOKEN is not set',
    ],
    [
      'half a GitHub App',
      { ...withForge, HOLDFAST_FORGE: 'github', HOLDFAST_FORGE_APP_ID: '7' },
      'HF1001',
      'HOLDFAST_FORGE_APP_ID, HOLDFAST_FORGE_APP_KEY and HOLDFAST_FORGE_APP_INSTALLATION',
    ],
    [
      'an App at another forge',
      { ...withForge, HOLDFAST_FORGE_APP_ID: '7' },
      'HF1001',
      'only GitHub has Apps',
    ],
    ['no trust root', { ...withForge, HOLDFAST_TRUST_ROOT: undefined }, 'HF1503', 'HOLDFAST_TRUST_ROOT'],
    ['a short trust root', { ...withForge, HOLDFAST_TRUST_ROOT: 'abc1234' }, 'HF1001', 'full commit SHA'],
    [
      'a branch name as trust root',
      { ...withForge, HOLDFAST_TRUST_ROOT: 'main' },
      'HF1001',
      'full commit SHA',
    ],
    [
      'a poll interval of nothing',
      { ...least, HOLDFAST_POLL_SECONDS: '0' },
      'HF1001',
      'HOLDFAST_POLL_SECONDS',
    ],
    ['a weak webhook secret', { ...least, HOLDFAST_WEBHOOK_SECRET: 'short' }, 'HF1001', '16 characters'],
    ['an address without a port', { ...least, HOLDFAST_LISTEN: 'localhost' }, 'HF1001', 'host:port'],
    ['Slack without a channel', { ...least, SLACK_BOT_TOKEN: 'xoxb-1' }, 'HF1001', 'HOLDFAST_SLACK_CHANNEL'],
    [
      'a secret file that is not there',
      { ...least, HOLDFAST_GIT_TOKEN_FILE: 'nowhere' },
      'HF1001',
      'HOLDFAST_GIT_TOKEN_FILE',
    ],
  ])('refuses %s in one line', (_, environment, code, words) => {
    const failure = refusal(environment);
    expect(failure.code).toBe(code);
    expect(failure.line).toContain(words);
    expect(failure.line).not.toContain('\n');
  });

  it('takes a GitHub App instead of a token, its key from a file, and pins the repository', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'holdfast-test-')), 'key');
    writeFileSync(file, 'the key\n');
    const { forge, secrets } = configurationFrom({
      ...{
        ...withForge,
        HOLDFAST_FORGE: 'github',
        HOLDFAST_FORGE_URL: undefined,
        HOLDFAST_FORGE_TOKEN: undefined,
      },
      ...{
        HOLDFAST_FORGE_APP_ID: '7',
        HOLDFAST_FORGE_APP_KEY_FILE: file,
        HOLDFAST_FORGE_APP_INSTALLATION: '9',
      },
      HOLDFAST_FORGE_REPOSITORY_ID: '4711',
    });
    expect(forge).toMatchObject({
      ...{ kind: 'github', url: 'https://github.com', token: '', repositoryId: '4711' },
      app: { id: '7', privateKey: 'the key', installation: '9' },
    });
    expect(secrets).toContain('the key');
  });

  it('takes a project of GitLab in groups', () => {
    const { forge } = configurationFrom({
      ...{ ...withForge, HOLDFAST_FORGE: 'gitlab', HOLDFAST_FORGE_URL: undefined },
      HOLDFAST_FORGE_REPOSITORY: 'acme/platform/infra',
    });
    expect(forge).toMatchObject({
      kind: 'gitlab',
      url: 'https://gitlab.com',
      repository: 'acme/platform/infra',
    });
  });

  it('names everything that is wrong at once', () => {
    const { line } = refusal({ HOLDFAST_POLL_SECONDS: 'often' });
    expect(line).toContain('HOLDFAST_GIT_URL');
    expect(line).toContain('HOLDFAST_POLL_SECONDS');
  });

  it('reads a secret from a file, and knows all secrets', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'holdfast-test-')), 'token');
    writeFileSync(file, 'token-in-a-file\n');
    const configuration = configurationFrom({
      ...withForge,
      HOLDFAST_GIT_TOKEN_FILE: file,
      HOLDFAST_FORGE_TOKEN: 'forge-token',
    });
    expect(configuration.git.token).toBe('token-in-a-file');
    expect(configuration.secrets).toEqual(['token-in-a-file', 'forge-token']);
  });

  it('never shows a value of a secret', () => {
    expect(refusal({ ...least, HOLDFAST_WEBHOOK_SECRET: 'hunter2' }).line).not.toContain('hunter2');
  });
});

describe('asking in Slack', () => {
  const slack = { ...least, SLACK_BOT_TOKEN: 'xoxb-bot', HOLDFAST_SLACK_CHANNEL: 'C0OPS' };
  const asking = { ...slack, HOLDFAST_SLACK_TEAM: 'T0OURS', SLACK_APP_TOKEN: 'xapp-app' };

  it('is off unless one of its secrets is set', () => {
    expect(configurationFrom({ ...slack, HOLDFAST_SLACK_TEAM: 'T0OURS' }).slack?.asking).toBeUndefined();
  });

  it('is over a connection of ours, over HTTP, or both', () => {
    const secret = 'a-signing-secret-of-slack';
    const { slack: both, secrets } = configurationFrom({ ...asking, SLACK_SIGNING_SECRET: secret });
    expect(both?.asking).toEqual({
      ...{ team: 'T0OURS', command: '/sync', appToken: 'xapp-app', signingSecret: secret },
    });
    expect(secrets).toEqual(expect.arrayContaining(['xapp-app', secret, 'xoxb-bot']));
  });

  it.each([
    ['no workspace', { HOLDFAST_SLACK_TEAM: undefined }, 'HOLDFAST_SLACK_TEAM'],
    ['a workspace by name', { HOLDFAST_SLACK_TEAM: 'acme' }, 'HOLDFAST_SLACK_TEAM'],
    ['no bot', { SLACK_BOT_TOKEN: undefined }, 'SLACK_BOT_TOKEN'],
    ['the bot’s token for the app', { SLACK_APP_TOKEN: 'xoxb-bot' }, 'xapp-'],
    ['a command without a slash', { HOLDFAST_SLACK_COMMAND: 'sync' }, 'HOLDFAST_SLACK_COMMAND'],
    ['a short signing secret', { SLACK_SIGNING_SECRET: 'short' }, 'SLACK_SIGNING_SECRET'],
  ])('refuses %s', (_what, change, words) => {
    expect(refusal({ ...asking, ...change }).message).toContain(words);
  });
});
