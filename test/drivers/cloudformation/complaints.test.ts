import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../../src/declared/settings.ts';
import { bench, shortFindings } from './support/bench.ts';
import { shopFiles, stackUnit } from './support/unit.ts';

const template = `Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties: {DelaySeconds: 5}
  Topic:
    Type: AWS::SNS::Topic
    Properties: {DisplayName: Shop}
`;
const one = (type: string, properties: string) =>
  `Resources:\n  It:\n    Type: ${type}\n    Properties: ${properties}\n`;

/** What people complain about in other tools, by the number that the complaint has in the list that the tests were made from. */
describe('complaint', () => {
  const on = bench();

  it('1: a stack that is IN_SYNC with rows that are MODIFIED is judged by its rows', async () => {
    on.aws.world.create('shop', template);
    on.byHand('Queue', { DelaySeconds: 9 });
    // the fake says IN_SYNC of every stack, as real ones did
    expect(shortFindings(await on.compare(template))).toEqual(['changed Queue: changed /DelaySeconds']);
  });

  const throttled = {
    reason: '{"Summary":"Failed","Failures":[{"Resource":"Queue","FailureReason":"Rate exceeded"}]}',
    without: ['Queue'],
  };

  it('2: rows that are missing for “Rate exceeded” inside DETECTION_FAILED are unknown, with the reason', async () => {
    on.aws.world.types.set('AWS::SQS::Queue', { detects: true, schema: { properties: {}, handlers: {} } });
    on.aws.world.create('shop', template);
    on.aws.world.trouble.detectionFails = throttled;
    const comparison = await on.compare(template);
    expect(shortFindings(comparison)).toEqual(['unknown Queue HF1922']);
    expect(comparison.findings[0]?.message).toContain('Rate exceeded');
    // a row that an earlier detection left says nothing of now
    on.aws.world.trouble.detectionFails = { ...throttled, stale: true };
    expect(shortFindings(await on.compare(template))).toEqual(['unknown Queue HF1922']);
  });

  it('2: and the live model stands in for rows where there is one', async () => {
    on.aws.world.create('shop', template);
    on.aws.world.trouble.detectionFails = throttled;
    on.byHand('Queue', { DelaySeconds: 9 });
    expect(shortFindings(await on.compare(template))).toEqual(['changed Queue: changed /DelaySeconds']);
  });

  it('3: UNKNOWN is not clean, and what nothing looks at is counted by name', async () => {
    const custom = `${template}  Mine:\n    Type: Custom::Thing\n`;
    on.aws.world.create('shop', custom);
    on.aws.world.trouble = { unknownRows: new Set(['Queue']), denied: new Set(['GetResource']) };
    const comparison = await on.compare(custom);
    expect(comparison).toMatchObject({ verdict: 'unknown', resources: { declared: 4, inSync: 2 } });
    expect(shortFindings(comparison)).toEqual(['unknown Queue HF1912']);
    expect(comparison.notes?.map(({ message }) => message)).toContainEqual(
      'of 3 resources of the stack shop drift detection checked 1 and the live model 0; neither is possible for Mine (Custom::Thing)',
    );
  });

  it('4: tags of the stack on a type without tags are no drift', async () => {
    on.aws.world.types.set('AWS::SNS::Topic', {
      detects: true,
      schema: { properties: {}, handlers: { read: {} }, tagging: { taggable: false } },
    });
    on.aws.world.create('shop', template, { tags: { team: 'shop' } });
    on.aws.world.trouble.falseRows = new Map([
      [
        'Topic',
        [{ path: '/Tags/0', expected: '{"Key":"team","Value":"shop"}', actual: 'null', type: 'REMOVE' }],
      ],
    ]);
    expect(shortFindings(await on.compare(template, 'tags: {team: shop}\n'))).toEqual([]);
  });

  it('5: create-only and response-only properties that are REMOVEd are no drift', async () => {
    const text = one('AWS::SSM::Association', '{Name: doc, AssociationName: mine}');
    on.aws.world.types.set('AWS::SSM::Association', {
      detects: true,
      schema: { properties: {}, handlers: { read: {} }, createOnlyProperties: ['/properties/Name'] },
    });
    on.aws.world.create('shop', text);
    on.byHand('It', { Name: undefined });
    const comparison = await on.compare(text);
    expect(shortFindings(comparison)).toEqual([]);
    expect(comparison.exempt).toContainEqual(expect.objectContaining({ path: '/Name' }));
  });

  it('6: expected changes are marked by an ignore rule, and listed', async () => {
    on.aws.world.create('shop', template);
    on.byHand('Queue', { DelaySeconds: 9 });
    const { unit, declaration } = stackUnit(
      shopFiles(template),
      {},
      {
        ...defaultSettings,
        ignore: [
          {
            resource: { kind: 'AWS::SQS::Queue', name: 'Queue' },
            paths: ['/DelaySeconds'],
            reason: 'tuned by its owners',
          },
        ],
      },
    );
    const comparison = await on.driver.compare(unit, declaration);
    expect(shortFindings(comparison)).toEqual([]);
    expect(comparison.exempt).toContainEqual(
      expect.objectContaining({ path: '/DelaySeconds', rule: 'tuned by its owners' }),
    );
  });

  it('7: what drift detection cannot see is said to be unseen, not to be well', async () => {
    const text = one(
      'AWS::EC2::LaunchTemplate',
      '{LaunchTemplateData: {ImageId: ami-1}, Note: "{{resolve:ssm:/a:1}}"}',
    );
    on.aws.world.types.set('AWS::EC2::LaunchTemplate', {
      detects: true,
      schema: {
        properties: {},
        handlers: { read: {} },
        writeOnlyProperties: ['/properties/LaunchTemplateData'],
      },
    });
    on.aws.world.create('shop', text);
    const { exempt } = await on.compare(text);
    expect(exempt?.map(({ path, rule }) => `${path} ${rule}`)).toEqual([
      '/LaunchTemplateData write-only: AWS does not tell its live value',
      '/Note unresolved: AWS does not tell its live value',
    ]);
  });

  it('7: tags that were added to a parameter are seen', async () => {
    const text = one('AWS::SSM::Parameter', '{Type: String, Value: x}');
    on.aws.world.create('shop', text);
    on.byHand('It', { Tags: { mine: '1' } });
    expect(shortFindings(await on.compare(text))).toEqual(['undeclared It: added /Tags/mine']);
  });

  it('8: nested stacks are descended, and named by their way down', async () => {
    const parent = `Resources:\n  Network:\n    Type: AWS::CloudFormation::Stack\n    Properties: {TemplateURL: https://s3/net.yaml}\n`;
    on.aws.world.create('shop', parent);
    const child = on.aws.world.create('shop-Network', template);
    on.aws.world.resource('shop', 'Network').physicalId = child.id;
    on.byHand('Queue', { DelaySeconds: 9 }, 'shop-Network');
    const comparison = await on.compare(parent);
    expect(shortFindings(comparison)).toEqual(['changed Network/Queue: changed /DelaySeconds']);
    expect(comparison.findings[0]?.source).toEqual({ file: 'templates/shop.yaml', line: 2 });
    expect((await on.plan(parent)).refused[0]?.message).toMatch(/nested stack is put right by itself/);
  });

  it('9: a phantom of a drift-aware change set is never executed', async () => {
    on.aws.world.create('shop', template);
    on.aws.world.trouble.phantom = 'Topic';
    expect(await on.plan(template)).toMatchObject({ actions: [], refused: [] });
    on.byHand('Queue', { DelaySeconds: 9 });
    expect((await on.plan(template)).refused[0]?.message).toMatch(/^HF1931/);
    expect(on.aws.count('ExecuteChangeSet')).toBe(0);
  });

  it('10: booleans that Git sync writes as texts are no drift', async () => {
    const text = `Parameters: {Dns: {Type: String}}\n${one('AWS::EC2::VPC', '{EnableDnsSupport: !Ref Dns}')}`;
    on.aws.world.create('shop', text, { parameters: { Dns: 'true' } });
    on.byHand('It', { EnableDnsSupport: true });
    expect(shortFindings(await on.compare(text, 'parameters: {Dns: true}\n'))).toEqual([]);
  });

  it('11: a replacement is called out even when its cause is a value that CloudFormation resolved', async () => {
    const text = `Parameters: {Ami: {Type: "AWS::SSM::Parameter::Value<String>", Default: /ami}}\n${one('AWS::EC2::Instance', '{ImageId: !Ref Ami}')}`;
    on.aws.world.types.set('AWS::EC2::Instance', {
      detects: true,
      schema: { properties: {}, handlers: { read: {} }, createOnlyProperties: ['/properties/ImageId'] },
    });
    on.aws.world.create('shop', text);
    const plan = await on.plan(text, 'parameters: {Ami: /other}\n', { allow: ['replacement'] });
    expect(plan.actions).toEqual([
      { action: 'recreate', resource: { type: 'AWS::EC2::Instance', name: 'It' }, paths: ['/ImageId'] },
    ]);
  });

  it('12: more than 100 resources are all looked at', async () => {
    const many = `Resources:\n${Array.from({ length: 230 }, (_, at) => `  T${at}: {Type: AWS::SNS::Topic, Properties: {DisplayName: a${at}}}\n`).join('')}`;
    on.aws.world.create('shop', many);
    on.byHand('T229', { DisplayName: 'x' });
    const comparison = await on.compare(many);
    expect(shortFindings(comparison)).toEqual(['changed T229: changed /DisplayName']);
    expect(comparison.resources).toEqual({ declared: 231, inSync: 230 });
  });

  it('13: after a sync the stack is compared again; nothing is called clean without that', async () => {
    on.aws.world.create('shop', template);
    on.byHand('Topic', { DisplayName: 'x' });
    const { unit, declaration } = stackUnit(shopFiles(template));
    const plan = await on.driver.plan(unit, declaration);
    await on.driver.apply(unit, declaration, plan, {
      onResource: () => undefined,
      signal: new AbortController().signal,
      healthTimeoutMs: 1,
    });
    on.byHand('Topic', { DisplayName: 'x' });
    expect((await on.driver.compare(unit, declaration)).verdict).toBe('drifted');
  });

  it('14: reverting touches what was found alone, not what a sibling manages beside it', async () => {
    on.aws.world.create('shop', template);
    on.byHand('Queue', { DelaySeconds: 9, RedrivePolicy: { by: 'a sibling' } });
    const plan = await on.plan(template);
    expect(plan.actions).toEqual([
      { action: 'change', resource: { type: 'AWS::SQS::Queue', name: 'Queue' }, paths: ['/DelaySeconds'] },
    ]);
  });

  it('16: a policy in another order is no drift', async () => {
    const text = one(
      'AWS::SQS::QueuePolicy',
      '{PolicyDocument: {Statement: [{Effect: Allow, Principal: "*", Action: [a, b], Resource: "*"}]}}',
    );
    on.aws.world.create('shop', text);
    on.byHand('It', {
      PolicyDocument: {
        Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: ['b', 'a'], Resource: ['*'] }],
      },
    });
    expect(shortFindings(await on.compare(text))).toEqual([]);
  });

  it('17: a plan that newer drift has overtaken is not executed', async () => {
    on.aws.world.create('shop', template);
    on.byHand('Topic', { DisplayName: 'x' });
    const { unit, declaration } = stackUnit(shopFiles(template));
    const plan = await on.driver.plan(unit, declaration);
    on.byHand('Queue', { DelaySeconds: 9 });
    const applying = {
      onResource: () => undefined,
      signal: new AbortController().signal,
      healthTimeoutMs: 1,
    };
    await expect(on.driver.apply(unit, declaration, plan, applying)).rejects.toMatchObject({
      code: 'HF1602',
    });
  });

  it('18: secrets are in no finding, plan or message', async () => {
    const text = `Parameters: {Pw: {Type: String, NoEcho: true, Default: hush-hush}}\n${one('AWS::RDS::DBInstance', '{MasterUserPassword: !Ref Pw, Note: plain}')}`;
    on.aws.world.create('shop', text);
    on.byHand('It', { Note: 'see hush-hush', MasterUserPassword: 'hush-hush-2' });
    expect(JSON.stringify([await on.compare(text), await on.plan(text)])).not.toContain('hush');
    const other = text
      .replace('Default: hush-hush', 'Default: hush-again')
      .replace('Note: plain', 'Token: hush-3');
    const comparison = await on.compare(other);
    expect(JSON.stringify(comparison)).not.toContain('hush');
    expect(comparison.findings.flatMap(({ changes = [] }) => changes)).toContainEqual({
      path: '/Template/Parameters/Pw/Default',
      op: 'changed',
      redacted: true,
    });
  });

  it('19: one resource that fails silences no other', async () => {
    on.aws.world.create('shop', template);
    on.byHand('Topic', { DisplayName: 'x' });
    on.aws.world.trouble = { unknownRows: new Set(['Queue']), denied: new Set(['GetResource']) };
    expect(shortFindings(await on.compare(template))).toEqual([
      'unknown Queue HF1912',
      'changed Topic: changed /DisplayName',
    ]);
  });

  it('22: what AWS makes by itself is no drift', async () => {
    on.aws.world.create('shop', template);
    on.byHand('Queue', {
      VisibilityTimeout: 30,
      QueueName: 'shop-Queue-1A2B3C4D5E6F',
      SqsManagedSseEnabled: true,
    });
    expect(shortFindings(await on.compare(template))).toEqual([]);
  });

  it('23: a stack whose rollback failed is never deleted or made anew', async () => {
    on.aws.world.create('shop', template).status = 'UPDATE_ROLLBACK_FAILED';
    on.byHand('Topic', { DisplayName: 'x' });
    await expect(on.plan(template)).rejects.toMatchObject({
      code: 'HF1932',
      message: expect.stringContaining('never made anew'),
    });
    expect(on.aws.count('DeleteStack') + on.aws.count('CreateChangeSet')).toBe(0);
  });
});
