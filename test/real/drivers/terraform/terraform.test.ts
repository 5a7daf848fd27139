import { hostname, userInfo } from 'node:os';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Declaration, DeclaredUnit } from '../../../../src/declared/declaration.ts';
import type { AppliedResource } from '../../../../src/drivers/driver.ts';
import { memoryFolders, settingsWith, type TerraformBench, terraformBench, unitFolder } from './bench.ts';

// Each command of Terraform reads the whole AWS provider to check its hash, and each comparison has three.
vi.setConfig({ testTimeout: 900_000 });

let bench: TerraformBench;
beforeAll(async () => {
  bench = await terraformBench();
});
afterAll(() => bench.close());

const secret = 'correct-horse-battery-staple';

/** A bucket in a module beside the unit's folder, and a secret in its tags. */
const filesOf = (name: string): Record<string, string> => ({
  [`${unitFolder}/main.tf`]: `${settingsWith(`${name}/terraform.tfstate`)}
variable "password" {
  type      = string
  sensitive = true
  default   = "${secret}"
}
module "data" {
  source   = "../../modules/bucket"
  name     = "${name}"
  password = var.password
}
output "bucket" {
  value = module.data.name
}
`,
  'modules/bucket/main.tf': `variable "name" {}
variable "password" { sensitive = true }
resource "aws_s3_bucket" "this" {
  bucket = var.name
  tags   = { team = "shop", password = var.password }
}
output "name" { value = aws_s3_bucket.this.bucket }
`,
});

const tagsOf = (tags: Record<string, string>) =>
  `<Tagging xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><TagSet>${Object.entries(tags)
    .map(([key, value]) => `<Tag><Key>${key}</Key><Value>${value}</Value></Tag>`)
    .join('')}</TagSet></Tagging>`;

async function converge(unit: DeclaredUnit, declaration: Declaration): Promise<AppliedResource[]> {
  const plan = await bench.driver.plan(unit, declaration);
  return bench.driver.apply(unit, declaration, plan, applying());
}

const applying = () => ({
  onResource: () => undefined,
  signal: new AbortController().signal,
  healthTimeoutMs: 60_000,
});

const lockOf = (who: string) =>
  JSON.stringify({
    ID: '11111111-2222-3333-4444-555555555555',
    Operation: 'OperationTypeApply',
    Info: '',
    Who: who,
    Version: '1.11.4',
    Created: '2026-11-20T20:00:00Z',
    Path: 'state/held/terraform.tfstate',
  });

it('a module is missing, applied, in sync, changed by hand, and converged unless live has gone past the plan', async () => {
  const [unit, declaration] = await bench.unit(filesOf('story'));
  const before = await bench.driver.compare(unit, declaration);
  expect(before.findings.map(({ type, resource }) => `${resource.name} ${type}`)).toEqual([
    'bucket missing',
    'module.data.aws_s3_bucket.this missing',
  ]);

  expect(
    (await converge(unit, declaration)).map(
      ({ resource, action, result }) => `${resource.name} ${action} ${result}`,
    ),
  ).toEqual(['module.data.aws_s3_bucket.this create applied', 'bucket create applied']);
  expect(await bench.driver.compare(unit, declaration)).toMatchObject({
    verdict: 'in-sync',
    resources: { declared: 1, inSync: 1 },
  });

  await bench.moto.s3(
    'PUT',
    'story?tagging',
    tagsOf({ team: 'payments', password: 'changed-by-hand', extra: 'x' }),
  );
  const drifted = await bench.driver.compare(unit, declaration);
  expect(drifted.findings).toEqual([
    {
      unit: 'storage',
      type: 'changed',
      resource: { type: 'aws_s3_bucket', name: 'module.data.aws_s3_bucket.this' },
      source: { file: 'modules/bucket/main.tf', line: 3 },
      changes: [
        { path: '/tags/extra', op: 'added', live: 'x' },
        { path: '/tags/password', op: 'changed', redacted: true },
        { path: '/tags/team', op: 'changed', declared: 'shop', live: 'payments' },
      ],
      message: 'it was changed outside of Terraform',
    },
  ]);

  const plan = await bench.driver.plan(unit, declaration);
  expect(JSON.stringify([drifted, plan])).not.toContain(secret);

  await bench.moto.s3('PUT', 'story?tagging', tagsOf({ team: 'somebody', password: secret }));
  const stale = bench.driver.apply(unit, declaration, plan, applying());
  await expect(stale).rejects.toMatchObject({ code: 'HF1602' });
  expect(await bench.moto.s3('GET', 'story?tagging')).toContain('somebody');

  await converge(unit, declaration);
  expect((await bench.driver.compare(unit, declaration)).verdict).toBe('in-sync');
  expect(memoryFolders()).toEqual([]);

  await bench.moto.s3('DELETE', 'story');
  const { findings } = await bench.driver.compare(unit, declaration);
  expect(
    findings.find(({ resource }) => 'type' in resource && resource.type === 'aws_s3_bucket'),
  ).toMatchObject({
    type: 'missing',
    message: 'it was deleted outside of Terraform',
  });
});

