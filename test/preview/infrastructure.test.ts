import { describe, expect, it } from 'vitest';
import { previewFiles, renderPreview } from '../../src/preview/files.ts';
import type { Preview } from '../../src/preview/model.ts';
import { previewExitCode } from '../../src/preview/model.ts';
import { outside } from '../report/outside.ts';
import { previewed } from './sample.ts';

const settings = {
  'holdfast.yaml': 'units: [{ name: net, driver: cloudformation, path: infra-state/net }]\n',
  'infra-state/net/net.yaml': 'template-file-path: infra-state/net/template.yaml\nparameters: {}\ntags: {}\n',
};
const stack = (resources: string) => ({
  ...settings,
  'infra-state/net/template.yaml': `Parameters: { Password: { Type: String, NoEcho: true, Default: hunter2hunter2 } }\nResources:\n${resources}`,
});
const database = (name: string, size: number) =>
  `  Data:\n    Type: AWS::RDS::DBInstance\n    Properties: { DBInstanceIdentifier: ${name}, AllocatedStorage: '${size}', MasterUserPassword: !Ref Password }\n`;
const role = (action: string) =>
  `  Role:\n    Type: AWS::IAM::Role\n    Properties: { RoleName: ci, Description: ${action} }\n`;
const topic = (name: string) =>
  `  Topic:\n    Type: AWS::SNS::Topic\n    Properties: { DisplayName: ${name} }\n`;
const bucket = '  Logs:\n    Type: AWS::S3::Bucket\n    Properties: { BucketName: logs }\n';

const lines = ({ resources }: Preview) =>
  resources.map(({ action, resource, risks }) => `${action} ${resource.name}: ${risks.join(', ')}`);
const shown = (preview: Preview): [string, string][] => [
  ...previewFiles(preview, undefined),
  ['text', renderPreview(preview, 'text', { colour: false })],
];

describe('a stack, from its files alone', () => {
  const merged = () =>
    previewed(
      stack(database('shop', 20) + role('read') + topic('a') + bucket),
      stack(database('shop-2', 20) + role('write') + topic('b')),
    );

  it('tells deletions, replacements and access rights first', async () => {
    const found = await merged();
    expect(lines(found)).toEqual([
      'remove Logs: removal, storage',
      'recreate Data: recreation, storage',
      'change Role: access',
      'change Topic: ',
    ]);
    expect(found.resources[1]?.notes).toContain('it holds data, which recreating loses');
    expect(previewExitCode(found)).toBe(0);
  });

  it('is in every output, and the value of a NoEcho parameter in none', async () => {
    for (const [name, text] of shown(await merged())) {
      if (name !== 'annotations.json')
        for (const what of ['AWS::RDS::DBInstance', 'AWS::S3::Bucket', 'shop-2', 'DisplayName'])
          expect(text, name).toContain(what);
      expect(text, name).not.toContain('hunter2');
      if (name.endsWith('.md')) expect(() => outside(text)).not.toThrow();
    }
  });

  it('names its files and lines, for remarks in the pull request', async () => {
    const annotations = JSON.parse(previewFiles(await merged(), undefined).get('annotations.json') ?? '');
    expect(annotations).toMatchObject({
      annotations: [
        { path: 'infra-state/net/template.yaml', title: 'AWS::RDS::DBInstance Data' },
        { path: 'infra-state/net/template.yaml', title: 'AWS::IAM::Role Role' },
      ],
    });
  });

  it('is no deletion of all where the head cannot be read', async () => {
    const found = await previewed(stack(bucket), {
      ...settings,
      'infra-state/net/template.yaml': 'Resources: [\n',
    });
    expect(found.resources).toEqual([]);
    expect(found.failures).toMatchObject([{ source: { file: 'infra-state/net/template.yaml' } }]);
    expect(previewExitCode(found)).toBeGreaterThan(0);
  });
});

it('tells a Terraform module and a playbook by their files', async () => {
  const units = {
    'holdfast.yaml':
      'units: [{ name: dns, driver: terraform, path: infra-state/dns }, { name: hosts, driver: ansible, path: infra-state/hosts, ansible: { playbook: site.yml } }]\n',
  };
  const task = (mode: string) =>
    `- name: Web\n  hosts: all\n  tasks:\n    - name: Motd\n      ansible.builtin.copy: { dest: /etc/motd, content: hi, mode: '${mode}' }\n`;
  const found = await previewed(
    {
      ...units,
      'infra-state/dns/main.tf':
        'resource "aws_iam_role" "ci" { name = "ci" }\nresource "aws_s3_bucket" "b" { bucket = "x" }\n',
      'infra-state/hosts/site.yml': task('0644'),
    },
    {
      ...units,
      'infra-state/dns/main.tf': 'resource "aws_s3_bucket" "b" { bucket = "y" }\n',
      'infra-state/hosts/site.yml': task('0600'),
    },
  );
  const told = lines(found);
  expect(told[0]).toBe('remove aws_iam_role.ci: removal, access');
  expect(told).toContain('change aws_s3_bucket.b: storage');
  expect(found.resources.find(({ unit }) => unit === 'hosts')).toMatchObject({ action: 'change' });
});
