import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { cloudFormationDriver } from '../../../../src/drivers/cloudformation/driver.ts';
import type { Driver } from '../../../../src/drivers/driver.ts';
import { FakeAws } from '../../../fakes/aws/server.ts';
import type { FakeStackSet } from '../../../fakes/aws/world.ts';
import { shopFiles, stackUnit } from '../support/unit.ts';

const template = 'Resources: {Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: Shop}}}\n';
const instance = (region: string, more: Partial<FakeStackSet['instances'][number]> = {}) =>
  ({ account: '222222222222', region, status: 'CURRENT', drift: 'IN_SYNC', ...more }) as const;

let aws: FakeAws;
let driver: Driver;
beforeEach(async () => {
  aws = await FakeAws.start();
  for (const [name, value] of Object.entries(aws.environment)) vi.stubEnv(name, value);
  driver = cloudFormationDriver({ patience: { everyMs: 1, mostMs: 2000 } });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await aws.close();
});

function deploy(instances: FakeStackSet['instances'], text = template): void {
  aws.world.stackSets.set('everywhere', {
    template: text,
    parameters: {},
    tags: { team: 'shop' },
    instances,
  });
}

const { unit, declaration } = stackUnit(shopFiles(template, 'tags: {team: shop}\n'), {
  stackSet: 'everywhere',
});
async function told(): Promise<string[]> {
  const { findings } = await driver.compare(unit, declaration);
  return findings.map(
    ({ type, resource, changes = [], source, message }) =>
      `${type} ${resource.name} ${changes.map(({ path, live }) => `${path} ${String(live)}`).join(' ')} ${source?.file}:${source?.line} ${message}`,
  );
}

describe('a StackSet', () => {
  it('is in sync where it and all of its stacks are, and tells how many drift detection saw', async () => {
    deploy([instance('eu-west-1'), instance('eu-west-2', { drift: 'NOT_CHECKED' })]);
    const comparison = await driver.compare(unit, declaration);
    expect(comparison).toMatchObject({ verdict: 'in-sync', resources: { declared: 3, inSync: 3 } });
    expect(comparison.notes?.[0]?.message).toBe(
      'drift detection has looked at 1 of the 2 stacks of the StackSet everywhere; none is started for it',
    );
  });

  it('is told with what differs from Git, and each stack with what CloudFormation says of it', async () => {
    deploy(
      [
        instance('eu-west-1', { drift: 'DRIFTED' }),
        instance('eu-west-2', {
          status: 'OUTDATED',
          reason: 'Cancelled since failure tolerance has exceeded',
        }),
      ],
      template.replace('Shop', 'Other'),
    );
    expect(await told()).toEqual([
      'changed everywhere/222222222222/eu-west-1 /DriftStatus DRIFTED templates/shop.yaml:1 what CloudFormation says of this stack of the StackSet',
      'changed everywhere/222222222222/eu-west-2 /Status OUTDATED templates/shop.yaml:1 what CloudFormation says of this stack of the StackSet: Cancelled since failure tolerance has exceeded',
      'changed everywhere /Template/Resources/Topic/Properties/DisplayName Other templates/shop.yaml:1 found by comparing the StackSet’s template, parameters and tags with Git',
    ]);
  });

  it('is missing, unknown, or read to the last page', async () => {
    expect(await told()).toEqual([
      expect.stringMatching(/^missing everywhere .*there is no StackSet everywhere/),
    ]);
    deploy(Array.from({ length: 150 }, (_, at) => instance(`r${at}`, { status: 'OUTDATED' })));
    expect(await told()).toHaveLength(150);
    aws.world.trouble.denied = new Set(['ListStackInstances']);
    expect(await told()).toEqual([expect.stringMatching(/^unknown shop .*HF1912/)]);
  });

  it('is never changed', async () => {
    deploy([], template.replace('Shop', 'Other'));
    const plan = await driver.plan(unit, declaration);
    expect([plan.actions, plan.refused.map(({ message }) => message)]).toEqual([
      [],
      ['HF1932 a StackSet is only compared: bring it to what is declared by hand'],
    ]);
    expect(aws.count('CreateChangeSet')).toBe(0);
  });
});
