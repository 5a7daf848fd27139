import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { provideTools } from '../../../../sandbox/tools/provide.ts';
import { settingsWith, type TerraformBench, terraformBench, unitFolder } from './bench.ts';

vi.setConfig({ testTimeout: 900_000, hookTimeout: 1_200_000 });

let bench: TerraformBench;
beforeAll(async () => {
  const { tofu } = await provideTools(['tofu']);
  vi.stubEnv('HOLDFAST_TERRAFORM', tofu);
  bench = await terraformBench();
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await bench?.close();
});

const filesOf = (team: string, more = '') => ({
  [`${unitFolder}/main.tf`]: `${settingsWith('tofu/terraform.tfstate')}
resource "aws_s3_bucket" "data" {
  bucket = "tofu"
  tags   = { team = "${team}" }
}
`,
  ...(more === '' ? {} : { 'holdfast.yaml': more }),
});
const applying = () => ({
  onResource: () => undefined,
  signal: new AbortController().signal,
  healthTimeoutMs: 60_000,
});

it('OpenTofu plans, shows drift, converges what was planned and nothing else, and respects a lock', async () => {
  const [unit, declaration] = await bench.unit(filesOf('shop'));
  const plan = await bench.driver.plan(unit, declaration);
  expect(plan.actions.map(({ action, resource }) => `${action} ${resource.name}`)).toEqual([
    'create aws_s3_bucket.data',
  ]);
  const applied = await bench.driver.apply(unit, declaration, plan, applying());
  expect(applied.map(({ result }) => result)).toEqual(['applied']);
  expect((await bench.driver.compare(unit, declaration)).verdict).toBe('in-sync');

  await bench.moto.s3(
    'PUT',
    'tofu?tagging',
    '<Tagging xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><TagSet><Tag><Key>team</Key><Value>hand</Value></Tag></TagSet></Tagging>',
  );
  expect((await bench.driver.compare(unit, declaration)).findings).toMatchObject([
    {
      ...{ type: 'changed', resource: { type: 'aws_s3_bucket', name: 'aws_s3_bucket.data' } },
      changes: [{ path: '/tags/team', op: 'changed', declared: 'shop', live: 'hand' }],
    },
  ]);
  await expect(bench.driver.apply(unit, declaration, plan, applying())).rejects.toMatchObject({
    code: 'HF1602',
  });
  const fresh = await bench.driver.plan(unit, declaration);
  await bench.driver.apply(unit, declaration, fresh, applying());
  expect((await bench.driver.compare(unit, declaration)).verdict).toBe('in-sync');

  const [held, again] = await bench.unit(
    filesOf(
      'shop',
      `units: [{ name: storage, driver: terraform, path: ${unitFolder}, terraform: { lockTimeoutSeconds: 1 } }]\n`,
    ),
  );
  const lock = {
    ID: '11111111-2222-3333-4444-555555555555',
    Operation: 'OperationTypeApply',
    Info: '',
    Version: '1',
  };
  const told = {
    ...lock,
    Who: 'alice@laptop',
    Created: '2026-11-20T20:00:00Z',
    Path: 'state/tofu/terraform.tfstate',
  };
  await bench.moto.s3('PUT', 'state/tofu/terraform.tfstate.tflock', JSON.stringify(told));
  const { verdict, findings } = await bench.driver.compare(held, again);
  expect([verdict, findings[0]?.code]).toEqual(['unknown', 'HF2004']);
  expect(findings[0]?.message).toContain('alice@laptop');
});
