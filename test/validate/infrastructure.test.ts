import { expect, it } from 'vitest';
import { declare } from '../../src/declared/declare.ts';
import { validateInfrastructure } from '../../src/validate/infrastructure.ts';
import { memoryTree } from '../declared/tree.ts';

const validated = async (files: Record<string, string>) => {
  const [unit] = (await declare(memoryTree(files))).units;
  if (unit === undefined) throw new Error('there is no unit');
  const { verdict, findings, notes } = await validateInfrastructure(unit);
  return { verdict, codes: findings.map(({ code }) => code), notes: notes?.map(({ message }) => message) };
};

it.each<[string, Record<string, string>, string, string[]]>([
  ['a module', { 'infra-state/net/main.tf': '' }, 'in-sync', []],
  [
    'a module that reads what is not there',
    { 'infra-state/net/main.tf': 'module "a" {\n source = "../../../a"\n}' },
    'unknown',
    ['HF2009'],
  ],
  ['a playbook', { 'infra-state/net/site.yml': '- hosts: all\n' }, 'in-sync', []],
  [
    'a playbook that would really run something',
    { 'infra-state/net/site.yml': '- hosts: all\n  check_mode: false\n' },
    'unknown',
    ['HF2106'],
  ],
])('%s', async (_, files, verdict, codes) => {
  expect(await validated(files)).toEqual({
    verdict,
    codes,
    notes: ['what it declares is known by asking live: `holdfast diff --unit net`'],
  });
});
