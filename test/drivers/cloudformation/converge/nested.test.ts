import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { StackSettings } from '../../../../src/declared/settings/stack.ts';
import { cloudFormationDriver } from '../../../../src/drivers/cloudformation/driver.ts';
import type { Driver, Plan } from '../../../../src/drivers/driver.ts';
import type { Comparison } from '../../../../src/findings/finding.ts';
import { FakeAws } from '../../../fakes/aws/server.ts';
import { shopFiles, stackUnit } from '../support/unit.ts';

const inner = (name = 'Net') =>
  `Parameters: {Name: {Type: String, Default: x}}
Resources:
  Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: ${name}}}
  Other: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref Name}}
`;
const outer = (name = 'shop', url = 'nested/net.yaml') =>
  `Resources:
  Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: ${name}}}
  Network: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: ${url}, Parameters: {Name: y}}}
`;
const settings: StackSettings = {
  bucket: 'templates',
  region: 'eu-west-1',
  role: 'arn:aws:iam::111111111111:role/read',
  applyRole: 'arn:aws:iam::111111111111:role/apply',
};

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

const repository = (root: string, nested: string | undefined, of: StackSettings = settings) =>
  stackUnit(
    { ...shopFiles(root), ...(nested === undefined ? {} : { 'templates/nested/net.yaml': nested }) },
    of,
  );
type Repository = ReturnType<typeof repository>;
const compared = ({ unit, declaration }: Repository) => driver.compare(unit, declaration);
const plan = ({ unit, declaration }: Repository) => driver.plan(unit, declaration);
const apply = ({ unit, declaration }: Repository, planned: Plan) =>
  driver.apply(unit, declaration, planned, {
    onResource: () => undefined,
    signal: new AbortController().signal,
    healthTimeoutMs: 1000,
  });
const short = ({ findings }: Comparison) =>
  findings.map(
    ({ type, resource, changes = [], source }) =>
      `${type} ${resource.name} ${changes.map(({ path }) => path).join(' ')} ${source?.file}:${source?.line}`,
  );
const shortPlan = ({ actions, refused }: Plan) => [
  ...actions.map(({ action, resource, paths = [] }) => [action, resource.name, ...paths].join(' ')),
  ...refused.map(({ resource, message }) => `refused ${resource.name} ${message}`),
];

/** A stack with one nested in it, made from templates that lie in the bucket. */
function deploy(nested = inner(), name = 'shop'): void {
  const at = 'https://s3.eu-west-1.amazonaws.com/templates/packaged';
  aws.world.objects.set('templates/packaged', nested);
  const made = aws.world.create('shop-Network', nested, { parameters: { Name: 'y' } });
  aws.world.create('shop', outer(name, at));
  aws.world.resource('shop', 'Network').physicalId = made.id;
}

describe('a nested stack whose template is in the repository', () => {
  it('is as declared, wherever the template that it was made from lies', async () => {
    deploy();
    expect(short(await compared(repository(outer(), inner())))).toEqual([]);
  });

  it('is told with file and line where its template is another', async () => {
    deploy();
    expect(short(await compared(repository(outer(), inner('Mesh'))))).toEqual([
      'changed Network /Template/Resources/Topic/Properties/DisplayName templates/nested/net.yaml:3',
    ]);
  });

  it('is told with file and line where it drifted', async () => {
    deploy();
    aws.world.resource('shop-Network', 'Topic').live = { DisplayName: 'hand' };
    const repo = repository(outer(), inner());
    expect(short(await compared(repo))).toEqual([
      'changed Network/Topic /DisplayName templates/nested/net.yaml:3',
    ]);
    expect(shortPlan(await plan(repo))).toEqual([
      expect.stringMatching(/^refused Network\/Topic HF1932 a nested stack is put right by itself/),
    ]);
  });

  it('is an error with its line where the template is not there, or is wrong', async () => {
    deploy();
    const [gone, wrong] = [
      await compared(repository(outer(), undefined)),
      await compared(repository(outer(), 'Resources: {A: {Typ: x}}')),
    ];
    expect(gone.findings).toMatchObject([
      { type: 'invalid', code: 'HF1903', source: { file: 'templates/shop.yaml', line: 3 } },
    ]);
    expect(wrong.findings).toMatchObject([
      { type: 'invalid', code: 'HF1902', source: { file: 'templates/nested/net.yaml', line: 1 } },
    ]);
  });
});

