import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runningTerraform, settingsWith, type TerraformBench, terraformBench, unitFolder } from './bench.ts';

let bench: TerraformBench;
beforeAll(async () => {
  bench = await terraformBench();
});
afterAll(() => bench.close());

const state = 'kills/terraform.tfstate';
const lock = `state/${state}.tflock`;
const files = {
  [`${unitFolder}/main.tf`]: `${settingsWith(state)}
resource "aws_s3_bucket" "many" {
  count  = 8
  bucket = "kills-\${count.index}"
}
`,
};

/** Kills Terraform at a moment of some work; if no command runs then, the next one. */
async function killAt(moment: (over: () => boolean) => Promise<void>, work: Promise<unknown>): Promise<void> {
  let ended = false;
  const done = work
    .catch(() => undefined)
    .then(() => {
      ended = true;
    });
  await moment(() => ended);
  for (let pid = runningTerraform(); !ended; pid = runningTerraform()) {
    if (pid !== undefined) {
      process.kill(pid, 'SIGKILL');
      break;
    }
    await sleep(20);
  }
  await done;
}

const isLocked = async () => (await bench.moto.s3('GET', lock)).includes('"ID"');
const onceLocked = async (over: () => boolean): Promise<void> => {
  while (!over() && !(await isLocked())) await sleep(10);
};
const after = (ms: number) => () => sleep(ms);

/** What was left behind is always told, with the name of a unit that no other test has: runs of one name on one host are told apart by nothing. */
it('whenever Terraform is killed, a lock that it leaves behind is told', { timeout: 1_800_000 }, async () => {
  const [unit, declaration] = await bench.unit({
    ...files,
    'holdfast.yaml': `units: [{ name: killed, driver: terraform, path: ${unitFolder}, terraform: { lockTimeoutSeconds: 1 } }]\n`,
  });
  const apply = async () => {
    const plan = await bench.driver.plan(unit, declaration);
    const applying = {
      onResource: () => undefined,
      signal: new AbortController().signal,
      healthTimeoutMs: 1,
    };
    return bench.driver.apply(unit, declaration, plan, applying);
  };
  const seen: string[] = [];
  const took = await timeOf(bench.driver.compare(unit, declaration));
  const compare = () => bench.driver.compare(unit, declaration);
  // When it is sure to hold the lock, and at points from the first command to the last.
  const kills = [
    { moment: onceLocked, run: compare },
    { moment: onceLocked, run: apply },
    ...[0.5].map(share => ({ moment: after(share * took), run: compare })),
    ...[1.6, 1.9, 2.1].map(share => ({ moment: after(share * took), run: apply })),
  ];
  for (const { moment, run } of kills) {
    await killAt(moment, run());
    const locked = await isLocked();
    const { findings } = await compare();
    const told = findings.some(({ code }) => code === 'HF2005');
    seen.push(`${locked ? 'locked' : 'free'} ${told ? 'told' : 'silent'}`);
    if (locked) await bench.moto.s3('DELETE', lock);
  }
  expect(seen.slice(0, 2)).toEqual(['locked told', 'locked told']);
  expect(seen.filter(one => one !== 'locked told' && one !== 'free silent')).toEqual([]);
});

async function timeOf(work: Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work;
  return performance.now() - begun;
}
