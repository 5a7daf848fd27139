import { afterEach, beforeEach, vi } from 'vitest';
import type { StackSettings } from '../../../../src/declared/settings/stack.ts';
import { cloudFormationDriver } from '../../../../src/drivers/cloudformation/driver.ts';
import type { Driver, Plan } from '../../../../src/drivers/driver.ts';
import type { Comparison } from '../../../../src/findings/finding.ts';
import { FakeAws } from '../../../fakes/aws/server.ts';
import { shopFiles, stackUnit } from './unit.ts';

/** A fake AWS for each test, and the driver that talks to it through the real SDK. */
export function bench() {
  const here = {} as { aws: FakeAws; driver: Driver };
  beforeEach(async () => {
    here.aws = await FakeAws.start();
    for (const [name, value] of Object.entries(here.aws.environment)) vi.stubEnv(name, value);
    here.driver = cloudFormationDriver({ patience: { everyMs: 1, mostMs: 2000 } });
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await here.aws.close();
  });
  return {
    get aws() {
      return here.aws;
    },
    get driver() {
      return here.driver;
    },
    compare(template: string, deployment = '', settings: StackSettings = {}): Promise<Comparison> {
      const { unit, declaration } = stackUnit(shopFiles(template, deployment), settings);
      return here.driver.compare(unit, declaration);
    },
    plan(template: string, deployment = '', settings: StackSettings = {}): Promise<Plan> {
      const { unit, declaration } = stackUnit(shopFiles(template, deployment), settings);
      return here.driver.plan(unit, declaration);
    },
    /** Sets live values behind CloudFormation's back; undefined takes one away. */
    byHand(logicalId: string, values: Record<string, unknown>, stack = 'shop'): void {
      const resource = here.aws.world.resource(stack, logicalId);
      resource.live = JSON.parse(JSON.stringify({ ...resource.live, ...values }));
    },
  };
}

/** Each finding as `type name: op path, …`. */
export function shortFindings({ findings }: Comparison): string[] {
  return findings.map(({ type, resource, changes = [], code }) => {
    const places = changes.map(({ op, path }) => `${op} ${path}`).join(', ');
    return `${type} ${resource.name}${code === undefined ? '' : ` ${code}`}${places === '' ? '' : `: ${places}`}`;
  });
}
