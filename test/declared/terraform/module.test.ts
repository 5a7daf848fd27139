import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { declare } from '../../../src/declared/declare.ts';
import { blocksOf } from '../../../src/declared/terraform/blocks.ts';
import { moduleReach } from '../../../src/declared/terraform/module.ts';
import { memoryTree } from '../tree.ts';

const blocks = (file: string, text: string) =>
  blocksOf(file, text).map(({ type, labels, source, from }) =>
    [type, ...labels, `line ${source.line}`, ...(from === undefined ? [] : [`from ${from}`])].join(' '),
  );

describe('the blocks of a file', () => {
  it.each<[string, string, string[]]>([
    [
      'a resource',
      'resource "aws_s3_bucket" "data" {\n  bucket = "x"\n}\n',
      ['resource aws_s3_bucket data line 1'],
    ],
    [
      'a module with a local source',
      'module "net" {\n  source = "./net"\n}',
      ['module net line 1 from ./net'],
    ],
    [
      'a source within an inner block is none',
      'module "net" {\n  providers = {\n    source = "./x"\n  }\n}',
      ['module net line 1'],
    ],
    [
      'a backend within terraform',
      'terraform {\n  backend "s3" {\n  }\n}',
      ['terraform line 1', 'backend s3 line 2'],
    ],
    ['an inner block is none', 'resource "a" "b" {\n  lifecycle {\n  }\n}', ['resource a b line 1']],
    ['comments', '# resource "a" "b" {\n// x {\n/* y {\n*/ output "o" {}', ['output o line 4']],
    [
      'braces in texts',
      'locals {\n  a = "}{"\n}\nresource "a" "b" {}',
      ['locals line 1', 'resource a b line 4'],
    ],
    [
      'texts within interpolation',
      `locals {\n  a = "${'$'}{f("}", { b = "{" })}"\n}\noutput "o" {}`,
      ['locals line 1', 'output o line 4'],
    ],
    [
      'heredocs',
      'locals {\n  a = <<-EOT\n    } "\n    EOT\n}\noutput "o" {}',
      ['locals line 1', 'output o line 6'],
    ],
    [
      'an unended text',
      'output "o" {\n  value = "x\n}\noutput "p" {}',
      ['output o line 1', 'output p line 4'],
    ],
  ])('%s', (_, text, expected) => {
    expect(blocks('main.tf', text)).toEqual(expected);
  });

  it('JSON has them too', () => {
    const text = JSON.stringify(
      {
        terraform: { backend: { s3: { bucket: 'x' } } },
        resource: { aws_s3_bucket: { data: { bucket: 'x' } } },
        module: { net: { source: './net' } },
        output: { o: { value: 1 } },
      },
      null,
      2,
    );
    expect(blocks('main.tf.json', text)).toEqual([
      'backend s3 line 4',
      'resource aws_s3_bucket data line 11',
      'module net line 17 from ./net',
      'output o line 22',
    ]);
  });

  it('whatever a file holds, reading it ends without an error', () => {
    const pieces = fc.constantFrom(
      '"',
      '{',
      '}',
      ['$', '{'].join(''),
      '\\',
      '<<EOT\n',
      'EOT\n',
      '#',
      '/*',
      '*/',
      '\n',
      'a',
      'resource',
      ' ',
      '=',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 60 }), parts => void blocksOf('x.tf', parts.join(''))),
    );
    fc.assert(fc.property(fc.json(), text => void blocksOf('x.tf.json', text)));
  });
});

const reachOf = async (files: Record<string, string>, links: string[] = []) => {
  const { files: reached, findings } = await moduleReach('net', memoryTree(files, links), 'infra-state/net');
  return {
    files: reached.map(({ path }) => path).sort(),
    refused: findings.map(
      ({ message, source }) => `${source?.file}:${source?.line ?? '-'} ${message?.split(' (')[0]}`,
    ),
  };
};

