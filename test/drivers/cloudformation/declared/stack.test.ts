import { describe, expect, it } from 'vitest';
import { declare } from '../../../../src/declared/declare.ts';
import { readDeployment } from '../../../../src/drivers/cloudformation/declared/deployment.ts';
import { declaredStack } from '../../../../src/drivers/cloudformation/declared/stack.ts';
import { memoryTree } from '../../../declared/tree.ts';

const template = 'Resources: {Queue: {Type: AWS::SQS::Queue}}';
const read = (text: string) => readDeployment('d.yaml', Buffer.from(text));

describe('a deployment file', () => {
  it('gives parameters and tags as texts', () => {
    expect(
      read('template-file-path: t.yaml\nparameters: {A: 5, B: true, C: [1, x]}\ntags: {t: 7}\n'),
    ).toMatchObject({
      templatePath: 't.yaml',
      parameters: { A: '5', B: 'true', C: '1,x' },
      tags: { t: '7' },
    });
  });

  it.each<[string, string, number, RegExp]>([
    ['without a template', 'parameters: {}\n', 1, /must name the template/],
    ['with another key', 'template-file-path: t\nstack: x\n', 2, /‘stack’/],
    [
      'with a parameter that is a mapping',
      'template-file-path: t\nparameters:\n  A: {b: 1}\n',
      3,
      /parameters.A/,
    ],
    ['that is no YAML', 'a: [', 1, /./],
    ['that is empty', '', 1, /empty/],
  ])('%s is refused with the line', (_, text, line, words) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({
        code: 'HF1903',
        message: expect.stringMatching(words),
        where: { file: 'd.yaml', line },
      }),
    );
  });
});

describe('a stack is declared', () => {
  const unitOf = async (files: Record<string, string>) => {
    const { units } = await declare(memoryTree(files));
    const [unit] = units;
    if (unit === undefined) throw new Error('no unit');
    return { unit, units };
  };
  const environment = { AWS_REGION: 'eu-central-1' };

  it('by the folder that its deployment file is in', async () => {
    const { unit } = await unitOf({
      'infra-state/shop/deployment.yaml': 'template-file-path: /t/shop.yaml\n',
      't/shop.yaml': template,
    });
    expect(unit.definition).toMatchObject({ name: 'shop', driver: 'cloudformation' });
    expect(await declaredStack(unit, environment)).toMatchObject({
      name: 'shop',
      region: 'eu-central-1',
      templatePath: 't/shop.yaml',
    });
  });

  it('by a path that says account, region and name', async () => {
    const files = {
      'infra-state/stacks/111111111111/eu-west-1/Shop.yaml': 'template-file-path: t.yaml\n',
      'infra-state/stacks/111111111111/eu-west-1/other.yaml': 'template-file-path: t.yaml\n',
      't.yaml': template,
    };
    const { units } = await unitOf(files);
    expect(units.map(({ definition }) => definition.name)).toEqual(['other', 'shop']);
    const stacks = await Promise.all(units.map(unit => declaredStack(unit, {})));
    expect(stacks.map(({ name, region, settings }) => [name, region, settings.account])).toEqual([
      ['other', 'eu-west-1', '111111111111'],
      ['Shop', 'eu-west-1', '111111111111'],
    ]);
  });

  it('by holdfast.yaml, for each environment', async () => {
    const files = {
      'holdfast.yaml':
        'environments: [test, prod]\nunits:\n  - name: shop\n    driver: cloudformation\n    path: infra-state/shop\n    cloudformation: {stack: shop, region: eu-west-1}\n    overrides: {prod: {cloudformation: {stack: shop-prod}}}\n',
      'infra-state/shop/deployment.yaml': 'template-file-path: t.yaml\n',
      't.yaml': template,
    };
    const { units } = await declare(memoryTree(files), { environment: 'prod' });
    expect(units[0] && (await declaredStack(units[0], {}))).toMatchObject({
      name: 'shop-prod',
      region: 'eu-west-1',
    });
  });

  it('anew when its template changes, wherever that lies', async () => {
    const files = {
      'infra-state/shop/deployment.yaml': 'template-file-path: t/shop.yaml\n',
      't/shop.yaml': template,
    };
    const before = (await unitOf(files)).unit.hash;
    expect((await unitOf({ ...files, 't/shop.yaml': `${template}\n` })).unit.hash).not.toBe(before);
    expect((await unitOf({ ...files, 'other.txt': 'x' })).unit.hash).toBe(before);
  });

  it.each<[string, Record<string, string>, RegExp]>([
    [
      'a template that is not there',
      { 'infra-state/shop/d.yaml': 'template-file-path: none.yaml\n' },
      /‘none.yaml’ is not in the repository/,
    ],
    [
      'a template outside of the repository',
      { 'infra-state/shop/d.yaml': 'template-file-path: ../../etc/x.yaml\n' },
      /is not in the repository/,
    ],
    [
      'two deployment files',
      {
        'infra-state/shop/a.yaml': 'template-file-path: t.yaml\n',
        'infra-state/shop/b.yaml': 'template-file-path: t.yaml\n',
        't.yaml': template,
      },
      /several deployment files/,
    ],
  ])('never with %s', async (_, files, words) => {
    const { unit } = await unitOf(files);
    await expect(declaredStack(unit, environment)).rejects.toMatchObject({
      code: 'HF1903',
      message: expect.stringMatching(words),
    });
  });

  it('never without a region', async () => {
    const { unit } = await unitOf({
      'infra-state/shop/d.yaml': 'template-file-path: t.yaml\n',
      't.yaml': template,
    });
    await expect(declaredStack(unit, {})).rejects.toMatchObject({
      code: 'HF1903',
      message: expect.stringMatching(/region/),
    });
  });
});