const noProviders = { [`${unitFolder}/.terraform.lock.hcl`]: '' };

describe('a lock', () => {
  const held = 'state/held/terraform.tfstate.tflock';

  it.each([
    ['of somebody else is told with who, since when and its id, and is no drift', 'alice@laptop', 'HF2004'],
    ['that a run of this host left behind is told as such', `${userInfo().username}@${hostname()}`, 'HF2005'],
  ])('%s', async (_, who, code) => {
    const [unit, declaration] = await bench.unit({
      ...filesOf('held'),
      'holdfast.yaml': `units: [{ name: storage, driver: terraform, path: ${unitFolder}, terraform: { lockTimeoutSeconds: 1 } }]\n`,
    });
    await bench.moto.s3('PUT', held, lockOf(who));
    const { verdict, findings } = await bench.driver.compare(unit, declaration);
    await bench.moto.s3('DELETE', held);
    expect([verdict, findings.length, findings[0]?.code]).toEqual(['unknown', 1, code]);
    expect(findings[0]?.message).toContain(
      `by ${who} since 2026-11-20 20:00:00 +0000 UTC (ID 11111111-2222-3333-4444-555555555555`,
    );
  });
});

it.each<[string, Record<string, string>, string, RegExp]>([
  [
    'an error of the module is told with file and line',
    { [`${unitFolder}/bad.tf`]: 'resource "aws_s3_bucket" "x" {\n  nonsense = 1\n}\n' },
    'HF2003',
    /Unsupported argument.*\(infra-state\/storage\/bad\.tf:2\)/,
  ],
  [
    'a module without a backend is not planned',
    { [`${unitFolder}/main.tf`]: 'output "x" {\n  value = 1\n}\n', ...noProviders },
    'HF2010',
    /names no backend/,
  ],
  [
    'a backend in the private copy is none',
    { [`${unitFolder}/main.tf`]: 'terraform {\n  backend "local" {}\n}\n', ...noProviders },
    'HF2010',
    /no absolute path/,
  ],
  [
    'providers that the lock file does not have are not taken',
    { [`${unitFolder}/.terraform.lock.hcl`]: '# empty\n' },
    'HF2002',
    /lock/i,
  ],
  [
    'a module outside of the repository is not read',
    { [`${unitFolder}/more.tf`]: 'module "x" {\n  source = "../../../x"\n}\n' },
    'HF2009',
    /more\.tf:1/,
  ],
])('%s', async (_, more, code, message) => {
  const [unit, declaration] = await bench.unit({ ...filesOf('wrong'), ...more });
  const { verdict, findings } = await bench.driver.compare(unit, declaration);
  expect([verdict, findings[0]?.type, findings[0]?.code]).toEqual(['unknown', 'unknown', code]);
  expect(findings[0]?.message).toMatch(message);
  expect(findings[0]?.message).not.toContain('/tmp');
});

it('a comparison that is asked to end releases the lock', async () => {
  const [unit, declaration] = await bench.unit(filesOf('ended'));
  const ending = new AbortController();
  const compared = bench.driver.compare(unit, declaration, ending.signal);
  setTimeout(() => ending.abort(), 3_000);
  await compared;
  expect((await bench.driver.compare(unit, declaration)).findings.map(({ code }) => code)).toEqual([
    undefined,
    undefined,
  ]);
});
