import { describe, expect, it } from 'vitest';
import { declare } from '../../src/declared/declare.ts';
import { configMap, memoryTree } from './tree.ts';

const namespace = (name: string) => `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}}\n`;

async function declaring(units: string, files: Record<string, string> = {}) {
  const { units: declared } = await declare(
    memoryTree({
      'manifests/a/namespace.yaml': namespace('shop'),
      'manifests/a/elsewhere.yaml': configMap('x', '  namespace: kube-system\n'),
      'manifests/b/b.yaml': configMap('b'),
      'holdfast.yaml': `units:\n${units}`,
      ...files,
    }),
  );
  return declared;
}

const unit = (name: string, more = '') =>
  `- {name: ${name}, driver: kubernetes, path: manifests/${name}${more}}\n`;

describe('the namespaces that a unit manages', () => {
  it.each<[string, string, string[] | undefined]>([
    ['are none where nothing is said', unit('a'), undefined],
    [
      'with true are those that it declares, not those it merely has objects in',
      unit('a', ', manages: true'),
      ['shop'],
    ],
    ['with true include its own', unit('a', ', namespace: own, manages: true'), ['own', 'shop']],
    ['are those that are listed', unit('a', ', manages: [z, p]'), ['p', 'z']],
  ])('%s', async (_what, settings, expected) => {
    const [a] = await declaring(settings);
    expect(a?.manages).toEqual(expected);
    expect(a?.findings).toEqual([]);
  });

  it('must be some', async () => {
    const [, b] = await declaring(unit('b', ', manages: true'));
    expect(b?.findings).toMatchObject([
      {
        type: 'invalid',
        code: 'HF1109',
        resource: { type: 'Unit', name: 'b' },
        source: { file: 'holdfast.yaml', line: 2 },
      },
    ]);
  });

  it('belong to one unit, and the other is told so', async () => {
    const [a, b] = await declaring(unit('a', ', manages: true') + unit('b', ', manages: [shop, more]'));
    expect([a?.manages, b?.manages]).toEqual([['shop'], ['more']]);
    expect(b?.findings).toMatchObject([
      { code: 'HF1109', message: expect.stringContaining('the unit a manages') },
    ]);
  });

  it('are no matter of other drivers', async () => {
    const settings = '- {name: a, driver: terraform, path: manifests/a, manages: true}\n';
    await expect(declaring(settings)).rejects.toMatchObject({
      code: 'HF1104',
      message: expect.stringContaining('manages no namespaces'),
      where: { line: 2 },
    });
  });

  it('do not change what is declared', async () => {
    const [without] = await declaring(unit('a'));
    const [with_] = await declaring(unit('a', ', manages: true'));
    expect(with_?.hash).toBe(without?.hash);
  });
});
