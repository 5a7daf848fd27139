import { describe, expect, it } from 'vitest';
import { reachOf } from '../../../src/declared/kustomize/reach.ts';
import { rootsOf } from '../../../src/declared/kustomize/roots.ts';
import { TreeIndex } from '../../../src/declared/kustomize/tree-index.ts';
import { memoryTree } from '../tree.ts';

/** Kustomizations by folder, each with the folders that it refers to. */
async function roots(folders: Record<string, string[]>, environment?: string) {
  const files = Object.entries(folders).map(([folder, resources]) => [
    `${folder}/kustomization.yaml`,
    JSON.stringify({ namePrefix: 'x-', resources }),
  ]);
  const index = new TreeIndex(memoryTree(Object.fromEntries(files)));
  const inUnit = Object.keys(folders).filter(folder => folder.startsWith('shop'));
  const reaches = await Promise.all(inUnit.map(folder => reachOf(index, folder)));
  const { rendered, choices } = rootsOf(reaches, 'shop', environment);
  return [rendered.map(({ folder }) => folder), choices.map(choice => choice.folders)];
}

const layered = {
  'shop/base': [],
  'shop/overlays/production': ['../../base'],
  'shop/overlays/staging': ['../../base'],
};
const flat = { 'shop/base': [], 'shop/production': ['../base'], 'shop/staging': ['../base'] };
const alone = { 'shop/production': [], 'shop/staging': [] };
const elsewhere = { 'shop/production': ['../../base'], 'shop/staging': ['../../base'], base: [] };

describe('which kustomization of a unit is rendered', () => {
  it.each([
    ['its own', { shop: [] }],
    ['its own, whatever the environment', { shop: ['../base'], base: [] }, 'staging'],
  ])('%s', async (_, folders, environment?: string) => {
    expect(await roots(folders, environment)).toEqual([['shop'], []]);
  });

  it.each([
    ['overlays/ENVIRONMENT', layered, 'shop/overlays/staging'],
    ['ENVIRONMENT', flat, 'shop/staging'],
    ['ENVIRONMENT, without a base', alone, 'shop/staging'],
    ['ENVIRONMENT, with a base elsewhere', elsewhere, 'shop/staging'],
    ['the only overlay', { 'shop/overlays/staging': [] }, 'shop/overlays/staging'],
  ])('that of the environment: %s', async (_, folders, chosen) => {
    expect(await roots(folders, 'staging')).toEqual([[chosen], []]);
  });

  it('all that have nothing to do with another', async () => {
    const folders = { 'shop/web': [], 'shop/monitoring': ['../../lib'], lib: [] };
    const all = [['shop/web', 'shop/monitoring'], []];
    expect(await roots(folders)).toEqual(all);
    expect(await roots(folders, 'staging')).toEqual(all);
  });

  it.each([
    ['no environment is named', layered, undefined],
    ['none is that of the environment', layered, 'test'],
    ['none is that of the environment, in plain folders', flat, 'test'],
    [
      'a base and its only overlay',
      { 'shop/base': [], 'shop/overlays/production': ['../../base'] },
      'staging',
    ],
    ['the only overlay is for another environment', { 'shop/overlays/production': [] }, 'staging'],
    ['several share a base elsewhere', elsewhere, undefined],
  ])('none, when it must be said: %s', async (_, folders, environment) => {
    const inUnit = Object.keys(folders).filter(folder => folder.startsWith('shop/'));
    expect(await roots(folders, environment)).toEqual([[], [inUnit.sort()]]);
  });
});