describe('what a root module reads', () => {
  it('is its folder, and that of every local module, directly or not, once', async () => {
    const { files, refused } = await reachOf({
      'infra-state/net/main.tf':
        'module "a" {\n source = "../../modules/a"\n}\nmodule "b" {\n source = "./b"\n}',
      'infra-state/net/b/main.tf': 'module "a" {\n source = "../../../modules/a"\n}',
      'modules/a/main.tf': 'module "me" {\n source = "../a"\n}',
      'modules/a/policy.json': '{}',
      'modules/c/main.tf': '',
    });
    expect(files).toEqual([
      'infra-state/net/b/main.tf',
      'infra-state/net/main.tf',
      'modules/a/main.tf',
      'modules/a/policy.json',
    ]);
    expect(refused).toEqual([]);
  });

  it.each<[string, string, string[], string]>([
    [
      'leaves the repository',
      '../../../elsewhere',
      [],
      'infra-state/net/main.tf:1 HF2009 the module ‘../../../elsewhere’ lies outside of the repository',
    ],
    [
      'goes through a symbolic link',
      '../../modules/a',
      ['modules'],
      'infra-state/net/main.tf:1 HF2009 the module ‘../../modules/a’ is a symbolic link, which is not followed',
    ],
    [
      'is no module',
      '../../docs',
      [],
      'infra-state/net/main.tf:1 HF2009 the module ‘../../docs’ is no folder with configuration',
    ],
  ])('a module that %s is refused', async (_, source, links, expected) => {
    const files = { 'infra-state/net/main.tf': `module "a" {\n source = "${source}"\n}`, 'docs/x.md': '' };
    expect((await reachOf(files, links)).refused).toEqual([expected]);
  });

  it('a symbolic link in its folder is refused', async () => {
    const { refused } = await reachOf({ 'infra-state/net/main.tf': '' }, ['infra-state/net/secrets.tf']);
    expect(refused).toEqual([
      'infra-state/net/secrets.tf:- HF2009 it is a symbolic link, which is not followed',
    ]);
  });

  it('modules of a registry or of Git are left to Terraform', async () => {
    const text =
      'module "a" {\n source = "terraform-aws-modules/vpc/aws"\n}\nmodule "b" {\n source = "git::https://example.com/x.git"\n}';
    expect((await reachOf({ 'infra-state/net/main.tf': text })).refused).toEqual([]);
  });
});

describe('a Terraform unit', () => {
  const files = {
    'infra-state/net/main.tf': 'module "a" {\n source = "../../modules/a"\n}',
    'modules/a/main.tf': '',
    'modules/other/main.tf': '',
  };
  const hashOf = async (changed: Record<string, string>) =>
    (await declare(memoryTree({ ...files, ...changed }))).units[0]?.hash;

  it('is another when a module that it calls is, and the same when another module is', async () => {
    const before = await hashOf({});
    expect(await hashOf({ 'modules/a/main.tf': '# changed' })).not.toBe(before);
    expect(await hashOf({ 'modules/other/main.tf': '# changed' })).toBe(before);
  });

  it('takes settings for its environment before those for all', async () => {
    const settings = [
      'environments: [production, staging]',
      'units:',
      '  - name: net',
      '    driver: terraform',
      '    path: infra-state/net',
      '    schedule: "0 6 * * *"',
      '    terraform: { workspace: all, varFiles: [modules/a/main.tf] }',
      '    overrides: { production: { terraform: { workspace: prod } } }',
    ].join('\n');
    const tree = memoryTree({ ...files, 'holdfast.yaml': settings });
    const { units } = await declare(tree, { environment: 'production' });
    expect(units[0]?.definition).toMatchObject({
      schedule: '0 6 * * *',
      terraform: { workspace: 'prod', varFiles: ['modules/a/main.tf'] },
    });
  });

  it.each([
    ['terraform: { varFiles: [../x] }', /leads out of the repository/],
    ['ansible: { tags: [a] }', /it is for units of the driver ansible/],
    ['terraform: { planRole: admin }', /must be the ARN of a role/],
    ['schedule: hourly', /must be a cron expression/],
  ])('%s is wrong', async (line, message) => {
    const settings = `units:\n  - name: net\n    driver: terraform\n    path: infra-state/net\n    ${line}\n`;
    await expect(declare(memoryTree({ ...files, 'holdfast.yaml': settings }))).rejects.toThrow(message);
  });

  it('says what holdfast.yaml names and is not there', async () => {
    const settings =
      'units:\n  - name: net\n    driver: terraform\n    path: infra-state/net\n    terraform: { varFiles: [prod.tfvars] }\n';
    const { units } = await declare(memoryTree({ ...files, 'holdfast.yaml': settings }));
    expect(units[0]?.findings.map(({ type, message }) => [type, message?.split(' (')[0]])).toEqual([
      ['unknown', 'HF1105 there is no ‘prod.tfvars’ in the repository'],
    ]);
  });
});
