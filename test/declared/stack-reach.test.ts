import { expect, it } from 'vitest';
import type { SourceTree } from '../../src/declared/tree.ts';
import { stackReach } from '../../src/declared/units/stack-reach.ts';

const files: Record<string, string> = {
  'infra-state/shop/deployment.yaml': 'template-file-path: templates/shop.yaml\n',
  'templates/shop.yaml': 'Resources:\n  Net: {Properties: {TemplateURL: ../nested/net.yaml}}\n',
  'nested/net.yaml':
    'Resources:\n  A:\n    Properties:\n      TemplateURL: "./sub.json"\n  B: {Properties: {TemplateURL: https://x/y.yaml}}\n',
  'nested/sub.json': '{"Resources": {"A": {"Properties": {"TemplateURL": "net.yaml"}}}}',
  'nested/other.yaml': '',
};

it('reaches the template of a stack, and those that it nests by paths, in a circle too', async () => {
  const all = Object.entries(files).map(([path, content]) => ({ path, content, size: content.length }));
  const tree: SourceTree = {
    revision: null,
    files: all,
    links: [],
    read: async paths => new Map(paths.map(path => [path, Buffer.from(files[path] ?? '')])),
  };
  const own = all.filter(({ path }) => path.startsWith('infra-state/'));
  const unit = { name: 'shop', driver: 'cloudformation', path: 'infra-state/shop' } as const;
  const reach = await stackReach(tree, unit, { all: own } as unknown as Parameters<typeof stackReach>[2]);
  expect(reach.files.map(({ path }) => path)).toEqual([
    'infra-state/shop/deployment.yaml',
    'nested/net.yaml',
    'nested/sub.json',
    'templates/shop.yaml',
  ]);
});