describe('a merge that changes a nested template', () => {
  it('is planned, carried out, and as declared after it', async () => {
    deploy();
    const repo = repository(outer('store'), inner('Mesh'));
    const planned = await plan(repo);
    expect(shortPlan(planned)).toEqual([
      'change Network /TemplateURL',
      'change Network/Topic /DisplayName',
      'change Topic /DisplayName',
    ]);
    expect(aws.changeSets.size).toBe(0);
    expect((await apply(repo, planned)).map(({ result }) => result)).toEqual([
      'applied',
      'applied',
      'applied',
    ]);
    expect(short(await compared(repo))).toEqual([]);
  });

  it('makes a stack with one nested in it', async () => {
    const repo = repository(outer(), inner());
    const planned = await plan(repo);
    expect(shortPlan(planned)).toEqual([
      'create Network',
      'create Network/Other',
      'create Network/Topic',
      'create Topic',
    ]);
  });

  it('puts the templates into the bucket with the role that may write', async () => {
    deploy();
    await plan(repository(outer('store'), inner('Mesh')));
    expect([...aws.objects()].filter(key => key.startsWith('templates/holdfast/'))).toHaveLength(1);
    expect([...aws.uploaders]).toEqual([settings.applyRole]);
  });

  it('is refused without a bucket, and with one of another account', async () => {
    deploy();
    const { bucket: _, ...without } = settings;
    await expect(plan(repository(outer('store'), inner('Mesh'), without))).rejects.toMatchObject({
      code: 'HF1935',
      where: { file: 'templates/nested/net.yaml' },
    });
    aws.world.trouble.denied = new Set(['PutObject']);
    await expect(plan(repository(outer('store'), inner('Mesh')))).rejects.toMatchObject({ code: 'HF1912' });
    expect(aws.count('CreateChangeSet')).toBe(0);
  });

  it('is refused when somebody put another template into the bucket meanwhile', async () => {
    deploy();
    aws.world.templateAt = () => inner('Evil');
    await expect(plan(repository(outer('store'), inner('Mesh')))).rejects.toMatchObject({ code: 'HF1931' });
    expect([aws.changeSets.size, aws.count('ExecuteChangeSet')]).toEqual([0, 0]);
  });
});

describe('a nested stack whose template lies elsewhere', () => {
  const at = 'https://s3.eu-west-1.amazonaws.com/templates/packaged';

  it('takes the parameters that a merge gives it', async () => {
    deploy();
    const merged = outer('shop', at).replace('Name: y', 'Name: z');
    expect(shortPlan(await plan(repository(merged, undefined)))).toEqual([
      'change Network /Parameters',
      'change Network/Other /DisplayName',
    ]);
  });

  it('is not changed by a template that changed behind its address', async () => {
    deploy();
    aws.world.objects.set('templates/packaged', inner('Evil'));
    const merged = outer('shop', at).replace('Name: y', 'Name: z');
    expect(shortPlan(await plan(repository(merged, undefined)))).toEqual([
      'refused Network/Topic HF1931 nothing was found of it and the merge does not touch it',
    ]);
  });

  it('is not deleted without a word that allows it', async () => {
    deploy();
    const merged = outer('shop', at).replace(/ {2}Network.*\n/, '');
    expect(shortPlan(await plan(repository(merged, undefined)))).toEqual([
      expect.stringMatching(/^refused Network HF1934 its deletion would lose what it holds/),
    ]);
  });
});

describe('a template of more than 51,200 bytes', () => {
  const large = (name: string, size = 60_000) =>
    `Resources:\n  Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: ${name}}}\n# ${'x'.repeat(size)}\n`;

  it('is carried out through the bucket', async () => {
    aws.world.create('shop', large('shop'));
    const repo = repository(large('store'), undefined);
    const planned = await plan(repo);
    expect(shortPlan(planned)).toEqual(['change Topic /DisplayName']);
    expect((await apply(repo, planned)).map(({ result }) => result)).toEqual(['applied']);
    expect(short(await compared(repo))).toEqual([]);
  });

  it('is refused when the bucket had another one by the time it was read', async () => {
    aws.world.create('shop', large('shop'));
    aws.world.templateAt = () => large('evil');
    await expect(plan(repository(large('store'), undefined))).rejects.toMatchObject({ code: 'HF1931' });
    expect(aws.changeSets.size).toBe(0);
  });
});
