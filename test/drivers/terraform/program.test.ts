import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { childEnvironment, findTerraform } from '../../../src/drivers/terraform/program.ts';
import { secretsOf } from '../../../src/programs/environment.ts';
import { memoryFolder } from '../../../src/programs/memory.ts';
import { writeProgram } from '../../sandbox/support/programs.ts';
import { temporaryFolder } from '../../sandbox/support/temporary-folder.ts';

describe('the program', () => {
  it('is what HOLDFAST_TERRAFORM names, else terraform on PATH, else tofu', () => {
    const [first, second] = [temporaryFolder(), temporaryFolder()];
    const tofu = writeProgram(first, 'tofu', '');
    const PATH = `${first}:relative:${second}`;
    expect(findTerraform({ PATH })).toBe(tofu);
    const terraform = writeProgram(second, 'terraform', '');
    expect(findTerraform({ PATH })).toBe(terraform);
    expect(findTerraform({ PATH, HOLDFAST_TERRAFORM: tofu })).toBe(tofu);
  });

  it('that is nowhere is an error that says what to do', () => {
    expect(() => findTerraform({ PATH: temporaryFolder() })).toThrow('neither terraform nor tofu');
    expect(() => findTerraform({ HOLDFAST_TERRAFORM: 'terraform' })).toThrow('by its full path');
  });
});

describe('the environment of a run', () => {
  const given = {
    PATH: '/home/somebody/bin',
    SLACK_BOT_TOKEN: 'xoxb',
    HOLDFAST_FORGE_TOKEN: 'forge',
    AWS_ROLE_ARN: 'arn:both',
    AWS_WEB_IDENTITY_TOKEN_FILE: '/var/run/token',
    HOLDFAST_PLAN_AWS_ROLE_ARN: 'arn:plan',
    HOLDFAST_APPLY_AWS_ROLE_ARN: 'arn:apply',
    HOLDFAST_APPLY_SLACK_BOT_TOKEN: 'no',
    HOLDFAST_TERRAFORM_ENV: 'CLOUDFLARE_API_TOKEN, HOLDFAST_FORGE_TOKEN',
    CLOUDFLARE_API_TOKEN: 'cf-token',
    TF_VAR_password: 'pa55word',
    TF_CLI_ARGS: '-refresh=false',
    TF_LOG: 'trace',
  };
  const about = { program: '/opt/bin/terraform', unit: 'net' };

  it('has what clouds need, nothing of Holdfast, and nothing that changes what Terraform does', () => {
    const environment = childEnvironment(given, { ...about, purpose: 'plan' });
    expect(Object.keys(environment).sort()).toEqual([
      'AWS_ROLE_ARN',
      'AWS_WEB_IDENTITY_TOKEN_FILE',
      'CHECKPOINT_DISABLE',
      'CLOUDFLARE_API_TOKEN',
      'LANG',
      'PATH',
      'TF_INPUT',
      'TF_IN_AUTOMATION',
      'TF_VAR_password',
    ]);
    expect(environment['PATH']).toBe('/opt/bin:/usr/local/bin:/usr/bin:/bin');
  });

  it('has other credentials for applying than for planning', () => {
    const roles = (['plan', 'apply'] as const).map(
      purpose => childEnvironment(given, { ...about, purpose })['AWS_ROLE_ARN'],
    );
    expect(roles).toEqual(['arn:plan', 'arn:apply']);
  });

  it('has the role of the unit, in a session that names it, and no keys beside it', () => {
    const environment = childEnvironment(
      { ...given, AWS_ACCESS_KEY_ID: 'key' },
      { ...about, purpose: 'plan', role: 'arn:unit' },
    );
    expect(environment).toMatchObject({ AWS_ROLE_ARN: 'arn:unit', AWS_ROLE_SESSION_NAME: 'holdfast-net' });
    expect(environment['AWS_ACCESS_KEY_ID']).toBeUndefined();
  });

  it('its secrets are known', () => {
    const environment = childEnvironment(given, { ...about, purpose: 'plan' });
    expect(secretsOf(environment).sort()).toEqual(['cf-token', 'pa55word']);
  });
});

describe('the folder in memory of a run', () => {
  it('is removed when its process and what that started are gone, and not before', () => {
    const base = temporaryFolder();
    mkdirSync(join(base, 'holdfast-run-999999999-net-aaaaaa'));
    const left = join(base, 'holdfast-run-999999998-net-bbbbbb');
    mkdirSync(left);
    writeFileSync(join(left, 'plan'), '');
    writeFileSync(join(left, 'pid'), String(process.pid));
    const mine = memoryFolder('net', base);
    expect(readdirSync(base).length).toBe(2);
    expect([mine.othersWork(), memoryFolder('shop', base).othersWork()]).toEqual([true, false]);
    mine.remove();
    expect(readdirSync(base).some(name => join(base, name) === mine.path)).toBe(false);
  });
});
