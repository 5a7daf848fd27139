import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { settingsWith, type TerraformBench, terraformBench, unitFolder } from '../drivers/terraform/bench.ts';
import { type DaemonBench, daemonBench } from '../support/daemon.ts';

vi.setConfig({ testTimeout: 2_400_000, hookTimeout: 600_000 });

const slow = { ms: 600_000 };
const filesOf = (team: string) => ({
  [`${unitFolder}/main.tf`]: `${settingsWith('daemon/terraform.tfstate')}
resource "aws_s3_bucket" "data" {
  bucket = "daemon"
  tags   = { team = "${team}" }
}
`,
});

let terraform: TerraformBench;
let bench: DaemonBench;
beforeAll(async () => {
  terraform = await terraformBench();
  bench = await daemonBench({
    files: () => ({
      ...filesOf('shop'),
      [`${unitFolder}/.terraform.lock.hcl`]: terraform.lockFile,
      'holdfast.yaml': `units: [{ name: buckets, driver: terraform, path: ${unitFolder}, schedule: "* * * * *" }]\n`,
    }),
    // While a sync goes on without a step that is recorded, nothing of its unit is told: plans take long on a busy machine.
    env: { ...terraform.environment, HOLDFAST_HEALTH_SECONDS: '900' },
  });
});
afterAll(async () => {
  await bench?.close();
  await terraform?.close();
});

const teamOf = async () =>
  /<Key>team<\/Key><Value>(\w+)</.exec(await terraform.moto.s3('GET', 'daemon?tagging'))?.[1];
const byHand = (team: string) =>
  terraform.moto.s3(
    'PUT',
    'daemon?tagging',
    `<Tagging xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><TagSet><Tag><Key>team</Key><Value>${team}</Value></Tag></TagSet></Tagging>`,
  );
const converged = (revision: string) =>
  bench.until(
    `the sync to ${revision.slice(0, 7)}`,
    async () =>
      (await bench.syncs()).find(
        ({ spec, status }) => spec.revision === revision && status?.finishedAt !== undefined,
      ),
    slow.ms,
  );

it('a module converges when it is merged; a change by hand is told with its field, and resolved by the next merge', async () => {
  bench.start();
  const first = await converged(bench.trustRoot);
  expect([first.status?.phase, first.status?.message]).toEqual(['Succeeded', '1 applied, all as declared']);
  expect(await teamOf()).toBe('shop');

  await byHand('payments');
  const alert = await bench.alert(['DRIFT', 'aws_s3_bucket.data', '/tags/team'], slow);
  for (const words of ['shop', 'payments', `${unitFolder}/main.tf`]) expect(alert).toContain(words);

  const merged = await bench.land(filesOf('catalogue'));
  const second = await converged(merged);
  expect(second.status?.phase).toBe('Succeeded');
  expect(
    second.status?.plan?.actions.map(({ action, resource, paths }) => [action, resource.name, paths]),
  ).toEqual([['change', 'aws_s3_bucket.data', ['/tags/team']]]);
  expect(await teamOf()).toBe('catalogue');
  await bench.alert(['RESOLVED', 'aws_s3_bucket.data'], slow);
});
