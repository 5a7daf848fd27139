import { describe, expect, it } from 'vitest';
import type { DeclaredUnit } from '../../../src/declared/declaration.ts';
import type { SourceTree } from '../../../src/declared/tree.ts';
import { wholeBlocks } from '../../../src/drivers/terraform/declared/body.ts';
import { wholeJsonBlocks } from '../../../src/drivers/terraform/declared/json.ts';
import { declaredBlocks } from '../../../src/drivers/terraform/declared/resources.ts';

const bodyOf = (hcl: string) => wholeBlocks(`resource "a" "b" {\n${hcl}\n}`)[0]?.body;

describe('the body of a block', () => {
  it.each<[string, string, unknown]>([
    [
      'texts, numbers and truths',
      'a = "x"\nb = -1.5\nc = true\nd = null',
      { a: 'x', b: -1.5, c: true, d: null },
    ],
    ['escapes', 'a = "x\\ty\\"z"', { a: 'x\ty"z' }],
    [
      'expressions, in one way to write them',
      'a = var.x  ==   1 ? "y" : local.z[0]',
      { a: '${var.x == 1 ? "y" : local.z[0]}' },
    ],
    ['texts with expressions as they stand', 'a = "x-${var.y}-z"', { a: 'x-${var.y}-z' }],
    [
      'lists and maps',
      'a = [1, "b",\n  var.c,\n]\nd = { e = 1, "f" : [2] \n g = { h = 3 } }',
      { a: [1, 'b', '${var.c}'], d: { e: 1, f: [2], g: { h: 3 } } },
    ],
    [
      'loops as they stand',
      'a = [for x in var.y : x if x != ""]',
      { a: '${[for x in var.y : x if x != ""]}' },
    ],
    [
      'inner blocks as lists, labels as keys',
      'ingress { port = 1 }\ningress { port = 2 }\ndynamic "x" { for_each = var.y }',
      { ingress: [{ port: 1 }, { port: 2 }], dynamic: [{ x: { for_each: '${var.y}' } }] },
    ],
    ['heredocs', 'a = <<-E\n    one\n      two\n    E\nb = 1', { a: 'one\n  two\n', b: 1 }],
    ['no comments', '# a = 1\nb = 2 // c = 3\n/* d = 4 */', { b: 2 }],
    [
      'calls over several lines',
      'a = jsonencode({\n  b = 1\n})\nc = 2',
      { a: '${jsonencode({ b = 1 })}', c: 2 },
    ],
  ])('has %s', (_, hcl, expected) => {
    expect(bodyOf(hcl)).toEqual(expected);
  });

  it.each([
    'resource "a" "b" {',
    'resource "a" "b" { x = [ }',
    '}}}}',
    'a = "',
    '<<E',
    '='.repeat(100),
    'x { '.repeat(5000),
    'a '.repeat(200_000),
    '"${'.repeat(100_000),
  ])('is read as far as it goes of %j', hcl => {
    expect(() => wholeBlocks(hcl)).not.toThrow();
  });

  it('has no place for a prototype', () => {
    const body = bodyOf('__proto__ = { polluted = true }\nconstructor = 1');
    expect(Object.getPrototypeOf(body)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

it('reads the same of JSON', () => {
  const json = JSON.stringify({
    resource: { aws_sqs_queue: { jobs: { delay_seconds: 5 } } },
    locals: { a: 1 },
    module: { net: [{ source: './net' }] },
  });
  expect(wholeJsonBlocks(json).map(({ type, labels, body }) => ({ type, labels, body }))).toEqual([
    { type: 'resource', labels: ['aws_sqs_queue', 'jobs'], body: { delay_seconds: 5 } },
    { type: 'locals', labels: [], body: { a: 1 } },
    { type: 'module', labels: ['net'], body: { source: './net' } },
  ]);
  expect(wholeJsonBlocks('{')).toEqual([]);
});

function unitOf(files: Record<string, string>): DeclaredUnit {
  const all = Object.entries(files).map(([path, content]) => ({ path, content, size: content.length }));
  const tree: SourceTree = {
    revision: 'a'.repeat(40),
    files: all.sort((a, b) => (a.path < b.path ? -1 : 1)),
    links: [],
    read: async paths => new Map(paths.map(path => [path, Buffer.from(files[path] ?? '')])),
  };
  return {
    definition: { name: 'net', driver: 'terraform', path: 'infra-state/net' },
    objects: [],
    findings: [],
    sources: { tree, files: tree.files },
    hash: '',
  };
}

describe('what a root module declares, told from its files', () => {
  const files = {
    'infra-state/net/main.tf': `variable "password" {
  type      = string
  sensitive = true
  default   = "geheim"
}
resource "aws_sqs_queue" "jobs" {
  delay_seconds = 5
  lifecycle { prevent_destroy = true }
}
resource "aws_db_instance" "db" { password = "hunter22" }
data "aws_ami" "a" {}
module "inner" { source = "../../modules/inner" }
module "far" { source = "terraform-aws-modules/vpc/aws" }
provider "aws" { alias = "other" }
locals { size = 3 }
moved {
  from = aws_sqs_queue.old
  to   = aws_sqs_queue.jobs
}
`,
    'infra-state/net/terraform.tfvars': 'password = "topsecret"\nsize = 4\n',
    'modules/inner/main.tf':
      'resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }\nmodule "self" { source = "./" }\n',
  };

  it('is each block by its address, with file and line, modules of the repository with what is in them', async () => {
    const { resources } = await declaredBlocks(unitOf(files));
    expect(
      resources.map(
        ({ resource, source }) =>
          `${'type' in resource ? resource.type : ''} ${resource.name} ${source?.line ?? ''}`,
      ),
    ).toEqual([
      'variable var.password 1',
      'aws_sqs_queue aws_sqs_queue.jobs 6',
      'aws_db_instance aws_db_instance.db 10',
      'data aws_ami data.aws_ami.a 11',
      'module module.inner 12',
      'aws_vpc module.inner.aws_vpc.v 1',
      'module module.inner.module.self 2',
      'module module.far 13',
      'provider provider.aws.other 14',
      'local local.size 15',
      'moved moved ${aws_sqs_queue.old} → ${aws_sqs_queue.jobs} 16',
      'variables infra-state/net/terraform.tfvars ',
    ]);
  });

  it('names what is secret: sensitive variables and what is called so', async () => {
    const { resources } = await declaredBlocks(unitOf(files));
    const secret = (name: string) => resources.find(({ resource }) => resource.name === name)?.secret;
    expect(secret('var.password')).toContain('/default');
    expect(secret('aws_db_instance.db')).toEqual(['/password']);
    expect(secret('infra-state/net/terraform.tfvars')).toContain('/password');
  });

  it('ends where modules call one another without end', async () => {
    const many = Array.from({ length: 12 }, (_, at) => [
      `infra-state/net/m${at}/main.tf`,
      `module "a" { source = "../m${at + 1}" }\nmodule "b" { source = "../m${at + 1}" }\n`,
    ]);
    const { notes, resources } = await declaredBlocks(
      unitOf({
        ...Object.fromEntries(many),
        'infra-state/net/main.tf': 'module "m" { source = "./m0" }\n',
        'infra-state/net/m12/main.tf': '',
      }),
    );
    expect(resources.length).toBeLessThan(3000);
    expect(notes?.at(-1)).toMatch(/only the first 500 calls of modules/);
  });
});
