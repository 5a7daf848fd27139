import { describe, expect, it } from 'vitest';
import type { ResourceChange } from '../../../../src/aws/change-sets.ts';
import {
  beyond,
  deniedByPolicy,
  explained,
  lossOf,
} from '../../../../src/drivers/cloudformation/converge/explained.ts';
import { readTemplate } from '../../../../src/drivers/cloudformation/template/template.ts';
import type { FieldChange, Finding } from '../../../../src/findings/finding.ts';

const { body } = readTemplate(
  Buffer.from(`Parameters: {P: {Type: String}, Q: {Type: String}}
Resources:
  A: {Type: AWS::X::A, Properties: {V: !Ref P}}
  B: {Type: AWS::X::B, Properties: {V: !GetAtt A.Arn}}
  C: {Type: AWS::X::C, Properties: {V: !Sub "\${B}-x"}}
  D: {Type: AWS::X::D, Properties: {V: !Ref Q}}
`),
);
const stack = { type: 'AWS::CloudFormation::Stack', name: 'shop' };
const finding = (
  resource: Finding['resource'],
  paths: string[],
  type: Finding['type'] = 'changed',
): Finding => ({
  unit: 'u',
  type,
  resource,
  changes: paths.map((path): FieldChange => ({ path, op: 'changed' })),
});
const change = (id: string, more: Partial<ResourceChange> = {}): ResourceChange => ({
  Action: 'Modify',
  LogicalResourceId: id,
  ResourceType: 'AWS::X::A',
  Details: [],
  ...more,
});
const allowed = (findings: Finding[], merged: string[] = []) =>
  [
    ...explained(
      findings,
      body,
      merged.map((path): FieldChange => ({ path, op: 'changed' })),
    ).keys(),
  ].sort();

describe('what a change set may change', () => {
  const ofTemplate = finding(stack, ['/Template/Resources/A/Properties/V']);
  it.each<[string, Finding[], string[], string[]]>([
    ['what drifted alone', [finding({ type: 'AWS::X::A', name: 'A' }, ['/V'])], [], ['A']],
    [
      'what the merge changed, and all that refers to it',
      [ofTemplate],
      ['/Template/Resources/A/Properties/V'],
      ['A', 'B', 'C'],
    ],
    ['what refers to a parameter', [finding(stack, ['/Parameters/Q'])], [], ['D', 'Q']],
    ['the tags of all', [finding(stack, ['/Tags/team'])], [], ['A', 'B', 'C', 'D']],
    [
      'everything, when all resources are others',
      [ofTemplate],
      ['/Template/Resources'],
      ['A', 'B', 'C', 'D'],
    ],
    [
      'nothing for other words and outputs',
      [ofTemplate],
      ['/Template/Description', '/Template/Outputs/X'],
      [],
    ],
    ['what a macro made of the merge', [ofTemplate], ['/Template/Resources/D/Properties/V'], ['D']],
    [
      'nothing that a macro changed by itself',
      [finding({ type: 'AWS::X::A', name: 'A' }, ['/V'])],
      ['/Template/Resources/D'],
      ['A'],
    ],
  ])('is %s', (_, findings, merged, expected) => {
    expect(allowed(findings, merged)).toEqual(expected);
  });

  it('is of what drifted only the properties that did', () => {
    const only = explained([finding({ type: 'AWS::X::A', name: 'A' }, ['/V'])], body, []);
    const of = (Path: string) => beyond(change('A', { Details: [{ Target: { Path } }] }), only);
    expect([of('/V'), of('/W')]).toEqual([undefined, 'of it W would change too, which was not found']);
    expect(beyond(change('D'), only)).toMatch(/nothing was found of it/);
  });
});

describe('a loss of data', () => {
  const bucket = { ResourceType: 'AWS::S3::Bucket' };
  it.each<[string, Partial<ResourceChange>, string | undefined]>([
    ['is a deletion', { ...bucket, Action: 'Remove' }, 'deletion'],
    ['is a replacement', { ...bucket, Replacement: 'True' }, 'replacement'],
    ['may be a conditional one', { ...bucket, Replacement: 'Conditional' }, 'replacement'],
    ['is none where it is retained', { ...bucket, Action: 'Remove', PolicyAction: 'Retain' }, undefined],
    [
      'is none where a snapshot is kept',
      { ...bucket, Replacement: 'True', PolicyAction: 'ReplaceAndSnapshot' },
      undefined,
    ],
    ['is none in place', { ...bucket, Replacement: 'False' }, undefined],
    ['is none of what holds nothing', { Action: 'Remove' }, undefined],
  ])('%s', (_, more, expected) => {
    expect(lossOf(change('A', more))).toBe(expected);
  });
});

describe('a stack policy', () => {
  const allow = '{"Effect":"Allow","Action":"Update:*","Principal":"*","Resource":"*"}';
  const policy = (...statements: string[]) => `{"Statement":[${statements.join()}]}`;
  it.each<[string, string | undefined, boolean]>([
    ['that is not there denies nothing', undefined, false],
    ['that allows all denies nothing', policy(allow), false],
    [
      'that denies by name denies',
      policy(allow, '{"Effect":"Deny","Action":"Update:*","Resource":"LogicalResourceId/Queue"}'),
      true,
    ],
    [
      'that denies by pattern denies',
      policy(allow, '{"Effect":"Deny","Action":"Update:Replace","Resource":"LogicalResourceId/Q*e"}'),
      true,
    ],
    [
      'that denies others does not',
      policy(allow, '{"Effect":"Deny","Action":"Update:*","NotResource":"LogicalResourceId/Queue"}'),
      false,
    ],
    ['that allows nothing denies all', policy(), true],
    ['that cannot be read denies all', 'x', true],
  ])('%s', (_, text, denied) => {
    expect(deniedByPolicy(text, 'Queue')).toBe(denied);
  });

  it('is matched in time, whatever its patterns', () => {
    const pattern = `LogicalResourceId/${'a*'.repeat(5000)}b`;
    expect(
      deniedByPolicy(
        policy(`{"Effect":"Allow","Action":"Update:*","Resource":"${pattern}"}`),
        'a'.repeat(255),
      ),
    ).toBe(true);
  });
});
