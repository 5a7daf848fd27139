import { Limit } from '../../src/concurrency/limit.ts';
import { cloudFormationDriver } from '../../src/drivers/cloudformation/driver.ts';
import { stackUnit } from '../drivers/cloudformation/support/unit.ts';
import { FakeAws } from '../fakes/aws/server.ts';
import { realRates } from '../fakes/aws/throttle.ts';

/**
 * What comparing many stacks costs: requests per stack, and the time for all of them with the throttling of AWS.
 * `BENCH_STACKS` (200) stacks with `BENCH_RESOURCES` (5000) resources in all, one in a hundred of them changed by hand.
 */
const stacks = Number(process.env['BENCH_STACKS'] ?? '200');
const resources = Number(process.env['BENCH_RESOURCES'] ?? '5000');
const each = Math.ceil(resources / stacks);
const types = [
  'AWS::SNS::Topic',
  'AWS::SQS::Queue',
  'AWS::Lambda::Function',
  'AWS::IAM::Role',
  'AWS::S3::Bucket',
];
const say = (line: string) => process.stdout.write(`${line}\n`);

const aws = await FakeAws.start({ rates: realRates });
Object.assign(process.env, aws.environment);
const units = Array.from({ length: stacks }, (_, at) => {
  const lines = Array.from(
    { length: each },
    (__, n) => `  R${n}: {Type: ${types[n % types.length]}, Properties: {Label: v${n}}}`,
  );
  const template = `Resources:\n${lines.join('\n')}\n`;
  const name = `stack-${at}`;
  aws.world.create(name, template);
  const files = {
    'infra-state/shop/deployment.yaml': `template-file-path: ${name}.yaml\n`,
    [`${name}.yaml`]: template,
  };
  return stackUnit(files, { stack: name });
});
let drifted = 0;
for (const stack of aws.world.stacks.values()) {
  for (const resource of stack.resources) {
    drifted += 1;
    if (drifted % 100 === 0) resource.live = { ...resource.live, Label: 'by hand' };
  }
}

const driver = cloudFormationDriver({ patience: { everyMs: 2000, mostMs: 900_000 } });
const pool = new Limit(4);
const started = performance.now();
const comparisons = await Promise.all(
  units.map(({ unit, declaration }) => pool.run(() => driver.compare(unit, declaration))),
);
const seconds = (performance.now() - started) / 1000;
const findings = comparisons.flatMap(comparison => comparison.findings);
const calls = [...aws.calls].sort(([a], [b]) => (a < b ? -1 : 1));
const total = calls.reduce((sum, [, count]) => sum + count, 0);
say(`${stacks} stacks with ${stacks * each} resources, compared once with the throttling of AWS:`);
say(
  `  ${seconds.toFixed(0)} s in all, ${((1000 * seconds) / stacks).toFixed(0)} ms a stack; ${process.memoryUsage.rss() >> 20} MB`,
);
say(
  `  ${total} requests, ${(total / stacks).toFixed(1)} a stack and hour when compared hourly; ${aws.throttled} were throttled and sent again`,
);
for (const [action, count] of calls)
  say(`    ${action.padEnd(36)} ${String(count).padStart(6)}  ${(count / stacks).toFixed(2)} a stack`);
say(
  `  ${findings.filter(({ type }) => type === 'changed').length} changed, ${findings.filter(({ type }) => type === 'unknown').length} unknown`,
);
await aws.close();
if (findings.some(({ type }) => type === 'unknown')) process.exitCode = 1;
